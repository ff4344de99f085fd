using OpenWatchParty.Plugin.Tunnel;

namespace OpenWatchParty.Plugin.Tests.Tunnel;

public class FrameBoundaryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void KnowsTheEndOfAFrameHoweverItsBytesCome(int payload)
    {
        byte[] head = payload < 126 ? [0x81, (byte)payload]
            : payload <= ushort.MaxValue ? [0x81, 126, (byte)(payload >> 8), (byte)payload]
            : [0x82, 127, 0, 0, 0, 0, 0, (byte)(payload >> 16), (byte)(payload >> 8), (byte)payload];
        byte[] frame = [.. head, .. new byte[payload]];
        foreach (var step in (int[])[1, 7, 4096, frame.Length])
        {
            var boundary = new FrameBoundary();
            Assert.True(boundary.IsHere);
            for (var at = 0; at < frame.Length; at += step)
            {
                Assert.Equal(at == 0, boundary.IsHere);
                boundary.Pass(frame.AsSpan(at, Math.Min(step, frame.Length - at)));
            }

            Assert.True(boundary.IsHere);
        }
    }

    [Fact]
    public void FollowsManyFramesInOnePiece()
    {
        var boundary = new FrameBoundary();
        boundary.Pass([0x89, 0, 0x81, 2, 1, 2, 0x81]);
        Assert.False(boundary.IsHere);
        boundary.Pass([0]);
        Assert.True(boundary.IsHere);
    }
}
