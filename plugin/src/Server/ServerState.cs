namespace OpenWatchParty.Plugin.Server;

/// <summary>What the server in the plugin is doing.</summary>
public enum ServerPhase
{
    /// <summary>It is not wanted: another mode, or the plugin is being uninstalled.</summary>
    Off,

    /// <summary>It was started and has not said yet that it listens.</summary>
    Starting,

    /// <summary>It takes connections.</summary>
    Ready,

    /// <summary>It ended or never got ready, and is started again after a while.</summary>
    Waiting,

    /// <summary>It can't run on this machine.</summary>
    Impossible,
}

/// <summary>
/// The state of the server in the plugin at one moment.
/// </summary>
/// <param name="Phase">What it is doing.</param>
/// <param name="SocketPath">Where it takes connections; empty unless it is ready.</param>
/// <param name="Secret">What each request to it has to carry; never logged or shown.</param>
/// <param name="ProcessId">Its process; 0 if there is none.</param>
/// <param name="Restarts">How often it was started again since Jellyfin's start.</param>
/// <param name="Problem">What is wrong and what to do, in sentences; null if nothing is.</param>
public sealed record ServerState(ServerPhase Phase, string SocketPath, string Secret, int ProcessId, int Restarts, string? Problem)
{
    /// <summary>Nothing runs.</summary>
    public static readonly ServerState Off = new(ServerPhase.Off, string.Empty, string.Empty, 0, 0, null);

    /// <summary>Whoever prints the state prints no secret.</summary>
    public override string ToString() => $"{Phase} pid={ProcessId} restarts={Restarts} {Problem}";
}
