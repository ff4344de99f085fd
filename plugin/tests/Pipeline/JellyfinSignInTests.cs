using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using OpenWatchParty.TestHost;

namespace OpenWatchParty.Plugin.Tests.Pipeline;

/// <summary>Users with their own Jellyfin tokens on a real owp-server elsewhere, which asks the stand-in of Jellyfin.</summary>
public class JellyfinSignInTests
{
    [BuiltServerFact]
    public async Task TwoUsersMeetByTheirOwnTokensInEachLineAndUnderABaseUrl()
    {
        foreach (var (line, baseUrl) in ((string, string)[])[("10.10", ""), ("10.11", "/jelly"), ("12", "")])
        {
            await using var jellyfin = await Installation.StartAsync(line, baseUrl);
            using var server = await RemoteServer.AskingAsync(jellyfin);
            using var ada = await SignedInAsync(server, "token-ada", "Ada");
            using var cleo = await SignedInAsync(server, "token-cleo", "Cléo 🎬");
            await TunnelTests.SayAsync(ada, "create_room", null, $$"""{"media_id":"{{Fixture.Film}}","start_pos":0}""");
            var room = (string)(await TunnelTests.HearAsync(ada, "room_state"))["room"]!;
            await TunnelTests.SayAsync(cleo, "join_room", room, "{}");
            await TunnelTests.HearAsync(cleo, "room_state");
        }
    }

    [BuiltServerFact]
    public async Task WhomJellyfinDoesNotKnowOrShowTheTitleStaysOut()
    {
        await using var jellyfin = await Installation.StartAsync();
        using var server = await RemoteServer.AskingAsync(jellyfin);
        foreach (var token in (string[])["token-of-another-server", Fixture.ApiKey])
        {
            using var nobody = await OpenAsync(server, token);
            Assert.Equal("INVALID_TOKEN", (string?)(await TunnelTests.HearAsync(nobody, "error"))["payload"]!["code"]);
        }

        using var ben = await SignedInAsync(server, "token-ben", "Ben");
        await TunnelTests.SayAsync(ben, "create_room", null, $$"""{"media_id":"{{Fixture.Secret}}","start_pos":0}""");
        Assert.Equal("MEDIA_FORBIDDEN", (string?)(await TunnelTests.HearAsync(ben, "error"))["payload"]!["code"]);
    }

    [Fact]
    public async Task ClientsAreToldAndGetNoTokenOfThePlugin()
    {
        await using var jellyfin = await Installation.StartAsync();
        async Task<bool> ToldAsync(string settings)
        {
            using var saved = await InjectionTests.SaveAsync(jellyfin, settings);
            Assert.Equal(HttpStatusCode.NoContent, saved.StatusCode);
            return (bool)JsonNode.Parse(await jellyfin.ReadAsync("OpenWatchParty/Info", "token-ben"))!["jellyfin_token"]!;
        }

        Assert.False(await ToldAsync("""{"Mode":"Remote","RemoteUrl":"wss://party.example.org/ws"}"""));
        Assert.False(await ToldAsync("""{"Mode":"Embedded","ServerAsksJellyfin":true}"""));
        Assert.True(await ToldAsync("""{"Mode":"Remote","RemoteUrl":"wss://party.example.org/ws","ServerAsksJellyfin":true}"""));
        using var token = await jellyfin.AskAsync("OpenWatchParty/Token", "token-ben", HttpMethod.Post);
        Assert.Equal(HttpStatusCode.Conflict, token.StatusCode);
        Assert.Contains("NOT_NEEDED", await token.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<ClientWebSocket> SignedInAsync(RemoteServer server, string token, string name)
    {
        var socket = await OpenAsync(server, token);
        Assert.Equal(name, (string?)(await TunnelTests.HearAsync(socket, "auth_success"))["payload"]!["user_name"]);
        return socket;
    }

    private static async Task<ClientWebSocket> OpenAsync(RemoteServer server, string token)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "http://jellyfin.example");
        await socket.ConnectAsync(new Uri(server.Address), CancellationToken.None);
        await TunnelTests.SayAsync(socket, "auth", null, $$"""{"token":"{{token}}","protocol_version":1}""");
        return socket;
    }
}
