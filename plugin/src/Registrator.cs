using MediaBrowser.Common.Configuration;
using MediaBrowser.Controller;
using MediaBrowser.Controller.Plugins;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenWatchParty.Plugin.Api;
using OpenWatchParty.Plugin.Injection;
using OpenWatchParty.Plugin.Server;
using OpenWatchParty.Plugin.Tunnel;

namespace OpenWatchParty.Plugin;

/// <summary>The map of the plugin: every service it adds to Jellyfin.</summary>
public sealed class Registrator : IPluginServiceRegistrator
{
    /// <inheritdoc />
    public void RegisterServices(IServiceCollection serviceCollection, IServerApplicationHost applicationHost)
    {
        var folder = Path.GetDirectoryName(typeof(Registrator).Assembly.Location)!;
        var versions = new Versions(serviceCollection);
        serviceCollection.AddSingleton(versions);
        serviceCollection.Configure<MvcOptions>(mvc => mvc.Conventions.Add(versions));
        serviceCollection.AddSingleton<LiveSettings>();
        serviceCollection.AddSingleton(_ => ClientBundle.Load(folder));
        serviceCollection.AddSingleton(_ => new TokenLimiter(TimeProvider.System));
        serviceCollection.AddSingleton<InjectionRecord>();
        serviceCollection.AddSingleton<ConnectionCount>();
        serviceCollection.AddSingleton(SignInPeriod.Usual);
        serviceCollection.AddSingleton(ServerTimes.Usual);
        serviceCollection.AddSingleton<PluginStatus>();
        serviceCollection.AddSingleton<AccessDesk>();
        serviceCollection.AddSingleton(services => MakeServer(services, folder));
        serviceCollection.AddHostedService(services => services.GetRequiredService<EmbeddedServer>());
        serviceCollection.AddSingleton<IStartupFilter, StartupFilter>();
    }

    private static EmbeddedServer MakeServer(IServiceProvider services, string folder)
    {
        var cache = Path.Combine(services.GetRequiredService<IApplicationPaths>().CachePath, "openwatchparty");
        return new EmbeddedServer(
            services.GetRequiredService<LiveSettings>(),
            new ServerProgram(folder, cache),
            [Path.GetTempPath(), "/tmp", cache],
            services.GetRequiredService<AccessDesk>().Answer,
            services.GetRequiredService<ServerTimes>(),
            services.GetRequiredService<ILogger<EmbeddedServer>>());
    }
}
