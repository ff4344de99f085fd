using System.Net;
using Microsoft.AspNetCore.Http;
using OpenWatchParty.Plugin.Tunnel;

namespace OpenWatchParty.Plugin.Tests.Tunnel;

public class ForwardedTests
{
    [Theory]
    [InlineData("203.0.113.9", "198.51.100.1", "", "203.0.113.9")] // nobody is known: nothing is believed
    [InlineData("10.0.0.1", "198.51.100.1", "10.0.0.1", "198.51.100.1")]
    [InlineData("10.0.0.1", "6.6.6.6, 198.51.100.1", "10.0.0.1", "198.51.100.1")] // the client may have written the rest
    [InlineData("10.0.0.1", "198.51.100.1, 10.0.0.2", "10.0.0.0/8", "198.51.100.1")]
    [InlineData("10.0.0.1", "198.51.100.1:4711", "10.0.0.1", "198.51.100.1")]
    [InlineData("10.0.0.1", "[2001:db8::1]:4711", "10.0.0.1", "2001:db8::1")]
    [InlineData("10.0.0.1", "garbage", "10.0.0.1", "10.0.0.1")]
    [InlineData("::ffff:10.0.0.1", "198.51.100.1", "10.0.0.1", "198.51.100.1")]
    public void BelievesKnownProxiesOnly(string from, string header, string known, string expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(from);
        context.Request.Headers["X-Forwarded-For"] = header;
        Assert.Equal(IPAddress.Parse(expected), Forwarded.Client(context, known.Length == 0 ? [] : [known]));
    }

    [Theory]
    [InlineData("10.0.0.1", "media.example")]
    [InlineData("203.0.113.9", "inner:8096")]
    public void TakesTheHostFromKnownProxiesOnly(string from, string expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(from);
        context.Request.Host = new HostString("inner:8096");
        context.Request.Headers["X-Forwarded-Host"] = "media.example";
        Assert.Equal(expected, Forwarded.Host(context, ["10.0.0.1"]).Value);
    }
}
