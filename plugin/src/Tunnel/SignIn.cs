using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenWatchParty.Plugin.Api;

namespace OpenWatchParty.Plugin.Tunnel;

/// <summary>
/// Asks Jellyfin who somebody is, with the handlers and the default policy that its own interface has: token, account,
/// remote access, parental schedule.
/// </summary>
internal static class SignIn
{
    /// <summary>The person, or why there is none.</summary>
    public static async Task<(Caller? Caller, Refusal? Refusal)> CheckAsync(HttpContext context)
    {
        var result = await context.AuthenticateAsync().ConfigureAwait(false);
        if (result is not { Succeeded: true, Principal: { } principal })
        {
            return (null, Refusal.NotSignedIn);
        }

        if (Caller.From(principal) is not { } caller)
        {
            return (null, Refusal.UserRequired);
        }

        var policies = context.RequestServices.GetRequiredService<IAuthorizationPolicyProvider>();
        var rules = context.RequestServices.GetRequiredService<IAuthorizationService>();
        var policy = await policies.GetDefaultPolicyAsync().ConfigureAwait(false);
        var allowed = await rules.AuthorizeAsync(principal, context, policy).ConfigureAwait(false);
        return allowed.Succeeded ? (caller, null) : (null, Refusal.NotAllowed);
    }

    /// <summary>Whether the one who opened this WebSocket is still let in: asked anew, as nothing of a request is asked twice.</summary>
    public static async Task<bool> StillAsync(IServiceScopeFactory scopes, HttpContext opened, Caller caller, IPAddress? client)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        var again = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        again.Request.Method = HttpMethods.Get;
        again.Request.Scheme = opened.Request.Scheme;
        again.Request.Host = opened.Request.Host;
        again.Request.Path = opened.Request.Path;
        again.Request.QueryString = opened.Request.QueryString;
        again.Request.Headers.Authorization = opened.Request.Headers.Authorization;
        again.Connection.RemoteIpAddress = client;
        if (scope.ServiceProvider.GetService<IHttpContextAccessor>() is { } accessor)
        {
            accessor.HttpContext = again;
        }

        var (now, refusal) = await CheckAsync(again).ConfigureAwait(false);
        return refusal is null && now!.UserId == caller.UserId;
    }
}
