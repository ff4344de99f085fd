using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using OpenWatchParty.Plugin.Injection;
using OpenWatchParty.Plugin.Tunnel;

namespace OpenWatchParty.Plugin;

/// <summary>Puts us in front of Jellyfin's pipeline.</summary>
internal sealed class StartupFilter(Versions versions) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        if (!versions.StandAside)
        {
            app.UseMiddleware<TunnelMiddleware>();
            app.UseMiddleware<InjectionMiddleware>();
        }

        next(app);
    };
}
