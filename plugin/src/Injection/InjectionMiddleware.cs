using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using OpenWatchParty.Plugin.Api;

namespace OpenWatchParty.Plugin.Injection;

/// <summary>
/// Adds our script to Jellyfin's web page and our entry to its config.json, on their way to the browser. It lives in
/// Jellyfin's own pipeline, so it promises, and the tests hold it to that:
///
/// 1. It touches these two files only, only for GET, only when they come with 200 as what they should be; errors,
///    redirections and everything else pass as they are, unbuffered.
/// 2. It never answers by itself: what Jellyfin and other plugins make of the page is what it adds to.
/// 3. It adds once, whoever else (or whichever other version of us) is in the pipeline.
/// 4. It never breaks the page: whatever goes wrong, the page comes as it was.
/// 5. It is off at once by the switch, and when the plugin is being uninstalled.
/// </summary>
internal sealed partial class InjectionMiddleware
{
    // With these, the answer could be compressed, a part, or a 304 for a page from before our time
    private static readonly string[] Unwanted =
    [
        HeaderNames.AcceptEncoding, HeaderNames.Range, HeaderNames.IfRange, HeaderNames.IfMatch,
        HeaderNames.IfNoneMatch, HeaderNames.IfModifiedSince, HeaderNames.IfUnmodifiedSince,
    ];

    // These speak of the file, and no longer of what we send
    private static readonly string[] Untrue =
    [
        HeaderNames.ETag, HeaderNames.LastModified, HeaderNames.AcceptRanges, HeaderNames.ContentMD5, "Digest", "Content-Digest", "Repr-Digest",
    ];

    private readonly RequestDelegate _next;
    private readonly LiveSettings _settings;
    private readonly ClientBundle _bundle;
    private readonly InjectionRecord _record;
    private readonly ILogger<InjectionMiddleware> _logger;

    public InjectionMiddleware(RequestDelegate next, LiveSettings settings, ClientBundle bundle, InjectionRecord record, ILogger<InjectionMiddleware> logger)
    {
        _next = next;
        _settings = settings;
        _bundle = bundle;
        _record = record;
        _logger = logger;
    }

    public Task InvokeAsync(HttpContext context)
    {
        var file = WebFiles.Of(context.Request.Path.Value);
        return file == WebFile.None || !HttpMethods.IsGet(context.Request.Method) || !_settings.Injecting || _bundle.Problem is not null
            ? _next(context)
            : AddAsync(context, file);
    }

    private async Task AddAsync(HttpContext context, WebFile file)
    {
        foreach (var name in Unwanted)
        {
            context.Request.Headers.Remove(name);
        }

        var client = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var body = new HeldBody(context.Response, client.Stream, response => IsWanted(response, file));
        var standIn = new StreamResponseBodyFeature(body, client);
        context.Features.Set<IHttpResponseBodyFeature>(standIn);
        try
        {
            await _next(context).ConfigureAwait(false);
            await standIn.CompleteAsync().ConfigureAwait(false);
        }
        finally
        {
            context.Features.Set(client);
        }

        if (body.Held is { } held)
        {
            await SendAsync(context, file, held).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(HttpContext context, WebFile file, MemoryStream held)
    {
        var original = held.GetBuffer().AsMemory(0, (int)held.Length);
        var response = context.Response;
        var rewritten = Rewrite(file, original.Span);
        if (rewritten is not null)
        {
            foreach (var name in Untrue)
            {
                response.Headers.Remove(name);
            }

            response.ContentLength = rewritten.Length;
            response.Headers.CacheControl = "no-cache";
        }

        await response.Body.WriteAsync(rewritten ?? original, context.RequestAborted).ConfigureAwait(false);
    }

    private byte[]? Rewrite(WebFile file, ReadOnlySpan<byte> original)
    {
        string? problem;
        var rewritten = file == WebFile.Page
            ? PageRewriter.Rewrite(original, _bundle.Version, out problem)
            : ConfigRewriter.Rewrite(original, out problem);
        if (rewritten is not null)
        {
            _record.Count(file);
        }
        else if (problem is not null)
        {
            if (_record.Problem != problem)
            {
                LogLeft(problem);
            }

            _record.Note(problem);
        }

        return rewritten;
    }

    private static bool IsWanted(HttpResponse response, WebFile file)
        => response.StatusCode == StatusCodes.Status200OK
            && response.Headers.ContentEncoding.Count == 0
            && MediaTypeHeaderValue.TryParse(response.ContentType, out var type)
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            && type.MediaType.Equals(file == WebFile.Page ? "text/html" : "application/json", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
    private partial void LogLeft(string problem);
}
