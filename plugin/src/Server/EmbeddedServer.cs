using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OpenWatchParty.Plugin.Server;

/// <summary>
/// Keeps the server in the plugin running while it is wanted: starts it, waits until it is ready, starts it again with
/// ever longer pauses when it ends, and ends it with Jellyfin, with the mode, and with the plugin. Nothing that
/// happens to it reaches Jellyfin.
/// </summary>
public sealed partial class EmbeddedServer : IHostedService, IDisposable
{
    private const int PermissionDenied = 13; // EACCES: the folder is mounted noexec, or the mode could not be set
    private readonly LiveSettings _settings;
    private readonly ServerProgram _program;
    private readonly string[] _socketPlaces;
    private readonly Func<string, string?>? _onAsk;
    private readonly ServerTimes _times;
    private readonly ILogger<EmbeddedServer> _logger;
    private readonly ServerLog _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly object _turnLock = new();
    private CancellationTokenSource? _turn;
    private IReadOnlyList<string>? _running;
    private Task _loop = Task.CompletedTask;
    private volatile ServerState _state = ServerState.Off;

    internal EmbeddedServer(LiveSettings settings, ServerProgram program, IEnumerable<string> socketPlaces, Func<string, string?>? onAsk, ServerTimes times, ILogger<EmbeddedServer> logger)
    {
        _settings = settings;
        _program = program;
        _socketPlaces = [.. socketPlaces];
        _onAsk = onAsk;
        _times = times;
        _logger = logger;
        _log = new ServerLog(logger, TimeProvider.System);
    }

    /// <summary>What it is doing now. Any thread.</summary>
    public ServerState State => _state;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _settings.Changed += OnSettings;
        _loop = Task.Run(LoopAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _settings.Changed -= OnSettings;
        await _stop.CancelAsync().ConfigureAwait(false);

        // Others may have used up the time for stopping: that is no error of Jellyfin's, and the server ends all the same
        await _loop.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc />
    public void Dispose() => _stop.Dispose();

    private static IReadOnlyList<string>? Wanted(PluginConfiguration config)
        => config.Mode == ServerMode.Embedded ? ServerFlags.For(config) : null;

    // Only what concerns the running server ends it
    private void OnSettings()
    {
        lock (_turnLock)
        {
            var wanted = Wanted(_settings.Current);
            if (!(wanted is null ? _running is null : _running is not null && wanted.SequenceEqual(_running)))
            {
                _turn?.Cancel();
            }
        }
    }

    private async Task LoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            using var turn = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            lock (_turnLock)
            {
                _turn = turn;
                _running = Wanted(_settings.Current);
            }

            try
            {
                await (_running is { } flags ? KeepRunningAsync(flags, turn.Token) : RestAsync(turn.Token)).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Other settings, or the end
            }
            catch (Exception e)
            {
                // A promise to Jellyfin: whatever we have not thought of stays here
                LogUnexpected(e);
                _state = ServerState.Off with { Phase = ServerPhase.Impossible, Problem = $"The server could not be looked after: {e.Message} See Jellyfin's log." };
                await RestAsync(turn.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            lock (_turnLock)
            {
                _turn = null;
            }
        }

        _state = ServerState.Off;
    }

    private Task RestAsync(CancellationToken turn)
    {
        if (_running is null)
        {
            _state = ServerState.Off;
        }

        return Task.Delay(Timeout.InfiniteTimeSpan, turn);
    }

    private async Task KeepRunningAsync(IReadOnlyList<string> flags, CancellationToken turn)
    {
        if (_program.Find(out var problem) is not { } program)
        {
            await GiveUpAsync(problem!, turn).ConfigureAwait(false);
            return;
        }

        var pause = _times.FirstPause;
        for (var restarts = 0; ; ++restarts)
        {
            var started = Stopwatch.GetTimestamp();
            string why;
            try
            {
                why = await LiveAsync(program, flags, restarts, turn).ConfigureAwait(false);
            }
            catch (Win32Exception e) when (e.NativeErrorCode == PermissionDenied)
            {
                if (_program.Copy(program, out problem) is not { } copy || copy == program)
                {
                    await GiveUpAsync(problem ?? "The server can't be started: no execution in the plugin's folder nor in the cache. Choose the remote mode.", turn).ConfigureAwait(false);
                    return;
                }

                program = copy;
                continue;
            }
            catch (Win32Exception e)
            {
                await GiveUpAsync($"The server can't be started on this machine: {e.Message} Choose the remote mode.", turn).ConfigureAwait(false);
                return;
            }

            pause = Stopwatch.GetElapsedTime(started) >= _times.WellAfter ? _times.FirstPause : pause;
            LogEnded(why, pause.TotalSeconds);
            _state = new ServerState(ServerPhase.Waiting, string.Empty, string.Empty, 0, restarts, $"{why} It is started again.");
            await Task.Delay(pause, turn).ConfigureAwait(false);
            pause = pause * 2 < _times.LongestPause ? pause * 2 : _times.LongestPause;
        }
    }

    /// <summary>From its start to its end; why it ended, as a sentence.</summary>
    private async Task<string> LiveAsync(string program, IReadOnlyList<string> flags, int restarts, CancellationToken turn)
    {
        using var folder = SocketFolder.Make(_socketPlaces, out var problem);
        if (folder is null)
        {
            return problem!;
        }

        var secret = ConfigurationRules.NewSecret();
        var server = ServerProcess.Start(program, [.. flags, "--unix-socket", folder.Socket], folder.Socket, secret, _log.Take, _onAsk);
        await using var _ = server.ConfigureAwait(false);
        var state = new ServerState(ServerPhase.Starting, string.Empty, string.Empty, server.Id, restarts, null);
        _state = state;
        var first = await Task.WhenAny(server.Ready, server.Ended, Task.Delay(_times.ReadyWithin, turn)).ConfigureAwait(false);
        turn.ThrowIfCancellationRequested();
        if (first != server.Ready && first != server.Ended)
        {
            return $"The server did not get ready within {_times.ReadyWithin.TotalSeconds:0.#} seconds.";
        }

        if (first == server.Ready)
        {
            LogReady(server.Id);
            _state = state with { Phase = ServerPhase.Ready, SocketPath = folder.Socket, Secret = secret };
        }

        var code = await server.Ended.WaitAsync(turn).ConfigureAwait(false);
        return $"The server ended with code {code}; Jellyfin's log has what it said.";
    }

    private Task GiveUpAsync(string problem, CancellationToken turn)
    {
        LogImpossible(problem);
        _state = ServerState.Off with { Phase = ServerPhase.Impossible, Problem = problem };
        return Task.Delay(Timeout.InfiniteTimeSpan, turn);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The party server is ready, process {Id}")]
    private partial void LogReady(int id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Why} It is started again in {Seconds} s")]
    private partial void LogEnded(string why, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    private partial void LogImpossible(string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The party server could not be looked after")]
    private partial void LogUnexpected(Exception e);
}
