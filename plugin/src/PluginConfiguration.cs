using MediaBrowser.Model.Plugins;

namespace OpenWatchParty.Plugin;

/// <summary>Which server the parties are on.</summary>
public enum ServerMode
{
    /// <summary>The one in the plugin, started and watched by it.</summary>
    Embedded,

    /// <summary>One elsewhere, by <see cref="PluginConfiguration.RemoteUrl"/>.</summary>
    Remote,

    /// <summary>None: no parties, and nothing is added to Jellyfin's pages.</summary>
    Off,
}

/// <summary>
/// What the administrator sets, kept by Jellyfin as XML. Anything may stand in that file: nobody uses these values
/// before <see cref="ConfigurationRules"/> has looked at them.
/// </summary>
public sealed class PluginConfiguration : BasePluginConfiguration
{
    /// <summary>Which server the parties are on.</summary>
    public ServerMode Mode { get; set; } = ServerMode.Embedded;

    /// <summary>The remote server's WebSocket, such as wss://party.example.org/ws.</summary>
    public string RemoteUrl { get; set; } = string.Empty;

    /// <summary>Whether the remote server asks Jellyfin who somebody is, by that user's own token; nothing is signed then.</summary>
    public bool ServerAsksJellyfin { get; set; }

    /// <summary>Shared with the remote server, to sign tokens. Made when it is empty; never logged, never in a page.</summary>
    public string JwtSecret { get; set; } = string.Empty;

    /// <summary>The tokens' `iss`.</summary>
    public string JwtIssuer { get; set; } = "Jellyfin";

    /// <summary>The tokens' `aud`.</summary>
    public string JwtAudience { get; set; } = "OpenWatchParty";

    /// <summary>How long a token is good for.</summary>
    public int TokenLifetimeSeconds { get; set; } = 3600;

    /// <summary>How long an invite opens a private party on the server in the plugin.</summary>
    public int InviteLifetimeSeconds { get; set; } = 86_400;

    /// <summary>WebSockets that one user may have open: a few devices with a few tabs.</summary>
    public int ConnectionsPerUserMax { get; set; } = 10;

    /// <summary>WebSockets that all users together may have open.</summary>
    public int ConnectionsMax { get; set; } = 500;

    /// <summary>Rooms that one user may have open on the server in the plugin.</summary>
    public int RoomsPerUserMax { get; set; } = 3;

    /// <summary>Members of one room on the server in the plugin.</summary>
    public int MembersPerRoomMax { get; set; } = 20;

    /// <summary>Bits a second that players ask for in a party; 0 leaves it to each user.</summary>
    public int DefaultBitrate { get; set; }

    /// <summary>Whether players prefer the file as it is to a conversion.</summary>
    public bool PreferDirectPlay { get; set; } = true;

    /// <summary>Whether our script is added to Jellyfin's web page.</summary>
    public bool InjectScript { get; set; } = true;
}
