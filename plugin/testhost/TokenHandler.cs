using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace OpenWatchParty.TestHost;

/// <summary>Which tokens count, and where they may stand, in each line of Jellyfin; the claims are Jellyfin's.</summary>
public sealed partial class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Fixture fixture, HostOptions host)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <inheritdoc />
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var token = Token();
        if (token is null)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var isKey = token == Fixture.ApiKey;
        var person = fixture.ByToken(token);
        if (person is null && !isKey)
        {
            return Task.FromResult(AuthenticateResult.Fail("Invalid token"));
        }

        Claim[] claims =
        [
            new(ClaimTypes.Name, person?.Name ?? string.Empty),
            new(ClaimTypes.Role, isKey || person!.IsAdministrator ? "Administrator" : "User"),
            new("Jellyfin-UserId", person?.Id ?? Guid.Empty.ToString("N")),
            new("Jellyfin-Token", token),
            new("Jellyfin-IsApiKey", isKey ? "True" : "False"),
        ];
        var principal = new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme.Name));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name)));
    }

    private string? Token()
    {
        var authorization = Request.Headers.Authorization.ToString();
        var legacy = host.Line != "12";
        if (authorization.StartsWith("MediaBrowser ", StringComparison.Ordinal) || (legacy && authorization.StartsWith("Emby ", StringComparison.Ordinal)))
        {
            return TokenPart().Match(authorization) is { Success: true } match ? match.Groups[1].Value : null;
        }

        string?[] carriers = legacy
            ? [Request.Query["ApiKey"], Request.Query["api_key"], Request.Headers["X-Emby-Token"], Request.Headers["X-MediaBrowser-Token"]]
            : [Request.Query["ApiKey"]];
        return carriers.FirstOrDefault(carrier => !string.IsNullOrEmpty(carrier));
    }

    [GeneratedRegex("Token=\"?([^\",]+)\"?")]
    private static partial Regex TokenPart();
}
