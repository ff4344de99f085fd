using Microsoft.AspNetCore.Http;
using OpenWatchParty.Plugin.Tunnel;

namespace OpenWatchParty.Plugin.Tests.Tunnel;

public class OriginRuleTests
{
    [Theory]
    [InlineData("https://media.example", "media.example", true)]
    [InlineData("https://MEDIA.example:8443", "media.example:8443", true)]
    [InlineData("https://media.example:8443", "media.example", true)] // a proxy that passes on the name only
    [InlineData("http://[::1]:8096", "[::1]:8096", true)]
    [InlineData("", "media.example", true)] // no browser
    [InlineData("https://media.example:8443", "media.example:443", false)]
    [InlineData("https://evil.example", "media.example", false)]
    [InlineData("https://media.example.evil.example", "media.example", false)]
    [InlineData("null", "media.example", false)]
    [InlineData("file://media.example", "media.example", false)]
    [InlineData("https://", "media.example", false)]
    public void AllowsJellyfinsOwnPageOnly(string origin, string host, bool allowed)
        => Assert.Equal(allowed, OriginRule.Allows(origin, new HostString(host)));
}
