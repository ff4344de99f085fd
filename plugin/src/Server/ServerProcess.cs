using System.Diagnostics;
using System.Text;

namespace OpenWatchParty.Plugin.Server;

/// <summary>
/// One life of the server: started, told its secret, listened to, ended. It ends by itself when its standard input
/// does, so it also goes when Jellyfin is killed.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _writing = new(1, 1);

    private ServerProcess(Process process, string socketPath, Action<string> onLine, Func<string, string?>? onAsk)
    {
        _process = process;
        Id = process.Id;
        var reading = Task.WhenAll(
            ReadAsync(process.StandardOutput.BaseStream, line => TakeOutput(line, socketPath, onLine, onAsk)),
            ReadAsync(process.StandardError.BaseStream, onLine));
        Ended = EndAsync(reading);
    }

    /// <summary>Its process id.</summary>
    public int Id { get; }

    /// <summary>Done once it takes connections; never, if it ends before.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Its exit code, once it is gone and all that it said was taken.</summary>
    public Task<int> Ended { get; }

    /// <summary>
    /// Starts it.
    /// </summary>
    /// <param name="program">The file.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="socketPath">The socket that it announces when it is ready.</param>
    /// <param name="secret">The first line that it reads.</param>
    /// <param name="onLine">Gets each other line that it says, on any thread.</param>
    /// <param name="onAsk">Answers its questions, lines that begin with `{"ask":`; a null answer is none.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It can't be started; NativeErrorCode says why.</exception>
    public static ServerProcess Start(string program, IEnumerable<string> arguments, string socketPath, string secret, Action<string> onLine, Func<string, string?>? onAsk)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(socketPath),
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Jellyfin's environment is not ours: a JWT_SECRET there would be read as a setting
        start.Environment.Clear();
        var server = new ServerProcess(Process.Start(start)!, socketPath, onLine, onAsk);
        _ = server.SayAsync(secret);
        return server;
    }

    /// <summary>Asks it to end, and makes it end after some seconds.</summary>
    public async Task StopAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // What was left to be said can't be said any more
        }

        try
        {
            await Ended.WaitAsync(Grace).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Kill();
            await Ended.ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!Ended.IsCompleted)
        {
            await StopAsync().ConfigureAwait(false);
        }

        _process.Dispose();
        _writing.Dispose();
    }

    private static async Task ReadAsync(Stream stream, Action<string> take)
    {
        try
        {
            await foreach (var line in BoundedLines.ReadAsync(stream).ConfigureAwait(false))
            {
                take(line);
            }
        }
        catch (IOException)
        {
            // It is gone
        }
    }

    private void TakeOutput(string line, string socketPath, Action<string> onLine, Func<string, string?>? onAsk)
    {
        if (line == $"Listening on unix:{socketPath}")
        {
            _ready.TrySetResult();
        }

        if (onAsk is null || !line.StartsWith("{\"ask\":", StringComparison.Ordinal))
        {
            onLine(line);
        }
        else if (onAsk(line) is { } answer)
        {
            _ = SayAsync(answer);
        }
    }

    private async Task SayAsync(string line)
    {
        try
        {
            await _writing.WaitAsync().ConfigureAwait(false);
            try
            {
                var stream = _process.StandardInput.BaseStream;
                await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n")).ConfigureAwait(false);
                await stream.FlushAsync().ConfigureAwait(false);
            }
            finally
            {
                _writing.Release();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It is gone, and nothing waits for this line
        }
    }

    private async Task<int> EndAsync(Task reading)
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);

        // A grandchild that kept the pipes open must not keep us
        await Task.WhenAny(reading, Task.Delay(Grace)).ConfigureAwait(false);
        return _process.ExitCode;
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has just ended
        }
    }
}
