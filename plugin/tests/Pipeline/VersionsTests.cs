using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace OpenWatchParty.Plugin.Tests.Pipeline;

/// <summary>Two versions of the plugin, both loaded.</summary>
public class VersionsTests
{
    [Theory]
    [InlineData("OpenWatchParty_0.2.0.0")]
    [InlineData("Another name")] // which comes first
    public async Task TheNewerWorksAndTheOlderStandsAside(string newer)
    {
        await using var jellyfin = await Installation.StartAsync(program: Installation.BuiltServer, prepare: made =>
        {
            var folder = Path.Combine(made.Data, "plugins", newer);
            Installation.Unpack(folder, Installation.BuiltServer);
            Installation.MakeNewer(folder);
        });
        Assert.Equal(2, jellyfin.Jellyfin.Plugins.Count);

        // One script, one entry, and the page as it was but for them
        var page = await jellyfin.ReadAsync("web/");
        Assert.Single(Regex.Matches(page, "ClientScript"));
        Assert.Equal(Installation.Page, Regex.Replace(page, "<script.*?</script>", string.Empty));
        Assert.Single(Regex.Matches(await jellyfin.ReadAsync("web/config.json"), "OpenWatchPartyPlugin"));
        using var script = await jellyfin.AskAsync("OpenWatchParty/ClientScript");
        Assert.Equal(HttpStatusCode.OK, script.StatusCode);

        // One speaks, and says what to do about the other
        var (older, status) = (typeof(Plugin).Assembly.GetName().Version!, await jellyfin.StatusAsync());
        Assert.Equal(new Version(older.Major, older.Minor + 1, older.Build).ToString(), (string?)status["version"]);
        var problem = Assert.Single(status["problems"]!.AsArray(), text => ((string?)text)!.StartsWith("OpenWatchParty", StringComparison.Ordinal));
        Assert.Contains($"OpenWatchParty {older} in {jellyfin.Folder} is installed besides and does nothing", (string?)problem, StringComparison.Ordinal);
    }

    [BuiltServerFact]
    public async Task TheyRunOneServer()
    {
        await using var jellyfin = await Installation.StartAsync(program: Installation.BuiltServer, prepare: made => Installation.Unpack(made.Folder + " again", Installation.BuiltServer));
        await jellyfin.UntilServerIsAsync("ready");
        var servers = Process.GetProcesses().Where(process => Executable(process)?.StartsWith(jellyfin.Data, StringComparison.Ordinal) == true);
        Assert.Equal((int)(await jellyfin.StatusAsync())["server"]!["process_id"]!, Assert.Single(servers).Id);
    }

    private static string? Executable(Process process)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{process.Id}/exe", returnFinalTarget: false)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended
        }
    }
}
