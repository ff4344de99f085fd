using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace OpenWatchParty.Plugin.Api;

/// <summary>What a test found; `Side` is the one who has to act: none, plugin, network, server.</summary>
internal sealed record TestResult(bool Ok, string Side, string Message);

/// <summary>
/// Goes the way of a client to the remote server, up to a sign-in by a client's token, and says at which step it ended.
/// </summary>
internal static class RemoteTest
{
    private const int AnswerBytesMax = 256 * 1024;
    private static readonly TimeSpan StepMax = TimeSpan.FromSeconds(5);

    // A server that asks Jellyfin gives it five seconds of its own
    private static readonly TimeSpan SignInMax = TimeSpan.FromSeconds(10);

    /// <summary>With these settings; `origin` is the page's, which the server has to allow.</summary>
    public static async Task<TestResult> RunAsync(PluginConfiguration config, string? token, string origin, CancellationToken cancel)
    {
        if (token is null)
        {
            return new TestResult(false, "plugin", "An API key is nobody, so the server could not let it in: make the test as a user.");
        }

        if (!Uri.TryCreate(config.RemoteUrl, UriKind.Absolute, out var address))
        {
            return new TestResult(false, "plugin", "No address of a remote server is set. It looks like wss://party.example.org/ws.");
        }

        return await HealthAsync(address, config.ServerAsksJellyfin, cancel).ConfigureAwait(false)
            ?? await SignInAsync(address, config.ServerAsksJellyfin, token, origin, cancel).ConfigureAwait(false);
    }

    private static async Task<TestResult?> HealthAsync(Uri address, bool asksJellyfin, CancellationToken cancel)
    {
        var health = new UriBuilder(new Uri(address, "health")) { Scheme = address.Scheme == "wss" ? "https" : "http", Port = address.Port, Query = string.Empty }.Uri;
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { Timeout = StepMax, MaxResponseContentBufferSize = AnswerBytesMax };
        try
        {
            using var response = await http.GetAsync(health, cancel).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return new TestResult(false, "server", $"{health} answers with {(int)response.StatusCode}: that is no owp-server, or a proxy in front of it does not pass this path on.");
            }

            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancel).ConfigureAwait(false);
            if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("status", out _) || !answer.TryGetProperty("auth_enabled", out var auth))
            {
                return new TestResult(false, "server", $"{health} answers, but not as an owp-server does. Is the address that of another program?");
            }

            return auth.ValueKind == JsonValueKind.True
                ? null
                : new TestResult(false, "server", "The server is there, but lets everybody in under any name: " + (asksJellyfin
                    ? "start it with --jellyfin-url (OWP_JELLYFIN_URL)."
                    : "give it the secret of this page (JWT_SECRET) and start it again."));
        }
        catch (HttpRequestException e)
        {
            return e.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => new TestResult(false, "plugin", $"The name {address.Host} is not known to Jellyfin's machine: check the address."),
                HttpRequestError.SecureConnectionError => new TestResult(false, "server", $"No secure connection to {address.Authority}: {e.InnerException?.Message ?? e.Message} Check the server's certificate, or whether it speaks TLS at this port at all (ws:// does not)."),
                HttpRequestError.ConnectionError => new TestResult(false, "network", $"Nothing answers at {address.Authority}: check port, firewall, and whether the server runs ({e.Message})."),
                _ => new TestResult(false, "server", $"{address.Authority} does not answer as a web server: {e.Message}"),
            };
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new TestResult(false, "network", $"{address.Authority} did not answer within {StepMax.TotalSeconds} s: check address and firewall.");
        }
        catch (JsonException)
        {
            return new TestResult(false, "server", $"{health} answers, but not as an owp-server does. Is the address that of another program?");
        }
    }

    private static async Task<TestResult> SignInAsync(Uri address, bool asksJellyfin, string token, string origin, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(SignInMax);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", origin);
        socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await socket.ConnectAsync(address, limit.Token).ConfigureAwait(false);
            var auth = JsonSerializer.SerializeToUtf8Bytes(new { type = "auth", payload = new { token, protocol_version = 1 }, ts = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() });
            await socket.SendAsync(auth, WebSocketMessageType.Text, true, limit.Token).ConfigureAwait(false);
            return await AnswerAsync(socket, asksJellyfin, limit.Token).ConfigureAwait(false);
        }
        catch (WebSocketException e)
        {
            return socket.HttpStatusCode == HttpStatusCode.Forbidden
                ? new TestResult(false, "server", $"The server is there, but refuses pages of {origin}: add it to its allowed-origins (ALLOWED_ORIGINS).")
                : new TestResult(false, "server", $"The server is there, but opens no WebSocket at {address.AbsolutePath} (status {(int)socket.HttpStatusCode}): check the path, and that a proxy passes upgrades on. {e.Message}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new TestResult(false, "server", $"The server is there, but did not answer a sign-in within {SignInMax.TotalSeconds} s.");
        }
    }

    private static async Task<TestResult> AnswerAsync(ClientWebSocket socket, bool asksJellyfin, CancellationToken cancel)
    {
        var buffer = new byte[AnswerBytesMax];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), cancel).ConfigureAwait(false);
                length += part.Count;
            }
            while (!part.EndOfMessage && length < buffer.Length);

            if (part.MessageType == WebSocketMessageType.Close || !part.EndOfMessage)
            {
                return new TestResult(false, "server", $"The server closed the connection in answer to the sign-in ({(int?)socket.CloseStatus}: {socket.CloseStatusDescription}).");
            }

            switch (Read(Encoding.UTF8.GetString(buffer, 0, length)))
            {
                case ("auth_success", _):
                    return new TestResult(true, "none", "All is well: the server is there, allows this page, and accepts " + (asksJellyfin ? "your Jellyfin token." : "the plugin's tokens."));
                case ("error", "TOKEN_EXPIRED"):
                    return new TestResult(false, "server", "The server holds a token made this moment for expired: set the clocks of both machines.");
                case ("error", "INVALID_TOKEN") when asksJellyfin:
                    return new TestResult(false, "server", "The server is there, but does not accept your Jellyfin token: it asks another Jellyfin than this one, or none. Its --jellyfin-url (OWP_JELLYFIN_URL) has to be this Jellyfin's address.");
                case ("error", "AUTH_UNAVAILABLE"):
                    return new TestResult(false, "server", "The server is there, but got no answer from Jellyfin that it could use: check its --jellyfin-url (OWP_JELLYFIN_URL), and that Jellyfin can be reached from its machine. Its log names the cause.");
                case ("error", "USER_NOT_ALLOWED"):
                    return new TestResult(false, "plugin", "The server asked Jellyfin, and Jellyfin does not let you in through it: your account needs the right to play media, at this hour, and to connect from the server's network.");
                case ("error", "INVALID_TOKEN"):
                    return new TestResult(false, "server", "The server is there, but does not accept the plugin's token: secret, issuer and audience must be the same on both sides (JWT_SECRET, JWT_ISSUER, JWT_AUDIENCE).");
                case ("error", var code):
                    return new TestResult(false, "server", $"The server refuses the sign-in with {code}.");
            }
        }
    }

    private static (string? Type, string? Code) Read(string message)
    {
        try
        {
            using var json = JsonDocument.Parse(message);
            var type = json.RootElement.GetProperty("type").GetString();
            return (type, type == "error" ? json.RootElement.GetProperty("payload").GetProperty("code").GetString() : null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (null, null); // a message that we need not know
        }
    }
}
