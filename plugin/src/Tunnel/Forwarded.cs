using System.Net;
using MediaBrowser.Common.Net;
using Microsoft.AspNetCore.Http;

namespace OpenWatchParty.Plugin.Tunnel;

/// <summary>
/// Who asks, and by which name, when proxies stand between: what they say counts only if the administrator named them
/// among Jellyfin's known proxies, as Jellyfin itself has it. We come before Jellyfin's own reading of these headers.
/// </summary>
internal static class Forwarded
{
    /// <summary>The client's address: the last in X-Forwarded-For that is no known proxy.</summary>
    public static IPAddress? Client(HttpContext context, IReadOnlyCollection<string> knownProxies)
    {
        var address = Plain(context.Connection.RemoteIpAddress);
        string?[] chain = [.. context.Request.Headers["X-Forwarded-For"].SelectMany(value => (value ?? string.Empty).Split(','))];
        for (var i = chain.Length - 1; i >= 0 && IsKnown(address, knownProxies); --i)
        {
            if (!IPAddress.TryParse(WithoutPort(chain[i]!.Trim()), out var before))
            {
                break;
            }

            address = Plain(before);
        }

        return address;
    }

    /// <summary>The host as the browser named it, with its port if it was named.</summary>
    public static HostString Host(HttpContext context, IReadOnlyCollection<string> knownProxies)
        => IsKnown(Plain(context.Connection.RemoteIpAddress), knownProxies)
            && context.Request.Headers["X-Forwarded-Host"].ToString().Split(',')[0].Trim() is { Length: > 0 } forwarded
            ? new HostString(forwarded)
            : context.Request.Host;

    private static bool IsKnown(IPAddress? address, IReadOnlyCollection<string> knownProxies)
        => address is not null && knownProxies.Any(known => Covers(known.Trim(), address));

    private static bool Covers(string known, IPAddress address)
        => IPAddress.TryParse(known, out var one) ? Plain(one)!.Equals(address)
            : IPNetwork.TryParse(known, out var network) && network.Contains(address);

    private static string WithoutPort(string text)
        => text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is > 0 and var end ? text[1..end]
            : text.Count(c => c == ':') == 1 ? text[..text.IndexOf(':', StringComparison.Ordinal)] : text;

    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
