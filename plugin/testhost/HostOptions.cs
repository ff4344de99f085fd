using System.Security.Cryptography.X509Certificates;

namespace OpenWatchParty.TestHost;

/// <summary>Which Jellyfin is stood in for, and where its things lie.</summary>
public sealed record HostOptions
{
    /// <summary>10.10, 10.11 or 12.</summary>
    public string Line { get; init; } = "10.11";

    /// <summary>The base URL, such as /jelly; empty for none.</summary>
    public string BaseUrl { get; init; } = string.Empty;

    /// <summary>The loopback port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Its data: plugins/, plugins/configurations/, cache/.</summary>
    public required string Data { get; init; }

    /// <summary>With one it listens by HTTPS, and so by HTTP/2 too.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>A built web client, or a page of the same shape.</summary>
    public required string Web { get; init; }

    /// <summary>The file that every title plays.</summary>
    public string? Media { get; init; }

    /// <summary>Proxies whose forwarded headers are believed.</summary>
    public string[] KnownProxies { get; init; } = [];

    /// <summary>Where the log goes besides the console; tests read it.</summary>
    public ILoggerProvider? Log { get; init; }

    /// <summary>Services that a test puts in the place of the plugin's, after it has registered its own.</summary>
    public Action<IServiceCollection>? Replace { get; init; }

    /// <summary>More filters, before or after the plugin's own: other plugins that change pages.</summary>
    public Action<IServiceCollection, bool>? Neighbours { get; init; }
}
