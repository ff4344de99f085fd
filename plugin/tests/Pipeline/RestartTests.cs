using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OpenWatchParty.Plugin.Tests.Pipeline;

/// <summary>Jellyfin restarts in its own process, as often as its administrator likes.</summary>
public class RestartTests
{
    private const int Restarts = 20;

    [BuiltServerFact]
    public async Task NoServerOfFormerLivesIsLeft()
    {
        await using var jellyfin = await Installation.StartAsync(program: Installation.BuiltServer);
        List<int> servers = [];
        for (var i = 0; i < Restarts; ++i)
        {
            await jellyfin.UntilServerIsAsync("ready");
            servers.Add((int)(await jellyfin.StatusAsync())["server"]!["process_id"]!);
            await jellyfin.RestartAsync();
        }

        Assert.All(servers, id => Assert.Throws<ArgumentException>(() => Process.GetProcessById(id)));
    }

    [BuiltServerFact]
    public async Task WhereNoTimeIsLeftForStoppingTheServerEndsAllTheSame()
    {
        await using var jellyfin = await Installation.StartAsync(program: Installation.BuiltServer);
        await jellyfin.UntilServerIsAsync("ready");
        var server = jellyfin.Jellyfin.Services.GetServices<IHostedService>().Single(service => service.GetType().Name == "EmbeddedServer");
        await server.StopAsync(new CancellationToken(canceled: true));
        await jellyfin.UntilServerIsAsync("off");
    }
}
