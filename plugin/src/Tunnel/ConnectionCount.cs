namespace OpenWatchParty.Plugin.Tunnel;

/// <summary>How many WebSockets are open, for each user and in all. Any thread.</summary>
public sealed class ConnectionCount
{
    private readonly Dictionary<string, int> _users = [];
    private int _all;

    /// <summary>All that are open.</summary>
    public int All
    {
        get
        {
            lock (_users)
            {
                return _all;
            }
        }
    }

    /// <summary>Counts one more until the result is disposed; null with the reason if that is one too many.</summary>
    internal IDisposable? Add(string user, PluginConfiguration limits, out Refusal? refusal)
    {
        lock (_users)
        {
            var mine = _users.GetValueOrDefault(user);
            refusal = mine >= limits.ConnectionsPerUserMax ? Refusal.UserFull : _all >= limits.ConnectionsMax ? Refusal.Full : null;
            if (refusal is not null)
            {
                return null;
            }

            _users[user] = mine + 1;
            ++_all;
            return new Place(this, user);
        }
    }

    private void Remove(string user)
    {
        lock (_users)
        {
            --_all;
            if (--_users[user] == 0)
            {
                _users.Remove(user);
            }
        }
    }

    private sealed class Place(ConnectionCount count, string user) : IDisposable
    {
        private int _gone;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _gone, 1) == 0)
            {
                count.Remove(user);
            }
        }
    }
}
