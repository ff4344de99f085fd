namespace OpenWatchParty.Plugin.Injection;

/// <summary>What injection did since the start, for the status page. Any thread.</summary>
public sealed class InjectionRecord
{
    private long _pages;
    private long _configs;
    private volatile string? _problem;

    /// <summary>Web pages that were given our script.</summary>
    public long Pages => Interlocked.Read(ref _pages);

    /// <summary>Answers for config.json that were given our entry.</summary>
    public long Configs => Interlocked.Read(ref _configs);

    /// <summary>Why the last page was left as it was, as a sentence; null if it was not.</summary>
    public string? Problem => _problem;

    internal void Count(WebFile file)
    {
        _problem = null;
        if (file == WebFile.Page)
        {
            Interlocked.Increment(ref _pages);
        }
        else
        {
            Interlocked.Increment(ref _configs);
        }
    }

    internal void Note(string problem) => _problem = problem;
}
