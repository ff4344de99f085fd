using System.Globalization;

namespace OpenWatchParty.Plugin.Server;

/// <summary>How the server in the plugin is started.</summary>
internal static class ServerFlags
{
    /// <summary>The arguments, but for the socket; the secret is none of them, it goes over standard input.</summary>
    public static IReadOnlyList<string> For(PluginConfiguration config) =>
    [
        "serve", "--embedded", "--watch-page", "off", "--log-format", "json",
        "--rooms-per-user", config.RoomsPerUserMax.ToString(CultureInfo.InvariantCulture),
        "--members-per-room", config.MembersPerRoomMax.ToString(CultureInfo.InvariantCulture),
        "--invite-lifetime", config.InviteLifetimeSeconds.ToString(CultureInfo.InvariantCulture) + "s",
    ];
}
