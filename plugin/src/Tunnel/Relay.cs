using System.Text;

namespace OpenWatchParty.Plugin.Tunnel;

/// <summary>
/// Carries the bytes of one WebSocket both ways as they are, so pings, extensions and close codes pass. A side that does
/// not take its bytes is not read from on the other: what waits is one buffer each way.
/// </summary>
internal sealed class Relay : IDisposable
{
    private const int BufferBytes = 16 << 10;
    private readonly Stream _browser;
    private readonly Stream _server;
    private readonly FrameBoundary _boundary = new();
    private readonly SemaphoreSlim _writing = new(1, 1);

    public Relay(Stream browser, Stream server)
    {
        _browser = browser;
        _server = server;
    }

    /// <summary>Until one side ends or `stop` is set.</summary>
    public async Task RunAsync(ReadOnlyMemory<byte> early, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await ToBrowserAsync(early, either.Token).ConfigureAwait(false);
        Task[] ways = [DownAsync(either.Token), UpAsync(either.Token)];
        await Task.WhenAny(ways).ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(ways).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>
    /// Ends it with a close frame of our own (RFC 6455, 5.5.1), if none of the server's is in the middle of being sent.
    /// </summary>
    public async Task CloseAsync(ushort code, string reason, TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        try
        {
            await _writing.WaitAsync(patience.Token).ConfigureAwait(false);
            if (_boundary.IsHere)
            {
                var text = Encoding.UTF8.GetBytes(reason);
                byte[] frame = [0x88, (byte)(2 + text.Length), (byte)(code >> 8), (byte)code, .. text];
                await _browser.WriteAsync(frame, patience.Token).ConfigureAwait(false);
                await _browser.FlushAsync(patience.Token).ConfigureAwait(false);
            }

            // The lock stays with us: nothing may follow a close frame
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It does not take even that: the end of the stream has to do
        }
    }

    /// <inheritdoc />
    public void Dispose() => _writing.Dispose();

    private async Task DownAsync(CancellationToken stop)
    {
        var buffer = new byte[BufferBytes];
        int count;
        while ((count = await _server.ReadAsync(buffer, stop).ConfigureAwait(false)) > 0)
        {
            await ToBrowserAsync(buffer.AsMemory(0, count), stop).ConfigureAwait(false);
        }
    }

    private async Task UpAsync(CancellationToken stop)
    {
        var buffer = new byte[BufferBytes];
        int count;
        while ((count = await _browser.ReadAsync(buffer, stop).ConfigureAwait(false)) > 0)
        {
            await _server.WriteAsync(buffer.AsMemory(0, count), stop).ConfigureAwait(false);
        }
    }

    private async Task ToBrowserAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        await _writing.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            _boundary.Pass(bytes.Span);
            await _browser.WriteAsync(bytes, stop).ConfigureAwait(false);
            await _browser.FlushAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }
}
