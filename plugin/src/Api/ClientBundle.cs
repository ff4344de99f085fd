using System.Security.Cryptography;

namespace OpenWatchParty.Plugin.Api;

/// <summary>
/// The script that runs in Jellyfin's page, `web/owp-jellyfin.js` beside our assembly: read once, named by its hash, so
/// that a browser may keep a version for ever and still never shows an old one.
/// </summary>
public sealed class ClientBundle
{
    private ClientBundle(byte[] content, string? problem)
    {
        Content = content;
        Problem = problem;
        Version = Convert.ToHexString(SHA256.HashData(content))[..16].ToLowerInvariant();
    }

    /// <summary>The script; empty if it could not be read.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>16 hexadecimal digits of its SHA-256.</summary>
    public string Version { get; }

    /// <summary>Why there is no script, as a sentence; null if there is one.</summary>
    public string? Problem { get; }

    internal static ClientBundle Load(string pluginFolder)
    {
        var path = Path.Combine(pluginFolder, "web", "owp-jellyfin.js");
        try
        {
            return new ClientBundle(File.ReadAllBytes(path), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ClientBundle([], $"The script for the browser can't be read, so nothing is added to Jellyfin's pages: {e.Message}");
        }
    }
}
