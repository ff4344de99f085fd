using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenWatchParty.Plugin.Injection;

/// <summary>
/// Adds our entry to the list of plugins in the web client's config.json; the client then calls
/// `window.OpenWatchPartyPlugin()`, which our script defines, and hands it the player. A file without such a list is
/// left alone: the client has a list of its own for that case, and ours would stand in its place.
/// </summary>
internal static class ConfigRewriter
{
    private const string Entry = "OpenWatchPartyPlugin";
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    // It is a file, not part of a page: '+' and letters of all languages may stand as they are
    private static readonly JsonSerializerOptions Output = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The new file; null with a reason if it is to stay as it is, without one if we are in it already.</summary>
    public static byte[]? Rewrite(ReadOnlySpan<byte> config, out string? problem)
    {
        problem = null;
        try
        {
            var json = config.StartsWith("\uFEFF"u8) ? config[3..] : config;
            var root = JsonNode.Parse(json, documentOptions: Lenient);
            if ((root as JsonObject)?["plugins"] is not JsonArray plugins)
            {
                problem = "Jellyfin's config.json has no list of plugins, so our entry was not added to it.";
                return null;
            }

            if (plugins.Any(plugin => plugin is JsonValue value && value.TryGetValue<string>(out var name) && name == Entry))
            {
                return null;
            }

            plugins.Add((JsonNode)Entry);
            return JsonSerializer.SerializeToUtf8Bytes(root, Output);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            problem = $"Jellyfin's config.json can't be read, so our entry was not added to it: {e.Message}";
            return null;
        }
    }
}
