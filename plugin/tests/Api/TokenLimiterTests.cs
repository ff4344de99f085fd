using OpenWatchParty.Plugin.Api;

namespace OpenWatchParty.Plugin.Tests.Api;

public class TokenLimiterTests
{
    private sealed class FakeTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }

    [Fact]
    public void GivesTenAMinuteToEachUserAndSaysHowLongToWait()
    {
        var time = new FakeTime();
        var limiter = new TokenLimiter(time);
        for (var i = 0; i < 10; ++i)
        {
            Assert.Equal(TimeSpan.Zero, limiter.Take("ada"));
            time.Now += TimeSpan.FromSeconds(1);
        }

        Assert.Equal(TimeSpan.FromSeconds(50), limiter.Take("ada"));
        Assert.Equal(TimeSpan.Zero, limiter.Take("ben"));
        time.Now += TimeSpan.FromSeconds(50);
        Assert.Equal(TimeSpan.Zero, limiter.Take("ada"));
        Assert.Equal(TimeSpan.FromSeconds(1), limiter.Take("ada"));
    }
}
