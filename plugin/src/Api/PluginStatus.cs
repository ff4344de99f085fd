using OpenWatchParty.Plugin.Injection;

namespace OpenWatchParty.Plugin.Api;

/// <summary>Gathers what an administrator may want to know when a party does not come about.</summary>
public sealed class PluginStatus
{
    private readonly LiveSettings _settings;
    private readonly ClientBundle _bundle;
    private readonly InjectionRecord _injection;

    /// <summary>Over these parts.</summary>
    public PluginStatus(LiveSettings settings, ClientBundle bundle, InjectionRecord injection)
    {
        _settings = settings;
        _bundle = bundle;
        _injection = injection;
    }

    /// <summary>As it is now; no secret is in it.</summary>
    internal object Take(string version)
    {
        string?[] problems = [.. _settings.Problems, _bundle.Problem, _injection.Problem];
        return new
        {
            Version = version,
            Mode = _settings.Current.Mode.ToString().ToLowerInvariant(),
            Injection = new { On = _settings.Injecting, _injection.Pages, _injection.Configs, ClientVersion = _bundle.Version },
            Problems = problems.Where(problem => problem is not null).ToArray(),
        };
    }
}
