using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.Loader;
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

    /// <summary>
    /// ASP.NET keeps the type of every controller, and the serializer that of every answer, in caches of the process:
    /// they are emptied here as a hot reload empties them, so what still held a former life would be ours.
    /// </summary>
    [BuiltServerFact]
    public async Task NothingOfOursHoldsAFormerLife()
    {
        WeakReference[] lives = [await LiveAsync(), await LiveAsync(), await LiveAsync()];
        EmptyCaches();
        await Installation.UntilAsync("all load contexts are collected", () =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return Task.FromResult(lives.All(life => !life.IsAlive));
        });
    }

    // A method of its own, so that no variable of the test holds what has to go
    private static async Task<WeakReference> LiveAsync()
    {
        await using var jellyfin = await Installation.StartAsync(program: Installation.BuiltServer);
        await jellyfin.UntilServerIsAsync("ready");
        await jellyfin.ReadAsync("web/index.html");
        await jellyfin.ReadAsync("OpenWatchParty/Info", "token-ben");
        using var saved = await InjectionTests.SaveAsync(jellyfin, """{"ConnectionsMax":7}""");
        using var ben = await TunnelTests.OpenAsync(jellyfin, "token-ben");
        return new WeakReference(AssemblyLoadContext.GetLoadContext(jellyfin.Jellyfin.Plugins[0].GetType().Assembly));
    }

    private static void EmptyCaches()
    {
        var handlers = AppDomain.CurrentDomain.GetAssemblies()
            .Where(assembly => !assembly.IsDynamic)
            .SelectMany(assembly => assembly.GetCustomAttributes<MetadataUpdateHandlerAttribute>());
        foreach (var handler in handlers)
        {
            handler.HandlerType.GetMethod("ClearCache", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, [typeof(Type[])])?.Invoke(null, [null]);
        }
    }
}
