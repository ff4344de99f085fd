using System.Buffers.Binary;

namespace OpenWatchParty.Plugin.Tunnel;

/// <summary>Knows where in the server's WebSocket frames (RFC 6455, 5.2; unmasked) a stream of bytes is.</summary>
internal sealed class FrameBoundary
{
    private readonly byte[] _head = new byte[10];
    private int _headBytes;
    private ulong _payloadLeft;

    /// <summary>Whether a frame of our own may stand here.</summary>
    public bool IsHere => _headBytes == 0 && _payloadLeft == 0;

    /// <summary>These bytes have passed.</summary>
    public void Pass(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_payloadLeft > 0)
            {
                var count = (int)Math.Min(_payloadLeft, (ulong)bytes.Length);
                _payloadLeft -= (ulong)count;
                bytes = bytes[count..];
                continue;
            }

            _head[_headBytes++] = bytes[0];
            bytes = bytes[1..];
            if (_headBytes >= 2 && _headBytes == HeadLength(_head[1]))
            {
                _payloadLeft = _headBytes switch
                {
                    2 => (ulong)_head[1] & 0x7f,
                    4 => BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(2)),
                    _ => BinaryPrimitives.ReadUInt64BigEndian(_head.AsSpan(2)),
                };
                _headBytes = 0;
            }
        }
    }

    private static int HeadLength(byte second) => (second & 0x7f) switch { 126 => 4, 127 => 10, _ => 2 };
}
