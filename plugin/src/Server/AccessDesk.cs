using System.Globalization;
using System.Text.Json;
using MediaBrowser.Controller.Entities;
using MediaBrowser.Controller.Library;
using Microsoft.Extensions.Logging;

namespace OpenWatchParty.Plugin.Server;

/// <summary>
/// Answers the server's question whether a user may see a title, by Jellyfin's own rules: library, rating, tags, leave to play.
///
///     {"ask":"access","id":17,"user":"…","media":"…"}  →  {"answer":"access","id":17,"allowed":true}
///
/// What can't be found out is a no.
/// </summary>
internal sealed partial class AccessDesk
{
    private readonly ILibraryManager _library;
    private readonly JellyfinUsers _users;
    private readonly ILogger<AccessDesk> _logger;

    public AccessDesk(ILibraryManager library, IUserManager users, ILogger<AccessDesk> logger)
    {
        _library = library;
        _users = new JellyfinUsers(users);
        _logger = logger;
    }

    /// <summary>The answer to a line; null to one that is no question of ours.</summary>
    public string? Answer(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var question = json.RootElement;
            if (question.GetProperty("ask").GetString() != "access")
            {
                return null;
            }

            var id = question.GetProperty("id").GetUInt64();
            var allowed = MaySee(question.GetProperty("user").GetString(), question.GetProperty("media").GetString());
            return string.Create(CultureInfo.InvariantCulture, $"{{\"answer\":\"access\",\"id\":{id},\"allowed\":{(allowed ? "true" : "false")}}}");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private bool MaySee(string? user, string? media)
    {
        // Jellyfin takes an empty user for one who sees everything
        if (!Guid.TryParse(user, out var userId) || userId == Guid.Empty || !Guid.TryParse(media, out var itemId) || itemId == Guid.Empty)
        {
            return false;
        }

        try
        {
            // To one who is gone, Jellyfin's library shows everything
            return _users.MayPlay(userId) && _library.GetItemById<BaseItem>(itemId, userId) is not null;
        }
        catch (Exception e)
        {
            // Whatever Jellyfin's library throws, it is no yes
            LogFailed(e);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Jellyfin could not say whether a user may see a title, so it counts as no")]
    private partial void LogFailed(Exception e);
}
