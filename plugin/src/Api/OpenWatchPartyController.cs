using System.Globalization;
using System.Reflection;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace OpenWatchParty.Plugin.Api;

/// <summary>What browsers ask of the plugin by HTTP, under `{base}/OpenWatchParty/`.</summary>
[ApiController]
[Route("OpenWatchParty")]
public sealed class OpenWatchPartyController : ControllerBase
{
    /// <summary>Jellyfin's nginx guide upgrades connections only under /socket.</summary>
    private const string WebSocketPath = "/socket/OpenWatchParty/ws";
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly JsonSerializerOptions AsJellyfinSends = new() { Converters = { new JsonStringEnumConverter() } };
    private static readonly string Version = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3);
    private readonly LiveSettings _settings;
    private readonly ClientBundle _bundle;
    private readonly TokenLimiter _limiter;
    private readonly PluginStatus _status;

    /// <summary>Made for each request.</summary>
    public OpenWatchPartyController(LiveSettings settings, ClientBundle bundle, TokenLimiter limiter, PluginStatus status)
    {
        _settings = settings;
        _bundle = bundle;
        _limiter = limiter;
        _status = status;
    }

    /// <summary>The script, for anybody, as Jellyfin's own; kept for ever by browsers that name its version.</summary>
    [HttpGet("ClientScript")]
    [AllowAnonymous]
    public IActionResult ClientScript([FromQuery] string? v)
    {
        if (_bundle.Problem is not null)
        {
            return Refuse(StatusCodes.Status404NotFound, "NO_CLIENT_SCRIPT", "The plugin was installed without its script.");
        }

        Response.Headers.CacheControl = v == _bundle.Version ? "public, max-age=31536000, immutable" : "no-cache";
        Response.Headers.XContentTypeOptions = "nosniff";

        // A 304 for the same ETag comes from File()
        return File(_bundle.Content.ToArray(), "text/javascript; charset=utf-8", null, new EntityTagHeaderValue($"\"{_bundle.Version}\""));
    }

    /// <summary>How a signed-in user's client reaches the parties.</summary>
    [HttpGet("Info")]
    [Authorize]
    public IActionResult Info()
    {
        var config = _settings.Current;
        var mode = config.Mode;
        return Answer(new
        {
            Version,
            Mode = mode.ToString().ToLowerInvariant(),
            WsPath = WebSocketPath,
            WsUrl = mode == ServerMode.Remote && config.RemoteUrl.Length > 0 ? config.RemoteUrl : null,
            AuthRequired = true,
            JellyfinToken = mode == ServerMode.Remote && config.ServerAsksJellyfin,
            Quality = QualityOf(config),
        });
    }

    /// <summary>A token for the remote server.</summary>
    [HttpPost("Token")]
    [Authorize]
    public IActionResult Token()
    {
        if (Caller.From(User) is not { } caller)
        {
            return Refuse(StatusCodes.Status403Forbidden, "USER_REQUIRED", "An API key is nobody: sign in as a user.");
        }

        var config = _settings.Current;
        if (config.Mode != ServerMode.Remote)
        {
            return Refuse(StatusCodes.Status409Conflict, "NOT_REMOTE", "Tokens are for a remote server, and none is set.");
        }

        if (config.ServerAsksJellyfin)
        {
            return Refuse(StatusCodes.Status409Conflict, "NOT_NEEDED", "The remote server asks Jellyfin itself: it takes your own access token.");
        }

        var wait = _limiter.Take(caller.UserId);
        if (wait > TimeSpan.Zero)
        {
            Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return Refuse(StatusCodes.Status429TooManyRequests, "RATE_LIMITED", "Too many tokens in one minute.");
        }

        Response.Headers.CacheControl = "no-store";
        return Answer(new
        {
            Token = TokenSigner.Sign(config, caller.UserId, caller.Name, DateTimeOffset.UtcNow),
            ExpiresIn = config.TokenLifetimeSeconds,
            caller.UserId,
            UserName = caller.Name,
            Quality = QualityOf(config),
        });
    }

    /// <summary>What works and what is wrong, for administrators.</summary>
    [HttpGet("Status")]
    [Authorize(Policy = "RequiresElevation")]
    public IActionResult Status()
    {
        Response.Headers.CacheControl = new StringValues("no-store");
        return Answer(_status.Take(Version));
    }

    /// <summary>What is wrong with settings before they are saved: Jellyfin answers a refused save without its sentence.</summary>
    [HttpPost("Check")]
    [Authorize(Policy = "RequiresElevation")]
    public async Task<IActionResult> Check(CancellationToken cancel)
    {
        try
        {
            var wanted = await JsonSerializer.DeserializeAsync<PluginConfiguration>(Request.Body, AsJellyfinSends, cancel).ConfigureAwait(false);
            return wanted is null ? NotSettings() : Answer(new { Problems = ConfigurationRules.Problems(wanted) });
        }
        catch (JsonException)
        {
            return NotSettings();
        }
    }

    /// <summary>Tries the way to the server that is set, and says which side has to act if it ends early.</summary>
    [HttpPost("Test")]
    [Authorize(Policy = "RequiresElevation")]
    public async Task<IActionResult> Test(CancellationToken cancel)
    {
        Response.Headers.CacheControl = new StringValues("no-store");
        var origin = Request.Headers.Origin.Count == 1 ? Request.Headers.Origin.ToString() : $"{Request.Scheme}://{Request.Host}";
        var config = _settings.Current;
        return Answer(config.Mode switch
        {
            ServerMode.Remote => await RemoteTest.RunAsync(config, TestToken(config), origin, cancel).ConfigureAwait(false),
            ServerMode.Embedded => _status.TestEmbedded(),
            _ => new TestResult(false, "plugin", "The mode is off: there is no server to try."),
        });
    }

    // As the caller's own client would have it; null if there is none, as Jellyfin knows nobody by an API key
    private string? TestToken(PluginConfiguration config)
    {
        var caller = Caller.From(User);
        if (config.ServerAsksJellyfin)
        {
            return caller is null ? null : User.FindFirstValue("Jellyfin-Token");
        }

        caller ??= new Caller("test", "Test");
        return TokenSigner.Sign(config, caller.UserId, caller.Name, DateTimeOffset.UtcNow);
    }

    // In the shape that clients of the original plugin know; nobody's quality is the host's to choose
    private static object QualityOf(PluginConfiguration config)
        => new { DefaultMaxBitrate = config.DefaultBitrate, config.PreferDirectPlay, AllowHostQualityControl = false };

    // Of its own, as Jellyfin's formatters would turn names to PascalCase
    private static JsonResult Answer(object value, int status = StatusCodes.Status200OK) => new(value, Json) { StatusCode = status };

    private static JsonResult NotSettings() => Answer(new { Problems = (string[])["A value is of another kind than the setting: a number has to be whole and below two thousand million."] });

    private static JsonResult Refuse(int status, string code, string message) => Answer(new { Message = message, Code = code }, status);
}
