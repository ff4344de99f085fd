using OpenWatchParty.Plugin.Injection;
using OpenWatchParty.Plugin.Server;
using OpenWatchParty.Plugin.Tunnel;

namespace OpenWatchParty.Plugin.Api;

/// <summary>Gathers what an administrator may want to know when a party does not come about.</summary>
public sealed class PluginStatus
{
    private readonly LiveSettings _settings;
    private readonly Versions _versions;
    private readonly ClientBundle _bundle;
    private readonly InjectionRecord _injection;
    private readonly EmbeddedServer _server;
    private readonly ConnectionCount _connections;

    /// <summary>Over these parts.</summary>
    public PluginStatus(LiveSettings settings, Versions versions, ClientBundle bundle, InjectionRecord injection, EmbeddedServer server, ConnectionCount connections)
    {
        _settings = settings;
        _versions = versions;
        _bundle = bundle;
        _injection = injection;
        _server = server;
        _connections = connections;
    }

    /// <summary>As it is now; no secret is in it.</summary>
    internal object Take(string version)
    {
        var state = _server.State;
        string?[] problems = [.. _settings.Problems, _versions.Problem, _bundle.Problem, _injection.Problem, state.Problem];
        return new
        {
            Version = version,
            Mode = _settings.Current.Mode.ToString().ToLowerInvariant(),
            Injection = new { On = _settings.Injecting, _injection.Pages, _injection.Configs, ClientVersion = _bundle.Version },
            Server = new { Phase = state.Phase.ToString().ToLowerInvariant(), state.ProcessId, state.Restarts },
            Connections = _connections.All,
            Problems = problems.Where(problem => problem is not null).ToArray(),
        };
    }

    internal TestResult TestEmbedded() => _server.State is { Phase: ServerPhase.Ready }
        ? new TestResult(true, "none", "All is well: the plugin's own server runs and takes connections.")
        : new TestResult(false, "server", _server.State.Problem ?? "The plugin's own server is starting: try again in a few seconds.");
}
