using System.Net;

namespace OpenWatchParty.Plugin.Tests.Pipeline;

/// <summary>What becomes of a server in the plugin that is not as it should be; shell scripts stand in for it.</summary>
public class ServerTests
{
    [Fact]
    public async Task NoServerForThisMachineSaysSoAndNamesTheRemoteMode()
    {
        await using var jellyfin = await Installation.StartAsync();
        await jellyfin.UntilServerIsAsync("impossible");
        Assert.Contains("remote mode", (await jellyfin.StatusAsync())["problems"]!.ToJsonString(), StringComparison.Ordinal);
        using var refused = await jellyfin.AskAsync("socket/OpenWatchParty/ws?ApiKey=token-ben");
        Assert.Equal(HttpStatusCode.UpgradeRequired, refused.StatusCode);
        Assert.Contains("ClientScript", await jellyfin.ReadAsync("web/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exec sleep 600", "did not get ready")]
    [InlineData("head -c 300000 /dev/urandom; exit 3", "ended with code 3")]
    [InlineData("echo '{\"level\":\"error\",\"message\":\"boom\"}' >&2; exit 1", "ended with code 1")]
    public async Task OneThatDoesNotRunIsStartedAgainAndAgain(string body, string problem)
    {
        await using var jellyfin = await StartAsync(body);
        await Installation.UntilAsync("the third start", async () => (int)(await jellyfin.StatusAsync())["server"]!["restarts"]! >= 2);
        await Installation.UntilAsync(problem, async () => (await jellyfin.StatusAsync())["problems"]!.ToJsonString().Contains(problem, StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', jellyfin.Log.Text);
        Assert.Contains("ClientScript", await jellyfin.ReadAsync("web/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneThatFloodsItsLogIsHeardInPart()
    {
        await using var jellyfin = await StartAsync("exec yes 'again and again'");
        await Installation.UntilAsync("the flood was noticed", () => Task.FromResult(jellyfin.Log.Text.Contains("too much in one second", StringComparison.Ordinal)));
        var seconds = jellyfin.Log.Lines.Count(line => line.Text.Contains("too much", StringComparison.Ordinal)) + 2;
        Assert.InRange(jellyfin.Log.Lines.Count(line => line.Text.Contains("again and again", StringComparison.Ordinal)), 1, 50 * seconds);
    }

    [Fact]
    public async Task OneThatMayNotBeExecutedAnywhereIsGivenUpWithWhatToDo()
    {
        // An interpreter that is no program: the kernel says EACCES, as it does for a folder mounted noexec
        await using var jellyfin = await Installation.StartAsync(prepare: made =>
        {
            var program = made.Script(string.Empty);
            File.WriteAllText(program, "#!/etc/passwd\n");
            Installation.Unpack(made.Folder, program);
        });
        await jellyfin.UntilServerIsAsync("impossible");
        Assert.Contains("remote mode", (await jellyfin.StatusAsync())["problems"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNoProgramAtAllIsGivenUp()
    {
        await using var jellyfin = await Installation.StartAsync(prepare: made =>
        {
            var program = made.Script(string.Empty);
            File.WriteAllBytes(program, [0x7f, 0x45, 0x4c, 0x46, 1, 2, 3]);
            Installation.Unpack(made.Folder, program);
        });
        await jellyfin.UntilServerIsAsync("impossible");
    }

    [Fact]
    public async Task TheSecretGoesOverStandardInputAndTheEnvironmentIsEmpty()
    {
        await using var jellyfin = await StartAsync("read -r secret; env; echo \"args $*\"; echo \"length ${#secret}\"; exec sleep 600");
        await Installation.UntilAsync("it has spoken", () => Task.FromResult(jellyfin.Log.Text.Contains("length 64", StringComparison.Ordinal)));
        Assert.Contains("args serve --embedded", jellyfin.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("HOME=", jellyfin.Log.Text, StringComparison.Ordinal);
    }

    private static Task<Installation> StartAsync(string body)
        => Installation.StartAsync(prepare: made => Installation.Unpack(made.Folder, made.Script(body)));
}
