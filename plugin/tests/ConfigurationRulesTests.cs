namespace OpenWatchParty.Plugin.Tests;

public class ConfigurationRulesTests
{
    public static TheoryData<string, Action<PluginConfiguration>> Impossible => new()
    {
        { "token lifetime", config => config.TokenLifetimeSeconds = 0 },
        { "invite lifetime", config => config.InviteLifetimeSeconds = 59 },
        { "invite lifetime", config => config.InviteLifetimeSeconds = 604_801 },
        { "Connections per user", config => config.ConnectionsPerUserMax = -1 },
        { "Connections in all", config => config.ConnectionsMax = int.MaxValue },
        { "Rooms per user", config => config.RoomsPerUserMax = 0 },
        { "Members per room", config => config.MembersPerRoomMax = 0 },
        { "bitrate", config => config.DefaultBitrate = -5 },
        { "neither embedded", config => config.Mode = (ServerMode)77 },
        { "address", config => config.Mode = ServerMode.Remote },
        { "address", config => (config.Mode, config.RemoteUrl) = (ServerMode.Remote, "https://not.a.socket/") },
        { "address", config => (config.Mode, config.RemoteUrl) = (ServerMode.Remote, "wss://user:pass@host/ws") },
        { "Issuer", config => config.JwtIssuer = string.Empty },
        { "audience", config => config.JwtAudience = "a\nb" },
        { "secret", config => config.JwtSecret = "short" },
        { "secret", config => config.JwtSecret = null! },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void AnImpossibleValueIsNamedAndRepaired(string named, Action<PluginConfiguration> spoil)
    {
        var config = new PluginConfiguration();
        spoil(config);
        Assert.Contains(named, Assert.Single(ConfigurationRules.Problems(config)), StringComparison.OrdinalIgnoreCase);
        var repaired = ConfigurationRules.Repaired(config);
        Assert.DoesNotContain(ConfigurationRules.Problems(repaired), problem => !problem.Contains("address", StringComparison.Ordinal));
    }

    [Fact]
    public void TheDefaultsArePossibleAndGetASecretOfTheirOwn()
    {
        Assert.Empty(ConfigurationRules.Problems(new PluginConfiguration()));
        var one = ConfigurationRules.Repaired(new PluginConfiguration()).JwtSecret;
        Assert.Matches("^[0-9a-f]{64}$", one);
        Assert.NotEqual(one, ConfigurationRules.Repaired(new PluginConfiguration()).JwtSecret);
    }

    [Fact]
    public void RepairingKeepsWhatIsRight()
    {
        var config = new PluginConfiguration
        {
            Mode = ServerMode.Remote,
            RemoteUrl = "wss://party.example.org/ws",
            ServerAsksJellyfin = true,
            JwtSecret = new string('s', 40),
            JwtIssuer = "i",
            JwtAudience = "a",
            TokenLifetimeSeconds = 61,
            InviteLifetimeSeconds = 62,
            ConnectionsPerUserMax = 2,
            ConnectionsMax = 3,
            RoomsPerUserMax = 4,
            MembersPerRoomMax = 5,
            DefaultBitrate = 6,
            PreferDirectPlay = false,
            InjectScript = false,
        };
        Assert.Equivalent(config, ConfigurationRules.Repaired(config), strict: true);
    }
}
