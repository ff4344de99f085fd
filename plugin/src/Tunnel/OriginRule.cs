using Microsoft.AspNetCore.Http;

namespace OpenWatchParty.Plugin.Tunnel;

/// <summary>
/// Only Jellyfin's own page may open our WebSocket (RFC 6455, 10.2). A program that is no browser sends no Origin and
/// has to bring its token as everybody has.
/// </summary>
internal static class OriginRule
{
    /// <summary>
    /// Whether a page of this origin belongs to this host. The scheme is not compared, as TLS may end at a proxy; nor
    /// is a port that the proxy left out of Host, as Jellyfin's nginx guide has it.
    /// </summary>
    public static bool Allows(string origin, HostString host)
        => origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var page)
                && page.Scheme is "http" or "https"
                && string.Equals(page.IdnHost.Trim('[', ']'), host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
                && (host.Port is null || host.Port == page.Port));
}
