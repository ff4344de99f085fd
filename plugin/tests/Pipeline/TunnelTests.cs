using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using OpenWatchParty.TestHost;

namespace OpenWatchParty.Plugin.Tests.Pipeline;

/// <summary>WebSockets through Jellyfin to the real owp-server in the plugin.</summary>
public class TunnelTests
{
    private static readonly CancellationToken Soon = CancellationToken.None;

    [BuiltServerFact]
    public async Task TwoUsersMeetUnderTheirJellyfinNamesInEachLineAndUnderABaseUrl()
    {
        foreach (var (line, baseUrl) in ((string, string)[])[("10.10", ""), ("10.11", "/jelly"), ("12", "/a b+é")])
        {
            await using var jellyfin = await ReadyAsync(line, baseUrl);
            using var ada = await OpenAsync(jellyfin, "token-ada");
            using var cleo = await OpenAsync(jellyfin, "token-cleo");
            await SayAsync(ada, "create_room", null, $$"""{"media_id":"{{Fixture.Film}}","start_pos":1.5}""");
            var room = (string)(await HearAsync(ada, "room_state"))["room"]!;
            await SayAsync(cleo, "join_room", room, """{"user_name":"Somebody else"}""");
            await HearAsync(cleo, "room_state");
            var text = (await HearAsync(ada, "participants_update")).ToJsonString();
            Assert.Contains("\"participant_count\":2", text, StringComparison.Ordinal);
            await SayAsync(cleo, "chat_message", room, $$"""{"text":"{{new string('x', 480)}}"}""");
            var chat = (await HearAsync(ada, "chat_message"))["payload"]!;
            Assert.Equal("Cléo 🎬", (string?)chat["username"] ?? (string?)chat["user_name"]);
        }
    }

    [BuiltServerFact]
    public async Task WhoMayNotSeeTheTitleNeitherJoinsNorHearsOfIt()
    {
        await using var jellyfin = await ReadyAsync();
        using var ada = await OpenAsync(jellyfin, "token-ada");
        await SayAsync(ada, "create_room", null, $$"""{"media_id":"{{Fixture.Secret}}","start_pos":0}""");
        var room = (string)(await HearAsync(ada, "room_state"))["room"]!;
        using var ben = await OpenAsync(jellyfin, "token-ben");
        await SayAsync(ben, "join_room", room, "{}");
        Assert.Equal("MEDIA_FORBIDDEN", (string?)(await HearAsync(ben, "error"))["payload"]!["code"]);
        await SayAsync(ben, "create_room", null, $$"""{"media_id":"{{Fixture.Secret}}","start_pos":0}""");
        Assert.Equal("MEDIA_FORBIDDEN", (string?)(await HearAsync(ben, "error"))["payload"]!["code"]);
        await SayAsync(ben, "list_rooms", null, "{}");
        Assert.DoesNotContain(Fixture.Secret, (await HearAsync(ben, "room_list")).ToJsonString(), StringComparison.Ordinal);
    }

    [BuiltServerFact]
    public async Task OverHttp2TheyMeetAsWell()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var jellyfin = await Installation.StartAsync(program: Installation.BuiltServer, prepare: installed => installed.Certificate = certificate);
        await jellyfin.UntilServerIsAsync("ready");
        using var way = new HttpMessageInvoker(jellyfin.Handler());
        async Task<ClientWebSocket> OpenByTwoAsync(string token)
        {
            var socket = new ClientWebSocket();
            socket.Options.CollectHttpResponseDetails = true;
            socket.Options.HttpVersion = HttpVersion.Version20;
            socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
            await socket.ConnectAsync(Address(jellyfin, $"?ApiKey={token}"), way, Soon);
            await HearAsync(socket, "client_hello");
            return socket;
        }

