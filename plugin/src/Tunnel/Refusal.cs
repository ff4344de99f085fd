using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OpenWatchParty.Plugin.Tunnel;

/// <summary>Why a WebSocket is not opened: a status, a stable code, and a sentence for whoever can act.</summary>
internal sealed record Refusal(int Status, string Code, string Message, int RetryAfterSeconds = 0)
{
    public static readonly Refusal NotWebSocket = new(StatusCodes.Status426UpgradeRequired, "WEBSOCKET_REQUIRED", "This address takes WebSockets only. If a proxy stands before Jellyfin, let it pass on Upgrade and Connection.");
    public static readonly Refusal NotEmbedded = new(StatusCodes.Status503ServiceUnavailable, "SERVER_ELSEWHERE", "The parties are not on this server. The plugin's page in Jellyfin's dashboard says where they are.");
    public static readonly Refusal NotReady = new(StatusCodes.Status503ServiceUnavailable, "SERVER_NOT_READY", "The party server is not ready. If this lasts, the plugin's page in Jellyfin's dashboard says why.", 2);
    public static readonly Refusal NotSignedIn = new(StatusCodes.Status401Unauthorized, "AUTHENTICATION_REQUIRED", "Sign in to Jellyfin first.");
    public static readonly Refusal NotAllowed = new(StatusCodes.Status403Forbidden, "FORBIDDEN", "Jellyfin does not let this account in from here at this time.");
    public static readonly Refusal UserRequired = new(StatusCodes.Status403Forbidden, "USER_REQUIRED", "An API key is nobody: sign in as a user.");
    public static readonly Refusal UserFull = new(StatusCodes.Status429TooManyRequests, "TOO_MANY_CONNECTIONS", "This account has too many connections open.", 30);
    public static readonly Refusal Full = new(StatusCodes.Status503ServiceUnavailable, "SERVER_FULL", "Too many connections are open. The administrator can allow more.", 30);

    /// <summary>Another page than Jellyfin's own.</summary>
    public static Refusal ForeignOrigin(string origin, string host) => new(
        StatusCodes.Status403Forbidden,
        "ORIGIN_MISMATCH",
        $"The page is from {origin}, and Jellyfin was asked for as {host}. If a proxy stands before Jellyfin, let it pass on the Host header.");

    /// <summary>Answers with it.</summary>
    public Task SendAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        if (Status == StatusCodes.Status426UpgradeRequired)
        {
            response.Headers.Upgrade = "websocket";
        }

        if (RetryAfterSeconds > 0)
        {
            response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }

        return response.WriteAsync(JsonSerializer.Serialize(new { message = Message, code = Code }), context.RequestAborted);
    }
}
