using System.Net;
using System.Text.Json.Nodes;
using OpenWatchParty.TestHost;

namespace OpenWatchParty.Plugin.Tests.Pipeline;

/// <summary>What the plugin answers by HTTP, on the stand-in of Jellyfin.</summary>
public class InterfaceTests
{
    [Fact]
    public async Task TheScriptIsKeptByItsVersionAndAskedForByItsTag()
    {
        await using var jellyfin = await Installation.StartAsync();
        using var latest = await jellyfin.AskAsync("OpenWatchParty/ClientScript");
        Assert.Equal(HttpStatusCode.OK, latest.StatusCode);
        Assert.Equal("text/javascript", latest.Content.Headers.ContentType!.MediaType);
        Assert.True(latest.Headers.CacheControl!.NoCache);
        var tag = latest.Headers.ETag!.Tag;
        using var same = await jellyfin.AskAsync("OpenWatchParty/ClientScript", null, null, ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        using var versioned = await jellyfin.AskAsync($"OpenWatchParty/ClientScript?v={tag.Trim('"')}");
        Assert.Contains("immutable", versioned.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        using var other = await jellyfin.AskAsync("OpenWatchParty/ClientScript?v=0123456789abcdef");
        Assert.True(other.Headers.CacheControl!.NoCache);
    }

    [Theory]
    [InlineData("10.10")]
    [InlineData("10.11")]
    [InlineData("12")]
    public async Task InfoIsForWhoeverIsSignedIn(string line)
    {
        await using var jellyfin = await Installation.StartAsync(line);
        using var nobody = await jellyfin.AskAsync("OpenWatchParty/Info");
        using var foreign = await jellyfin.AskAsync("OpenWatchParty/Info", "token-of-another-server");
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (nobody.StatusCode, foreign.StatusCode));
        var info = JsonNode.Parse(await jellyfin.ReadAsync("OpenWatchParty/Info", "token-ben"))!;
        Assert.Equal(("embedded", "/socket/OpenWatchParty/ws"), ((string?)info["mode"], (string?)info["ws_path"]));
        Assert.Null(info["ws_url"]);
        Assert.Equal("""{"default_max_bitrate":0,"prefer_direct_play":true,"allow_host_quality_control":false}""", info["quality"]!.ToJsonString());
    }

    [Fact]
    public async Task TokensAreForUsersTenAMinuteAndForARemoteServerOnly()
    {
        await using var jellyfin = await Installation.StartAsync();
        using var embedded = await jellyfin.AskAsync("OpenWatchParty/Token", "token-ben", HttpMethod.Post);
        Assert.Equal(HttpStatusCode.Conflict, embedded.StatusCode);
        using var saved = await InjectionTests.SaveAsync(jellyfin, """{"Mode":"Remote","RemoteUrl":"wss://party.example.org/ws"}""");
        Assert.Equal(HttpStatusCode.NoContent, saved.StatusCode);
        using var key = await jellyfin.AskAsync("OpenWatchParty/Token", Fixture.ApiKey, HttpMethod.Post);
        Assert.Equal(HttpStatusCode.Forbidden, key.StatusCode);
        for (var i = 0; i < 10; ++i)
        {
            using var one = await jellyfin.AskAsync("OpenWatchParty/Token", "token-ben", HttpMethod.Post);
            Assert.Equal(HttpStatusCode.OK, one.StatusCode);
            Assert.True(one.Headers.CacheControl!.NoStore);
        }

        using var eleventh = await jellyfin.AskAsync("OpenWatchParty/Token", "token-ben", HttpMethod.Post);
        Assert.Equal(HttpStatusCode.TooManyRequests, eleventh.StatusCode);
        Assert.InRange(eleventh.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        using var other = await jellyfin.AskAsync("OpenWatchParty/Token", "token-ada", HttpMethod.Post);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task StatusAndSettingsAreForAdministratorsAndNoSecretIsInLogOrPage()
    {
        await using var jellyfin = await Installation.StartAsync();
        using var refused = await jellyfin.AskAsync("OpenWatchParty/Status", "token-ben");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        var id = jellyfin.Jellyfin.Plugins[0].Id;
        var config = JsonNode.Parse(await jellyfin.ReadAsync($"Plugins/{id}/Configuration", "token-ada"))!;
        var secret = (string)config["JwtSecret"]!;
        Assert.Matches("^[0-9a-f]{64}$", secret);
        var page = await jellyfin.ReadAsync("web/ConfigurationPage?name=OpenWatchParty");
        Assert.Contains("owpConfigPage", page, StringComparison.Ordinal);
        foreach (var text in (string[])[page, jellyfin.Log.Text, await jellyfin.ReadAsync("OpenWatchParty/Status", "token-ada"), await jellyfin.ReadAsync("web/")])
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ImpossibleSettingsAreRefusedWithASentenceAndChangeNothing()
    {
        await using var jellyfin = await Installation.StartAsync();
        using var refused = await InjectionTests.SaveAsync(jellyfin, """{"ConnectionsMax":-3,"Mode":"Remote"}""");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("Connections in all has to be from 1 to 10000; it is -3.", jellyfin.Log.Text, StringComparison.Ordinal);
        Assert.Contains("\"mode\":\"embedded\"", await jellyfin.ReadAsync("OpenWatchParty/Info", "token-ben"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"ConnectionsMax":-3}""", "Connections in all has to be from 1 to 10000; it is -3.")]
    [InlineData("""{"Mode":"Remote","RemoteUrl":"https://party.example.org"}""", "wss://party.example.org/ws")]
    [InlineData("""{"ConnectionsMax":1.5}""", "another kind")]
    [InlineData("null", "another kind")]
    [InlineData("{", "another kind")]
    public async Task ThePageIsToldInSentencesWhatWouldBeRefused(string settings, string sentence)
    {
        await using var jellyfin = await Installation.StartAsync();
        async Task<HttpResponseMessage> CheckAsync(string token, string json)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"OpenWatchParty/Check?ApiKey={token}") { Content = new StringContent(json) };
            return await jellyfin.Http.SendAsync(request);
        }

        using var told = await CheckAsync("token-ada", settings);
        Assert.Equal(HttpStatusCode.OK, told.StatusCode);
        Assert.Contains(sentence, await told.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var fine = await CheckAsync("token-ada", """{"Mode":"Off"}""");
        Assert.Equal("""{"problems":[]}""", await fine.Content.ReadAsStringAsync());
        using var user = await CheckAsync("token-ben", settings);
        Assert.Equal(HttpStatusCode.Forbidden, user.StatusCode);
    }

    [Fact]
    public async Task SettingsThatCanNeitherBeReadNorWrittenAreTheUsualOnes()
    {
        await using var jellyfin = await Installation.StartAsync(prepare: made
            => Directory.CreateDirectory(Path.Combine(made.Data, "plugins", "configurations", "OpenWatchParty.Plugin.xml")));
        Assert.Contains("can't be written", string.Join(' ', (await jellyfin.StatusAsync())["problems"]!.AsArray().Select(problem => (string)problem!)), StringComparison.Ordinal);
        Assert.Contains("ClientScript", await jellyfin.ReadAsync("web/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileOfSettingsThatSomebodySpoiledIsRepairedAndTold()
    {
        await using var jellyfin = await Installation.StartAsync(prepare: made =>
        {
            var folder = Path.Combine(made.Data, "plugins", "configurations");
            Directory.CreateDirectory(folder);
            File.WriteAllText(
                Path.Combine(folder, "OpenWatchParty.Plugin.xml"),
                "<?xml version=\"1.0\"?><PluginConfiguration><TokenLifetimeSeconds>-1</TokenLifetimeSeconds><JwtSecret>short</JwtSecret></PluginConfiguration>");
        });
        var status = await jellyfin.ReadAsync("OpenWatchParty/Status", "token-ada");
        Assert.Contains("token lifetime", status, StringComparison.Ordinal);
        Assert.Contains("secret", status, StringComparison.Ordinal);
        Assert.Contains("ClientScript", await jellyfin.ReadAsync("web/"), StringComparison.Ordinal);
    }
}
