using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace OpenWatchParty.Plugin.Tests.Pipeline;

/// <summary>The test button, against real owp-servers and against what is none.</summary>
public class RemoteTestTests
{
    private const string Secret = "a secret of this test, of 32 and more bytes";

    [Fact]
    public async Task NothingThereNamesTheNetwork()
        => Assert.Equal("network", await SideAsync($"ws://127.0.0.1:{FreePort()}/ws"));

    [Fact]
    public async Task AnUnknownNameNamesTheAddress()
        => Assert.Equal("plugin", await SideAsync("wss://no-such-host.invalid/ws"));

    [Fact]
    public async Task AnotherProgramThereNamesTheServer()
    {
        using var listener = new HttpListener();
        var port = FreePort();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        var answering = AnswerAsync(listener);
        Assert.Equal("server", await SideAsync($"ws://127.0.0.1:{port}/ws"));
        listener.Stop();
        await answering;
    }

    [BuiltServerFact]
    public async Task AServerWithTheSameSecretIsWell()
    {
        using var server = await Server.StartAsync(Secret);
        Assert.Equal("none", await SideAsync(server.Address, origin: "http://jellyfin.example"));
    }

    [BuiltServerFact]
    public async Task AnotherSecretNoSecretOrAnotherPageNamesTheServer()
    {
        using var other = await Server.StartAsync("another secret, also of 32 and more bytes");
        Assert.Contains("JWT_SECRET", await MessageAsync(other.Address, "http://jellyfin.example"), StringComparison.Ordinal);
        using var open = await Server.StartAsync(null);
        Assert.Contains("lets everybody in", await MessageAsync(open.Address, "http://jellyfin.example"), StringComparison.Ordinal);
        using var strict = await Server.StartAsync(Secret);
        Assert.Contains("ALLOWED_ORIGINS", await MessageAsync(strict.Address, "http://elsewhere.example"), StringComparison.Ordinal);
    }

    private static async Task<string?> SideAsync(string address, string origin = "http://jellyfin.example")
        => (string?)(await TestAsync(address, origin))["side"];

    private static async Task<string> MessageAsync(string address, string origin)
    {
        var result = await TestAsync(address, origin);
        Assert.Equal((false, "server"), ((bool)result["ok"]!, (string?)result["side"]));
        return (string)result["message"]!;
    }

    private static async Task<JsonNode> TestAsync(string address, string origin)
    {
        await using var jellyfin = await Installation.StartAsync();
        using var saved = await InjectionTests.SaveAsync(jellyfin, $$"""{"Mode":"Remote","RemoteUrl":"{{address}}","JwtSecret":"{{Secret}}"}""");
        Assert.Equal(HttpStatusCode.NoContent, saved.StatusCode);
        using var answer = await jellyfin.AskAsync("OpenWatchParty/Test", "token-ada", HttpMethod.Post, ("Origin", origin));
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private static async Task AnswerAsync(HttpListener listener)
    {
        try
        {
            for (; ; )
            {
                var context = await listener.GetContextAsync();
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes("[]"));
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Server : IDisposable
    {
        private readonly Process _process;

        private Server(Process process, string address)
        {
            _process = process;
            Address = address;
        }

        public string Address { get; }

        public static async Task<Server> StartAsync(string? secret)
        {
            var start = new ProcessStartInfo(Installation.BuiltServer!, ["serve", "--port", "0", "--watch-page", "off", "--allowed-origins", "http://jellyfin.example"]) { RedirectStandardOutput = true };
            start.Environment.Clear();
            if (secret is not null)
            {
                start.Environment["JWT_SECRET"] = secret;
            }

            var process = Process.Start(start)!;
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("Listening on http", StringComparison.Ordinal))
                {
                    return new Server(process, line["Listening on ".Length..].Replace("http", "ws", StringComparison.Ordinal).TrimEnd('/') + "/ws");
                }
            }

            throw new InvalidOperationException("The server ended.");
        }

        public void Dispose()
        {
            _process.Kill();
            _process.Dispose();
        }
    }
}
