using System.Security.Claims;

namespace OpenWatchParty.Plugin.Api;

/// <summary>The person behind a request that Jellyfin authenticated.</summary>
internal sealed record Caller(string UserId, string Name)
{
    private const string NameIfNone = "Anonymous";

    /// <summary>Null for an API key: it has an administrator's rights but is nobody, and nobody can't join a party.</summary>
    public static Caller? From(ClaimsPrincipal principal)
    {
        var key = principal.FindFirstValue("Jellyfin-IsApiKey");
        return string.Equals(key, "True", StringComparison.OrdinalIgnoreCase)
            || !Guid.TryParse(principal.FindFirstValue("Jellyfin-UserId"), out var id) || id == Guid.Empty
            ? null
            : new Caller(id.ToString("N"), principal.FindFirstValue(ClaimTypes.Name) is { Length: > 0 } name ? name : NameIfNone);
    }
}
