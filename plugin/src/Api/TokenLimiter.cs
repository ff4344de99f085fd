namespace OpenWatchParty.Plugin.Api;

/// <summary>
/// Ten tokens a minute for each user, in any sixty seconds. It remembers only users of the last minute, so it can't
/// hold more than Jellyfin has users. Any thread.
/// </summary>
public sealed class TokenLimiter
{
    /// <summary>What the original plugin allowed; a client asks once an hour and at each reconnection.</summary>
    public const int PerWindow = 10;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Queue<DateTimeOffset>> _taken = [];

    /// <summary>By this clock.</summary>
    public TokenLimiter(TimeProvider time) => _time = time;

    internal int Users
    {
        get
        {
            lock (_taken)
            {
                return _taken.Count;
            }
        }
    }

    /// <summary>Zero if the user may have one now, and takes it; else how long to wait.</summary>
    public TimeSpan Take(string userId)
    {
        var now = _time.GetUtcNow();
        lock (_taken)
        {
            Forget(now);
            if (!_taken.TryGetValue(userId, out var times))
            {
                _taken[userId] = times = new Queue<DateTimeOffset>(PerWindow);
            }

            if (times.Count == PerWindow)
            {
                return times.Peek() + Window - now;
            }

            times.Enqueue(now);
            return TimeSpan.Zero;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (user, times) in _taken)
        {
            while (times.TryPeek(out var first) && first + Window <= now)
            {
                times.Dequeue();
            }

            if (times.Count == 0)
            {
                _taken.Remove(user);
            }
        }
    }
}
