using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace OpenWatchParty.Plugin.Tests.Pipeline;

/// <summary>Disks that allow less than usual, really mounted so: the stand-in runs as a program in a mount namespace of its own.</summary>
public class DiskTests
{
    [MountFact]
    public async Task WithoutExecutionInThePluginFolderTheServerRunsFromTheCache()
        => Assert.Equal(("ready", string.Empty), await OnAsync("noexec", "plugins"));

    [MountFact]
    public async Task WithoutExecutionAnywhereTheAdministratorHearsWhatToDo()
    {
        var (phase, problems) = await OnAsync("noexec", string.Empty);
        Assert.Equal("impossible", phase);
        Assert.Contains("no execution in the plugin's folder nor in the cache. Choose the remote mode.", problems, StringComparison.Ordinal);
    }

    [MountFact]
    public async Task OnAReadOnlyDiskPartiesWorkAndTheAdministratorHearsWhatIsNotKept()
    {
        var (phase, problems) = await OnAsync("ro", string.Empty);
        Assert.Equal("ready", phase);
        Assert.Contains("last only until the next restart", problems, StringComparison.Ordinal);
    }

    /// <summary>What the plugin says of itself once it has settled, with this folder of Jellyfin's data mounted so.</summary>
    private static async Task<(string Phase, string Problems)> OnAsync(string option, string folder)
    {
        var root = Directory.CreateTempSubdirectory("owp-test-").FullName;
        var data = Path.Combine(root, "data");
        Installation.Unpack(Path.Combine(data, "plugins", "OpenWatchParty_0.1.0.0"), Installation.BuiltServer);
        Directory.CreateDirectory(Path.Combine(data, "plugins", "configurations"));
        Directory.CreateDirectory(Path.Combine(data, "cache"));
        var start = new ProcessStartInfo("unshare")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[
            "--mount", "sh", "-ec", "mount --bind \"$0\" \"$0\"; mount -o \"remount,bind,$1\" \"$0\"; shift; exec dotnet \"$@\"",
            Path.Combine(data, folder), option, Path.Combine(AppContext.BaseDirectory, "OpenWatchParty.TestHost.dll"), "--data", data, "--web", root, "--port", "0"])
        {
            start.ArgumentList.Add(argument);
        }

        using var jellyfin = Process.Start(start)!;
        jellyfin.ErrorDataReceived += (_, _) => { };
        jellyfin.BeginErrorReadLine();
        try
        {
            var address = (await jellyfin.StandardOutput.ReadLineAsync())?.Replace("Listening on ", string.Empty, StringComparison.Ordinal);
            Assert.NotNull(address);
            using var http = new HttpClient { BaseAddress = new Uri(address) };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("MediaBrowser", "Token=\"token-ada\"");
            JsonNode? status = null;
            await Installation.UntilAsync("the server has settled", async () =>
            {
                status = JsonNode.Parse(await http.GetStringAsync("OpenWatchParty/Status"));
                return (string?)status!["server"]!["phase"] is "ready" or "impossible";
            });
            return ((string)status!["server"]!["phase"]!, string.Join(' ', status["problems"]!.AsArray().Select(problem => (string)problem!)));
        }
        finally
        {
            jellyfin.StandardInput.Close();
            await jellyfin.WaitForExitAsync();
            Directory.Delete(root, recursive: true);
        }
    }
}
