namespace OpenWatchParty.Plugin;

/// <summary>
/// The configuration that is in force, for everybody in the plugin. Jellyfin makes services first and the plugin's own
/// object later: until then, and once the plugin is being uninstalled, all is off. Any thread may read.
/// </summary>
public sealed class LiveSettings
{
    private static readonly PluginConfiguration Nothing = new() { Mode = ServerMode.Off, InjectScript = false };
    private volatile PluginConfiguration _current = Nothing;
    private volatile IReadOnlyList<string> _problems = [];

    /// <summary>Called after each change, on the thread that made it.</summary>
    public event Action? Changed;

    /// <summary>What is in force; never changed in place.</summary>
    public PluginConfiguration Current => _current;

    /// <summary>What was wrong with the configuration as it was found, in sentences.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Whether Jellyfin's pages get our script and our entry.</summary>
    public bool Injecting => _current is { InjectScript: true, Mode: not ServerMode.Off };

    internal void Use(PluginConfiguration configuration, IReadOnlyList<string> problems)
    {
        _current = configuration;
        _problems = problems;
        Changed?.Invoke();
    }

    internal void TurnOff() => Use(Nothing, []);
}
