using System.Net;
using System.Net.Sockets;
using MediaBrowser.Common.Net;
using MediaBrowser.Controller.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenWatchParty.Plugin.Api;
using OpenWatchParty.Plugin.Server;

namespace OpenWatchParty.Plugin.Tunnel;

/// <summary>
/// Brings browsers' WebSockets to the server in the plugin, at any path that ends with `/OpenWatchParty/ws`: proxies
/// differ in what they make of the rest. It stands before Jellyfin's own handler, which takes every WebSocket for its
/// own. Nothing reaches the server before Jellyfin has said who it is, and it is asked again every minute.
/// </summary>
internal sealed partial class TunnelMiddleware
{
    private const string PathEnd = "/OpenWatchParty/ws";
    private const ushort PolicyViolation = 1008;
    private const ushort ServiceRestart = 1012;
    private static readonly TimeSpan OpenWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(2);
    private readonly RequestDelegate _next;
    private readonly LiveSettings _settings;
    private readonly EmbeddedServer _server;
    private readonly ConnectionCount _connections;
    private readonly IServerConfigurationManager _jellyfin;
    private readonly IServiceScopeFactory _scopes;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly SignInPeriod _period;
    private readonly ILogger<TunnelMiddleware> _logger;

    public TunnelMiddleware(
        RequestDelegate next,
        LiveSettings settings,
        EmbeddedServer server,
        ConnectionCount connections,
        IServerConfigurationManager jellyfin,
        IServiceScopeFactory scopes,
        IHostApplicationLifetime lifetime,
        SignInPeriod period,
        ILogger<TunnelMiddleware> logger)
    {
        _next = next;
        _settings = settings;
        _server = server;
        _connections = connections;
        _jellyfin = jellyfin;
        _scopes = scopes;
        _lifetime = lifetime;
        _period = period;
        _logger = logger;
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.Value?.EndsWith(PathEnd, StringComparison.OrdinalIgnoreCase) != true)
        {
            await _next(context).ConfigureAwait(false);
            return;
        }

        try
        {
            if (await OpenAsync(context).ConfigureAwait(false) is { } refusal)
            {
                await refusal.SendAsync(context).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            if (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
            {
                LogNoServer(e.Message);
                await Refusal.NotReady.SendAsync(context).ConfigureAwait(false);
            }
        }
    }

    private async Task<Refusal?> OpenAsync(HttpContext context)
    {
        if (!IsWebSocket(context))
        {
            return Refusal.NotWebSocket;
        }

        var settings = _settings.Current;
        if (settings.Mode != ServerMode.Embedded)
        {
            return Refusal.NotEmbedded;
        }

        var proxies = _jellyfin.GetNetworkConfiguration().KnownProxies;
        var origin = context.Request.Headers.Origin.ToString();
        var host = Forwarded.Host(context, proxies);
        if (!OriginRule.Allows(origin, host))
        {
            return Refusal.ForeignOrigin(origin, host.Value);
        }

        // Jellyfin's own rules for this address look at the connection, and we come before it has put the client there
        var client = Forwarded.Client(context, proxies);
        context.Connection.RemoteIpAddress = client;
        var (caller, refusal) = await SignIn.CheckAsync(context).ConfigureAwait(false);
        if (refusal is not null)
        {
            return refusal;
        }

        var server = _server.State;
        if (server.Phase != ServerPhase.Ready)
        {
            return Refusal.NotReady;
        }

        using var place = _connections.Add(caller!.UserId, settings, out refusal);
        if (place is not null)
        {
            await CarryAsync(context, server, caller, client).ConfigureAwait(false);
        }

        return refusal;
    }

    private static bool IsWebSocket(HttpContext context)
        => context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" }
            || (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
                && HttpMethods.IsGet(context.Request.Method)
                && context.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)
                && context.Request.Headers.SecWebSocketKey.Count == 1);

    private async Task CarryAsync(HttpContext context, ServerState server, Caller caller, IPAddress? client)
    {
        using var opening = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        opening.CancelAfter(OpenWithin);
        var inner = await ServerHandshake.OpenAsync(server, context.Request, caller, client, opening.Token).ConfigureAwait(false);
        await using var innerStream = inner.Stream.ConfigureAwait(false);
        var outer = await AcceptAsync(context, inner).ConfigureAwait(false);
        await using var outerStream = outer.ConfigureAwait(false);
        using var relay = new Relay(outer, inner.Stream);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var carrying = relay.RunAsync(inner.Early, end.Token);
        var watching = WatchAsync(context, caller, client, end.Token);
        if (await Task.WhenAny(carrying, watching).ConfigureAwait(false) == watching)
        {
            var (code, reason) = await watching.ConfigureAwait(false);
            await relay.CloseAsync(code, reason, CloseWithin).ConfigureAwait(false);
        }

        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(carrying, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<Stream> AcceptAsync(HttpContext context, ServerSide inner)
    {
        foreach (var (name, value) in inner.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            context.Response.Headers.Remove("Sec-WebSocket-Accept"); // HTTP/2 has none (RFC 8441, 5.1)
            return await connect.AcceptAsync().ConfigureAwait(false);
        }

        context.Response.Headers.Upgrade = "websocket";
        return await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync().ConfigureAwait(false);
    }

    /// <summary>Why it has to end although both sides would go on; not done before.</summary>
    private async Task<(ushort Code, string Reason)> WatchAsync(HttpContext context, Caller caller, IPAddress? client, CancellationToken end)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(end, _lifetime.ApplicationStopping);
        using var timer = new PeriodicTimer(_period.Value);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token).ConfigureAwait(false))
            {
                if (!await SignIn.StillAsync(_scopes, context, caller, client).ConfigureAwait(false))
                {
                    LogSignedOut(caller.Name);
                    return (PolicyViolation, "Signed out of Jellyfin.");
                }
            }
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            // Jellyfin stops or restarts
        }

        end.ThrowIfCancellationRequested();
        return (ServiceRestart, "Jellyfin is stopping.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The party server did not take a connection: {Reason}")]
    private partial void LogNoServer(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{User} is no longer let in: the party connection was closed")]
    private partial void LogSignedOut(string user);
}
