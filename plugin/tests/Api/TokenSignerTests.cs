using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OpenWatchParty.Plugin.Api;

namespace OpenWatchParty.Plugin.Tests.Api;

public class TokenSignerTests
{
    [Fact]
    public void SignsWhatTheServerChecks()
    {
        var config = new PluginConfiguration { JwtSecret = new string('k', 32), TokenLifetimeSeconds = 600 };
        var parts = TokenSigner.Sign(config, "id", "Ada \"é\"", DateTimeOffset.FromUnixTimeSeconds(1000)).Split('.');
        Assert.Equal(3, parts.Length);
        var claims = JsonNode.Parse(Decode(parts[1]))!;
        Assert.Equal("HS256", (string?)JsonNode.Parse(Decode(parts[0]))!["alg"]);
        Assert.Equal(("id", "Ada \"é\"", "Jellyfin", "OpenWatchParty"), ((string?)claims["sub"], (string?)claims["name"], (string?)claims["iss"], (string?)claims["aud"]));
        Assert.Equal((1000, 1600), ((int)claims["iat"]!, (int)claims["exp"]!));
        Assert.NotEqual(string.Empty, (string?)claims["jti"] ?? string.Empty);
        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(config.JwtSecret));
        Assert.Equal(hmac.ComputeHash(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}")), Decode(parts[2]));
    }

    private static byte[] Decode(string text)
        => Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '='));
}
