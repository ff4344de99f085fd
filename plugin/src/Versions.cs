using System.Reflection;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.Extensions.DependencyInjection;

namespace OpenWatchParty.Plugin;

/// <summary>
/// Which versions of us Jellyfin has loaded. It keeps the newest of a name only, but a folder that was unpacked by hand
/// may have another name. Then the newest works and the others do nothing: no script, no server, no answer.
/// Versions have no type in common, so they know each other by this one's name, which must stay as it is.
/// </summary>
public sealed class Versions : IApplicationModelConvention
{
    private readonly IServiceCollection _services;

    /// <summary>Of those whose services are here once all plugins have added theirs.</summary>
    public Versions(IServiceCollection services)
    {
        _services = services;
    }

    /// <summary>Whether another version does the work.</summary>
    public bool StandAside => Loaded.MaxBy(Number) != Ours;

    /// <summary>Which others are there and what to do, in sentences; null if we are alone.</summary>
    public string? Problem
    {
        get
        {
            var others = Loaded.Where(version => version != Ours).Select(version => $"OpenWatchParty {Number(version)} in {Path.GetDirectoryName(version.Location)}").ToArray();
            return others.Length == 0 ? null
                : $"{string.Join(" and ", others)} is installed besides and does nothing: delete that folder and restart Jellyfin. Until then new settings may count from the next restart only.";
        }
    }

    private static Assembly Ours => typeof(Versions).Assembly;

    // In the order of their registration: of two that are the same, the first works
    private IEnumerable<Assembly> Loaded
        => _services.Select(service => service.ServiceType).Where(type => type.FullName == typeof(Versions).FullName).Select(type => type.Assembly);

    /// <summary>Two that answer at the same address would be an error of Jellyfin's for both.</summary>
    public void Apply(ApplicationModel application)
    {
        if (StandAside)
        {
            foreach (var controller in application.Controllers.Where(controller => controller.ControllerType.Assembly == Ours).ToArray())
            {
                application.Controllers.Remove(controller);
            }
        }
    }

    private static Version? Number(Assembly version) => version.GetName().Version;
}
