using Microsoft.Extensions.Logging;
using OpenWatchParty.Plugin.Server;

namespace OpenWatchParty.Plugin.Tests.Server;

public class ServerLogTests
{
    [Theory]
    [InlineData("""{"level":"warning","message":"x"}""", LogLevel.Warning)]
    [InlineData("""{"level":"error","message":"x"}""", LogLevel.Error)]
    [InlineData("""{"level":5}""", LogLevel.Information)]
    [InlineData("no json", LogLevel.Information)]
    public void PassesLinesOnAtTheirLevel(string line, LogLevel level)
    {
        var log = new CollectedLog();
        new ServerLog(log, TimeProvider.System).Take(line);
        Assert.Equal([(level, $"owp-server: {line}")], log.Lines);
    }

    [Fact]
    public void LetsNoControlCharacterIntoTheLog()
    {
        var log = new CollectedLog();
        new ServerLog(log, TimeProvider.System).Take("a\u001b[31mb");
        Assert.DoesNotContain('\u001b', Assert.Single(log.Lines).Text);
    }

    [Fact]
    public void CutsAFloodAndSaysHowMuchWasLeftOut()
    {
        var log = new CollectedLog();
        var time = new Clock();
        var server = new ServerLog(log, time);
        for (var i = 0; i < 1000; ++i)
        {
            server.Take("again");
        }

        Assert.Equal(ServerLog.LinesPerSecondMax, log.Lines.Count);
        time.Now += TimeSpan.FromSeconds(1);
        server.Take("later");
        Assert.Contains((LogLevel.Warning, "owp-server said too much in one second: 950 lines left out"), log.Lines);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
