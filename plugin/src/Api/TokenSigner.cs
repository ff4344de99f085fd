using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OpenWatchParty.Plugin.Api;

/// <summary>
/// Signs the token that a remote server believes: a JWT (RFC 7519) by HS256 over the shared secret, with the claims
/// that the wire knows: sub, name, aud, iss, iat, exp, jti.
/// </summary>
internal static class TokenSigner
{
    /// <summary>A token for this user from this moment.</summary>
    public static string Sign(PluginConfiguration config, string userId, string userName, DateTimeOffset now)
    {
        var issued = now.ToUnixTimeSeconds();
        var header = Encode(JsonSerializer.SerializeToUtf8Bytes(new { alg = "HS256", typ = "JWT" }));
        var claims = Encode(JsonSerializer.SerializeToUtf8Bytes(new
        {
            sub = userId,
            name = userName,
            aud = config.JwtAudience,
            iss = config.JwtIssuer,
            iat = issued,
            exp = issued + config.TokenLifetimeSeconds,
            jti = Guid.NewGuid().ToString(),
        }));
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(config.JwtSecret), Encoding.ASCII.GetBytes($"{header}.{claims}"));
        return $"{header}.{claims}.{Encode(signature)}";
    }

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
