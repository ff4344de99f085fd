using System.Security.Cryptography;

namespace OpenWatchParty.Plugin;

/// <summary>
/// Which configurations are possible. From the dashboard a wrong value is refused with a sentence; in a file that
/// somebody edited it is replaced by the default, and the status page says so.
/// </summary>
internal static class ConfigurationRules
{
    /// <summary>HS256 wants a key as long as its hash (RFC 7518, 3.2): 32 bytes.</summary>
    public const int SecretLengthMin = 32;
    private const int TextLengthMax = 2048;

    private sealed record Range(string Name, int Min, int Max, Func<PluginConfiguration, int> Get, Action<PluginConfiguration, int> Set);

    private static readonly PluginConfiguration Defaults = new();

    private static readonly Range[] Ranges =
    [
        new("The token lifetime", 60, 86_400, c => c.TokenLifetimeSeconds, (c, v) => c.TokenLifetimeSeconds = v),
        new("The invite lifetime", 60, 604_800, c => c.InviteLifetimeSeconds, (c, v) => c.InviteLifetimeSeconds = v),
        new("Connections per user", 1, 100, c => c.ConnectionsPerUserMax, (c, v) => c.ConnectionsPerUserMax = v),
        new("Connections in all", 1, 10_000, c => c.ConnectionsMax, (c, v) => c.ConnectionsMax = v),
        new("Rooms per user", 1, 1000, c => c.RoomsPerUserMax, (c, v) => c.RoomsPerUserMax = v),
        new("Members per room", 1, 1000, c => c.MembersPerRoomMax, (c, v) => c.MembersPerRoomMax = v),
        new("The default bitrate", 0, 1_000_000_000, c => c.DefaultBitrate, (c, v) => c.DefaultBitrate = v),
    ];

    /// <summary>What is wrong, each a sentence for the administrator; empty if nothing is.</summary>
    public static IReadOnlyList<string> Problems(PluginConfiguration config)
    {
        List<string> problems = [];
        foreach (var range in Ranges)
        {
            var value = range.Get(config);
            if (value < range.Min || value > range.Max)
            {
                problems.Add($"{range.Name} has to be from {range.Min} to {range.Max}; it is {value}.");
            }
        }

        if (!Enum.IsDefined(config.Mode))
        {
            problems.Add("The server is neither embedded, nor remote, nor off.");
        }

        if (config.Mode == ServerMode.Remote && !IsWebSocketUrl(config.RemoteUrl))
        {
            problems.Add("The remote server's address has to look like wss://party.example.org/ws.");
        }

        if (!IsText(config.JwtIssuer) || !IsText(config.JwtAudience))
        {
            problems.Add("Issuer and audience of tokens need a text of up to 2048 characters.");
        }

        if (config.JwtSecret is not { Length: 0 or (>= SecretLengthMin and <= TextLengthMax) })
        {
            problems.Add($"The secret needs {SecretLengthMin} characters or more; leave it empty to have one made.");
        }

        return problems;
    }

    /// <summary>A configuration to work with: each impossible value replaced by the default, a missing secret made.</summary>
    public static PluginConfiguration Repaired(PluginConfiguration config)
    {
        var repaired = new PluginConfiguration
        {
            Mode = Enum.IsDefined(config.Mode) ? config.Mode : ServerMode.Off,
            RemoteUrl = IsWebSocketUrl(config.RemoteUrl) ? config.RemoteUrl : string.Empty,
            ServerAsksJellyfin = config.ServerAsksJellyfin,
            JwtSecret = config.JwtSecret is { Length: >= SecretLengthMin and <= TextLengthMax } ? config.JwtSecret : NewSecret(),
            JwtIssuer = IsText(config.JwtIssuer) ? config.JwtIssuer : Defaults.JwtIssuer,
            JwtAudience = IsText(config.JwtAudience) ? config.JwtAudience : Defaults.JwtAudience,
            PreferDirectPlay = config.PreferDirectPlay,
            InjectScript = config.InjectScript,
        };
        foreach (var range in Ranges)
        {
            var value = range.Get(config);
            range.Set(repaired, value >= range.Min && value <= range.Max ? value : range.Get(Defaults));
        }

        return repaired;
    }

    /// <summary>64 hexadecimal digits that nobody can guess.</summary>
    public static string NewSecret() => Convert.ToHexString(RandomNumberGenerator.GetBytes(32)).ToLowerInvariant();

    private static bool IsText(string? text) => text is { Length: > 0 and <= TextLengthMax } && !text.Any(char.IsControl);

    private static bool IsWebSocketUrl(string? text)
        => text is { Length: <= TextLengthMax } && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.Scheme is "ws" or "wss" && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0;
}
