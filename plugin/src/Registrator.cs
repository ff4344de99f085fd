using MediaBrowser.Controller;
using MediaBrowser.Controller.Plugins;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using OpenWatchParty.Plugin.Api;
using OpenWatchParty.Plugin.Injection;

namespace OpenWatchParty.Plugin;

/// <summary>The map of the plugin: every service it adds to Jellyfin.</summary>
public sealed class Registrator : IPluginServiceRegistrator
{
    /// <inheritdoc />
    public void RegisterServices(IServiceCollection serviceCollection, IServerApplicationHost applicationHost)
    {
        var folder = Path.GetDirectoryName(typeof(Registrator).Assembly.Location)!;
        serviceCollection.AddSingleton<LiveSettings>();
        serviceCollection.AddSingleton(_ => ClientBundle.Load(folder));
        serviceCollection.AddSingleton(_ => new TokenLimiter(TimeProvider.System));
        serviceCollection.AddSingleton<InjectionRecord>();
        serviceCollection.AddSingleton<PluginStatus>();
        serviceCollection.AddSingleton<IStartupFilter, StartupFilter>();
    }
}
