using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using OpenWatchParty.Plugin.Api;
using OpenWatchParty.Plugin.Server;

namespace OpenWatchParty.Plugin.Tunnel;

/// <summary>
/// Opens the WebSocket at the server in the plugin, as the user that Jellyfin knows. The browser's own handshake headers
/// are passed on, so that both ends agree on key and extensions; who it is comes from us alone.
/// </summary>
internal static class ServerHandshake
{
    private const int HeadBytesMax = 16 << 10;
    private const int NameBytesMax = 1024;

    /// <summary>
    /// The open stream, the headers for the browser, and what the server said already.
    /// </summary>
    /// <exception cref="IOException">The server did not open it.</exception>
    /// <exception cref="SocketException">The server is not there.</exception>
    public static async Task<ServerSide> OpenAsync(ServerState server, HttpRequest browser, Caller caller, IPAddress? client, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(server.SocketPath), stop).ConfigureAwait(false);
            var stream = new NetworkStream(socket, ownsSocket: true);
            await stream.WriteAsync(Request(server, browser, caller, client), stop).ConfigureAwait(false);
            return await AnswerAsync(stream, stop).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static byte[] Request(ServerState server, HttpRequest browser, Caller caller, IPAddress? client)
    {
        var key = browser.Headers.SecWebSocketKey.ToString();
        var head = new StringBuilder("GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
        void Add(string name, string value) => head.Append(name).Append(": ").Append(value).Append("\r\n");

        // HTTP/2 has no key (RFC 8441, 5.1)
        Add("Sec-WebSocket-Key", key.Length > 0 ? key : Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)));
        foreach (var name in (string[])["Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol"])
        {
            if (browser.Headers[name].ToString() is { Length: > 0 } value)
            {
                Add(name, value);
            }
        }

        Add("X-OpenWatchParty-Secret", server.Secret);
        Add("X-OpenWatchParty-User", caller.UserId);
        Add("X-OpenWatchParty-Name", Uri.EscapeDataString(Name(caller.Name)));
        Add("X-Forwarded-For", (client ?? IPAddress.Loopback).ToString());
        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }

    private static string Name(string name)
    {
        var plain = string.Concat(name.EnumerateRunes().Where(rune => !Rune.IsControl(rune)));
        while (Encoding.UTF8.GetByteCount(plain) > NameBytesMax)
        {
            plain = string.Concat(plain.EnumerateRunes().SkipLast(1));
        }

        return plain.Length > 0 ? plain : "?";
    }

    private static async Task<ServerSide> AnswerAsync(Stream stream, CancellationToken stop)
    {
        var buffer = new byte[HeadBytesMax];
        var have = 0;
        int end;
        while ((end = buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var count = have < buffer.Length ? await stream.ReadAsync(buffer.AsMemory(have), stop).ConfigureAwait(false) : 0;
            if (count == 0)
            {
                throw new IOException("The server's answer ended too early.");
            }

            have += count;
        }

        var lines = Encoding.ASCII.GetString(buffer, 0, end).Split("\r\n");
        if (!lines[0].StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal))
        {
            throw new IOException($"The server answered {lines[0]}");
        }

        var headers = lines.Skip(1)
            .Select(line => line.Split(':', 2))
            .Where(pair => pair.Length == 2 && pair[0].StartsWith("Sec-WebSocket-", StringComparison.OrdinalIgnoreCase))
            .Select(pair => KeyValuePair.Create(pair[0], pair[1].Trim()))
            .ToArray();
        return new ServerSide(stream, headers, buffer.AsMemory(end + 4, have - end - 4));
    }
}

/// <summary>The server's end of a tunnel.</summary>
/// <param name="Stream">Its bytes from now on.</param>
/// <param name="Headers">What the browser's handshake is answered with.</param>
/// <param name="Early">Its first bytes, which came with its answer.</param>
internal sealed record ServerSide(Stream Stream, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Early);
