using System.Diagnostics;

namespace OpenWatchParty.Plugin.Tests.Pipeline;

/// <summary>An owp-server elsewhere, as it is built, for pages of http://jellyfin.example; ended when disposed.</summary>
internal sealed class RemoteServer : IDisposable
{
    private readonly Process _process;

    private RemoteServer(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Of its WebSocket.</summary>
    public string Address { get; }

    /// <summary>With this secret, or asking this Jellyfin, or letting everybody in.</summary>
    public static async Task<RemoteServer> StartAsync(string? secret, Uri? jellyfin = null)
    {
        var start = new ProcessStartInfo(Installation.BuiltServer!, ["serve", "--port", "0", "--watch-page", "off", "--allowed-origins", "http://jellyfin.example"]) { RedirectStandardOutput = true };
        start.Environment.Clear();
        if (secret is not null)
        {
            start.Environment["JWT_SECRET"] = secret;
        }

        if (jellyfin is not null)
        {
            start.Environment["OWP_JELLYFIN_URL"] = jellyfin.AbsoluteUri.TrimEnd('/');
        }

        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("Listening on http", StringComparison.Ordinal))
            {
                return new RemoteServer(process, line["Listening on ".Length..].Replace("http", "ws", StringComparison.Ordinal).TrimEnd('/') + "/ws");
            }
        }

        throw new InvalidOperationException("The server ended.");
    }

    /// <summary>Asking this Jellyfin, which has answered before: its first answer may take longer than the server waits.</summary>
    public static async Task<RemoteServer> AskingAsync(Installation jellyfin)
    {
        using var first = await jellyfin.AskAsync("Users/Me", "token-ben");
        return await StartAsync(null, jellyfin.Http.BaseAddress);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
