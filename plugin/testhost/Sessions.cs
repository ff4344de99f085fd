using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;

namespace OpenWatchParty.TestHost;

/// <summary>
/// By which Jellyfin reaches its own web client: each user's newest socket, as it takes the newest of a device. What
/// the client says on it is for nobody here.
/// </summary>
public sealed class Sessions
{
    private readonly ConcurrentDictionary<string, WebSocket> _sockets = new();

    /// <summary>Holds the user's socket until it closes.</summary>
    public async Task ServeAsync(string userId, WebSocket socket, CancellationToken cancel)
    {
        _sockets[userId] = socket;
        var buffer = new byte[4096];
        while (!socket.CloseStatus.HasValue && (await socket.ReceiveAsync(buffer, cancel).ConfigureAwait(false)).Count >= 0)
        {
        }
    }

    /// <summary>Sends a message to the user's page, if there is one.</summary>
    public async Task SendAsync(string userId, string type, object data)
    {
        if (_sockets.TryGetValue(userId, out var socket) && socket.State == WebSocketState.Open)
        {
            var message = JsonSerializer.SerializeToUtf8Bytes(new { MessageType = type, MessageId = Guid.NewGuid().ToString("N"), Data = data });
            await socket.SendAsync(message, WebSocketMessageType.Text, true, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
