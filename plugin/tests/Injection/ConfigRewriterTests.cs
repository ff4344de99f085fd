using System.Text;
using System.Text.Json.Nodes;
using OpenWatchParty.Plugin.Injection;

namespace OpenWatchParty.Plugin.Tests.Injection;

public class ConfigRewriterTests
{
    [Theory]
    [InlineData("""{"plugins":["a/plugin"],"x":"é+"}""")]
    [InlineData("\uFEFF{\"x\":1,\"plugins\":[]}")]
    [InlineData("{/* mine */ \"plugins\": [\"a\",], }")]
    public void AddsOurEntryAtTheEnd(string config)
    {
        var rewritten = ConfigRewriter.Rewrite(Encoding.UTF8.GetBytes(config), out var problem)!;
        var plugins = JsonNode.Parse(rewritten)!["plugins"]!.AsArray();
        Assert.Equal("OpenWatchPartyPlugin", (string?)plugins[^1]);
        Assert.Null(problem);
        Assert.Null(ConfigRewriter.Rewrite(rewritten, out problem)); // and once
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"plugins":"a"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("")]
    public void LeavesWhatHasNoListOfPluginsWithAReason(string config)
    {
        Assert.Null(ConfigRewriter.Rewrite(Encoding.UTF8.GetBytes(config), out var problem));
        Assert.Contains("config.json", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void KeepsWhatElseStandsThere()
    {
        var rewritten = ConfigRewriter.Rewrite("""{"theme":"x","plugins":[],"menuLinks":[{"url":"https://é.example/?a=1&b=<c>"}]}"""u8, out _)!;
        var text = Encoding.UTF8.GetString(rewritten);
        Assert.Contains("https://é.example/?a=1&b=<c>", text, StringComparison.Ordinal);
        Assert.Equal("x", (string?)JsonNode.Parse(rewritten)!["theme"]);
    }
}
