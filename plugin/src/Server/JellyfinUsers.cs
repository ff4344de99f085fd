using System.Collections;
using System.Reflection;
using System.Runtime.ExceptionServices;
using MediaBrowser.Controller.Library;

namespace OpenWatchParty.Plugin.Server;

/// <summary>
/// What Jellyfin knows of its users. Its `User` lives in another assembly in each line, so it is looked at by name:
/// one that is compiled in would bind the plugin to one line.
/// </summary>
internal sealed class JellyfinUsers(IUserManager users)
{
    /// <summary>Whether there is such a user, with the leave to play among their permissions. Where Jellyfin keeps none by that name, nobody has it.</summary>
    public bool MayPlay(Guid id)
    {
        var ask = typeof(IUserManager).GetMethod("GetUserById", [typeof(Guid)])
            ?? users.GetType().GetMethod("GetUserById", [typeof(Guid)])
            ?? throw new MissingMethodException("IUserManager.GetUserById");
        object? user;
        try
        {
            user = ask.Invoke(users, [id]);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } reason)
        {
            ExceptionDispatchInfo.Throw(reason);
            throw;
        }

        return user is not null && Read(user, "Permissions") is IEnumerable permissions && permissions.Cast<object>().Any(IsLeaveToPlay);
    }

    private static bool IsLeaveToPlay(object permission)
        => Read(permission, "Kind")?.ToString() == "EnableMediaPlayback" && Read(permission, "Value") is true;

    private static object? Read(object from, string property) => from.GetType().GetProperty(property)?.GetValue(from);
}
