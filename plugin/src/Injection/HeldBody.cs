using Microsoft.AspNetCore.Http;

namespace OpenWatchParty.Plugin.Injection;

/// <summary>
/// Stands in for a response's body: holds back what is to be rewritten, and lets everything else through as it comes.
/// Which of both is decided at the first byte, when status and headers are known; a body that grows beyond
/// <see cref="BytesMax"/> is let through after all.
/// </summary>
internal sealed class HeldBody : Stream
{
    /// <summary>Jellyfin's index page has 30 kB with all its preloads; a page of a hundred times that is no index page.</summary>
    public const int BytesMax = 4 << 20;
    private readonly HttpResponse _response;
    private readonly Stream _client;
    private readonly Func<HttpResponse, bool> _wanted;
    private MemoryStream? _held;
    private bool _decided;

    public HeldBody(HttpResponse response, Stream client, Func<HttpResponse, bool> wanted)
    {
        _response = response;
        _client = client;
        _wanted = wanted;
    }

    /// <summary>The whole body, once it is written; null if it went through.</summary>
    public MemoryStream? Held => _held;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return;
        }

        if (!_decided)
        {
            _decided = true;
            _held = _wanted(_response) ? new MemoryStream() : null;
        }

        if (_held is { } held && held.Length + buffer.Length > BytesMax)
        {
            _held = null;
            held.Position = 0;
            await held.CopyToAsync(_client, cancellationToken).ConfigureAwait(false);
        }

        if (_held is not null)
        {
            _held.Write(buffer.Span);
        }
        else
        {
            await _client.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
        => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    // What is held has no byte to flush, and a flush before the first byte would decide nothing
    public override Task FlushAsync(CancellationToken cancellationToken)
        => _decided && _held is null ? _client.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override void Flush() => FlushAsync(CancellationToken.None).GetAwaiter().GetResult();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
