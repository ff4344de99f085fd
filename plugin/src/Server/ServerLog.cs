using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace OpenWatchParty.Plugin.Server;

/// <summary>
/// Passes the server's lines on to Jellyfin's log: JSON lines at their level, anything else as it is. A flood is cut
/// at <see cref="LinesPerSecondMax"/> and counted.
/// </summary>
internal sealed partial class ServerLog
{
    /// <summary>More than a server of 500 connections says on a bad day.</summary>
    public const int LinesPerSecondMax = 50;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly object _lock = new();
    private long _second;
    private int _lines;
    private int _dropped;

    public ServerLog(ILogger logger, TimeProvider time)
    {
        _logger = logger;
        _time = time;
    }

    /// <summary>One line of its output. Any thread.</summary>
    public void Take(string line)
    {
        int dropped;
        lock (_lock)
        {
            var second = _time.GetUtcNow().ToUnixTimeSeconds();
            dropped = second == _second ? 0 : _dropped;
            if (second != _second)
            {
                (_second, _lines, _dropped) = (second, 0, 0);
            }

            if (++_lines > LinesPerSecondMax)
            {
                ++_dropped;
                return;
            }
        }

        if (dropped > 0)
        {
            LogDropped(dropped);
        }

        var (level, text) = Parse(line);
        LogLine(level, text);
    }

    private static (LogLevel Level, string Text) Parse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("level", out var level) && level.ValueKind == JsonValueKind.String)
            {
                return (LevelOf(level.GetString()), Printable(line));
            }
        }
        catch (JsonException)
        {
            // Then it is a line like any other
        }

        return (LogLevel.Information, Printable(line));
    }

    private static LogLevel LevelOf(string? name) => name switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "warn" or "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "critical" => LogLevel.Critical,
        _ => LogLevel.Information,
    };

    // No line breaks or terminal codes of another program in Jellyfin's log
    private static string Printable(string line)
        => line.Any(char.IsControl) ? string.Concat(line.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : line;

    [LoggerMessage(Message = "owp-server: {Line}")]
    private partial void LogLine(LogLevel level, string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "owp-server said too much in one second: {Count} lines left out")]
    private partial void LogDropped(int count);
}