        using var ada = await OpenByTwoAsync("token-ada");
        using var ben = await OpenByTwoAsync("token-ben");
        await SayAsync(ada, "create_room", null, $$"""{"media_id":"{{Fixture.Film}}","start_pos":1.5}""");
        var room = (string)(await HearAsync(ada, "room_state"))["room"]!;
        await SayAsync(ben, "join_room", room, "{}");
        await HearAsync(ben, "room_state");
        await SayAsync(ben, "chat_message", room, $$"""{"text":"{{new string('x', 480)}}"}""");
        await HearAsync(ada, "chat_message");
        await Assert.ThrowsAsync<WebSocketException>(() => OpenByTwoAsync("token-of-another-server"));
        jellyfin.Jellyfin.Fixture.Remove("ben");
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "Signed out of Jellyfin."), await EndAsync(ben));
    }

    [BuiltServerFact]
    public async Task WhoIsNotAUserOfThisJellyfinIsTurnedAwayWithAReason()
    {
        await using var jellyfin = await ReadyAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusalAsync(jellyfin, string.Empty));
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusalAsync(jellyfin, "?ApiKey=token-of-another-server"));
        Assert.Equal(HttpStatusCode.Forbidden, await RefusalAsync(jellyfin, $"?ApiKey={Fixture.ApiKey}"));
        Assert.Equal(HttpStatusCode.Forbidden, await RefusalAsync(jellyfin, "?ApiKey=token-ben", ("Origin", "https://evil.example")));
        using var plain = await jellyfin.AskAsync("socket/OpenWatchParty/ws?ApiKey=token-ben");
        Assert.Equal(HttpStatusCode.UpgradeRequired, plain.StatusCode);
        Assert.Contains("WEBSOCKET_REQUIRED", await plain.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("token-ben", jellyfin.Log.Text, StringComparison.Ordinal);
    }

    [BuiltServerFact]
    public async Task WhatABrowserSaysOfItsIdentityIsNotBelieved()
    {
        await using var jellyfin = await ReadyAsync();
        using var ben = await OpenAsync(jellyfin, "token-ben", ("X-OpenWatchParty-User", "ada"), ("X-OpenWatchParty-Name", "Ada"), ("X-OpenWatchParty-Secret", "x"), ("X-Forwarded-For", "1.2.3.4"));
        await SayAsync(ben, "create_room", null, """{"user_name":"Ada"}""");
        Assert.Contains("Ben", (await HearAsync(ben, "room_state")).ToJsonString(), StringComparison.Ordinal);
    }

    [BuiltServerFact]
    public async Task AUserHasSoManyConnectionsAndNoMore()
    {
        await using var jellyfin = await ReadyAsync();
        using var saved = await InjectionTests.SaveAsync(jellyfin, """{"ConnectionsPerUserMax":1,"ConnectionsMax":2}""");
        using var first = await OpenAsync(jellyfin, "token-ben");
        Assert.Equal(HttpStatusCode.TooManyRequests, await RefusalAsync(jellyfin, "?ApiKey=token-ben"));
        using var other = await OpenAsync(jellyfin, "token-ada");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await RefusalAsync(jellyfin, "?ApiKey=token-cleo"));
        first.Abort();
        await Installation.UntilAsync("the place is free again", async () => (int)(await jellyfin.StatusAsync())["connections"]! == 1);
        using var again = await OpenAsync(jellyfin, "token-ben");
    }

    [BuiltServerFact]
    public async Task AUserRemovedInMidPartyIsOut()
    {
        await using var jellyfin = await ReadyAsync();
        using var ben = await OpenAsync(jellyfin, "token-ben");
        using var ada = await OpenAsync(jellyfin, "token-ada");
        jellyfin.Jellyfin.Fixture.Remove("ben");
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "Signed out of Jellyfin."), await EndAsync(ben));
        await SayAsync(ada, "ping", null, """{"client_ts":1}""");
        await HearAsync(ada, "pong");
    }

    [BuiltServerFact]
    public async Task TheServerIsKilledAndThereIsANewOne()
    {
        await using var jellyfin = await ReadyAsync();
        using var ben = await OpenAsync(jellyfin, "token-ben");
        var first = (int)(await jellyfin.StatusAsync())["server"]!["process_id"]!;
        using (var process = Process.GetProcessById(first))
        {
            process.Kill();
        }

        await EndAsync(ben);
        await Installation.UntilAsync("another server is ready", async () => await jellyfin.StatusAsync() is var status
            && (string?)status["server"]!["phase"] == "ready" && (int)status["server"]!["process_id"]! != first);
        Assert.Equal(1, (int)(await jellyfin.StatusAsync())["server"]!["restarts"]!);
        using var again = await OpenAsync(jellyfin, "token-ben");
    }

    [BuiltServerFact]
    public async Task JellyfinRestartsInTheSameProcess()
    {
        await using var jellyfin = await ReadyAsync();
        using var ben = await OpenAsync(jellyfin, "token-ben");
        var first = (int)(await jellyfin.StatusAsync())["server"]!["process_id"]!;
        var ended = EndAsync(ben);
        await jellyfin.RestartAsync();
        Assert.Equal((WebSocketCloseStatus)1012, (await ended).Code);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(first));
        await jellyfin.UntilServerIsAsync("ready");
        using var again = await OpenAsync(jellyfin, "token-ben");
    }

    [BuiltServerFact]
    public async Task SwitchedOffTheServerGoesAndSaysSo()
    {
        await using var jellyfin = await ReadyAsync();
        using var ben = await OpenAsync(jellyfin, "token-ben");
        using var saved = await InjectionTests.SaveAsync(jellyfin, """{"Mode":"Off"}""");
        await EndAsync(ben);
        await jellyfin.UntilServerIsAsync("off");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await RefusalAsync(jellyfin, "?ApiKey=token-ben"));
    }

    [BuiltServerFact]
    public async Task UninstallingStopsTheServerAtOnce()
    {
        await using var jellyfin = await ReadyAsync();
        using var ben = await OpenAsync(jellyfin, "token-ben");
        var server = (int)(await jellyfin.StatusAsync())["server"]!["process_id"]!;
        using var gone = await jellyfin.AskAsync("TestHost/Uninstall", "token-ada", HttpMethod.Post);
        await EndAsync(ben);
        await jellyfin.UntilServerIsAsync("off");
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(server));
    }

    [BuiltServerFact]
    public async Task AnUpdateEndsTheServerOfTheOldVersionAndStartsThatOfTheNew()
    {
        await using var jellyfin = await ReadyAsync();
        var old = (int)(await jellyfin.StatusAsync())["server"]!["process_id"]!;
        // Jellyfin unpacks the new version beside the old one, and takes that away as it starts
        var folder = jellyfin.Folder.Replace("0.1.0.0", "0.2.0.0", StringComparison.Ordinal);
        Installation.Unpack(folder, Installation.BuiltServer);
        Directory.Delete(jellyfin.Folder, recursive: true);
        await jellyfin.RestartAsync();
        await jellyfin.UntilServerIsAsync("ready");
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(old));
        var server = (int)(await jellyfin.StatusAsync())["server"]!["process_id"]!;
        Assert.StartsWith(folder, File.ResolveLinkTarget($"/proc/{server}/exe", returnFinalTarget: false)!.FullName, StringComparison.Ordinal);
        using var ben = await OpenAsync(jellyfin, "token-ben");
    }

    [BuiltServerFact]
    public async Task JellyfinsOwnSocketIsStillItsOwn()
    {
        await using var jellyfin = await ReadyAsync();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(jellyfin.Http.BaseAddress!.ToString().Replace("http", "ws", StringComparison.Ordinal) + "socket?ApiKey=token-ben"), Soon);
        Assert.Equal(WebSocketState.Open, socket.State);
        Assert.Equal(0, (int)(await jellyfin.StatusAsync())["connections"]!);
        socket.Abort();
    }

    private static async Task<Installation> ReadyAsync(string line = "10.11", string baseUrl = "")
    {
        var jellyfin = await Installation.StartAsync(line, baseUrl, Installation.BuiltServer);
        await jellyfin.UntilServerIsAsync("ready");
        return jellyfin;
    }

    private static Uri Address(Installation jellyfin, string query)
        => new(new UriBuilder(jellyfin.Http.BaseAddress!) { Scheme = jellyfin.Certificate is null ? "ws" : "wss" }.Uri, "socket/OpenWatchParty/ws" + query);

    internal static async Task<ClientWebSocket> OpenAsync(Installation jellyfin, string token, params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        foreach (var (name, value) in headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        await socket.ConnectAsync(Address(jellyfin, $"?ApiKey={token}"), Soon);
        await HearAsync(socket, "client_hello");
        return socket;
    }

    private static async Task<HttpStatusCode> RefusalAsync(Installation jellyfin, string query, params (string Name, string Value)[] headers)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        foreach (var (name, value) in headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Address(jellyfin, query), Soon));
        return socket.HttpStatusCode;
    }

    internal static Task SayAsync(ClientWebSocket socket, string type, string? room, string payload)
        => socket.SendAsync(
            Encoding.UTF8.GetBytes($$"""{"type":"{{type}}","room":{{(room is null ? "null" : $"\"{room}\"")}},"ts":1,"payload":{{payload}}}"""),
            WebSocketMessageType.Text,
            true,
            Soon);

    /// <summary>The next message of this type; others before it are passed over.</summary>
    internal static async Task<JsonNode> HearAsync(ClientWebSocket socket, string type)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[1 << 17];
        for (; ; )
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), patience.Token);
                Assert.NotEqual(WebSocketMessageType.Close, part.MessageType);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            var message = JsonNode.Parse(buffer.AsSpan(0, length))!;
            if ((string?)message["type"] == type)
            {
                return message;
            }
        }
    }

    /// <summary>How it was closed; without a close frame, no code.</summary>
    private static async Task<(WebSocketCloseStatus? Code, string? Reason)> EndAsync(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[1 << 16];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), patience.Token)).MessageType != WebSocketMessageType.Close)
            {
                // What was on its way
            }
        }
        catch (WebSocketException)
        {
            // Without a close frame
        }

        return (socket.CloseStatus, socket.CloseStatusDescription);
    }
}
