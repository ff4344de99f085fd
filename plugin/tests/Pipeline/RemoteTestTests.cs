using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using OpenWatchParty.TestHost;

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
        using var server = await RemoteServer.StartAsync(Secret);
        Assert.Equal("none", await SideAsync(server.Address, origin: "http://jellyfin.example"));
    }

    [BuiltServerFact]
    public async Task AnotherSecretNoSecretOrAnotherPageNamesTheServer()
    {
        using var other = await RemoteServer.StartAsync("another secret, also of 32 and more bytes");
        Assert.Contains("JWT_SECRET", await MessageAsync(other.Address, "http://jellyfin.example"), StringComparison.Ordinal);
        using var open = await RemoteServer.StartAsync(null);
        Assert.Contains("lets everybody in", await MessageAsync(open.Address, "http://jellyfin.example"), StringComparison.Ordinal);
        using var strict = await RemoteServer.StartAsync(Secret);
        Assert.Contains("ALLOWED_ORIGINS", await MessageAsync(strict.Address, "http://elsewhere.example"), StringComparison.Ordinal);
    }

    [BuiltServerFact]
    public async Task AServerThatAsksThisJellyfinIsWell()
    {
        await using var jellyfin = await Installation.StartAsync("12", "/jelly");
        using var server = await RemoteServer.AskingAsync(jellyfin);
        Assert.Equal((true, "none"), await AskingAsync(jellyfin, server.Address, "your Jellyfin token"));
        Assert.Equal((false, "plugin"), await AskingAsync(jellyfin, server.Address, "as a user", Fixture.ApiKey));
    }

    [BuiltServerFact]
    public async Task WhoeverStandsBetweenItAndThisJellyfinIsNamed()
    {
        await using var jellyfin = await Installation.StartAsync();
        await using var elsewhere = await Installation.StartAsync();
        elsewhere.Jellyfin.Fixture.Remove("ada");
        using var another = await RemoteServer.AskingAsync(elsewhere);
        Assert.Equal((false, "server"), await AskingAsync(jellyfin, another.Address, "another Jellyfin"));
        using var signed = await RemoteServer.StartAsync(Secret);
        Assert.Equal((false, "server"), await AskingAsync(jellyfin, signed.Address, "or none"));
        using var open = await RemoteServer.StartAsync(null);
        Assert.Equal((false, "server"), await AskingAsync(jellyfin, open.Address, "start it with --jellyfin-url"));
        using var alone = await RemoteServer.StartAsync(null, new Uri($"http://127.0.0.1:{FreePort()}"));
        Assert.Equal((false, "server"), await AskingAsync(jellyfin, alone.Address, "got no answer from Jellyfin"));
        using var listener = new HttpListener();
        var port = FreePort();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        var answering = AnswerAsync(listener, HttpStatusCode.Forbidden);
        using var refused = await RemoteServer.StartAsync(null, new Uri($"http://127.0.0.1:{port}"));
        Assert.Equal((false, "plugin"), await AskingAsync(jellyfin, refused.Address, "does not let you in"));
        listener.Stop();
        await answering;
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
        return await PressAsync(jellyfin, "token-ada", origin);
    }

    /// <summary>The test of a server that shall ask Jellyfin; the sentence has to hold these words.</summary>
    private static async Task<(bool Ok, string? Side)> AskingAsync(Installation jellyfin, string address, string words, string token = "token-ada")
    {
        using var saved = await InjectionTests.SaveAsync(jellyfin, $$"""{"Mode":"Remote","RemoteUrl":"{{address}}","ServerAsksJellyfin":true}""");
        Assert.Equal(HttpStatusCode.NoContent, saved.StatusCode);
        var result = await PressAsync(jellyfin, token, "http://jellyfin.example");
        Assert.Contains(words, (string)result["message"]!, StringComparison.Ordinal);
        return ((bool)result["ok"]!, (string?)result["side"]);
    }

    private static async Task<JsonNode> PressAsync(Installation jellyfin, string token, string origin)
    {
        using var answer = await jellyfin.AskAsync("OpenWatchParty/Test", token, HttpMethod.Post, ("Origin", origin));
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private static async Task AnswerAsync(HttpListener listener, HttpStatusCode status = HttpStatusCode.OK)
    {
        try
        {
            for (; ; )
            {
                var context = await listener.GetContextAsync();
                context.Response.StatusCode = (int)status;
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
}
