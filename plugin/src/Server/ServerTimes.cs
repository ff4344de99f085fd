namespace OpenWatchParty.Plugin.Server;

/// <summary>How patient we are with the server; tests are less so.</summary>
/// <param name="ReadyWithin">From its start until it listens.</param>
/// <param name="FirstPause">Before it is started again; doubled each time.</param>
/// <param name="LongestPause">The longest pause.</param>
/// <param name="WellAfter">A life of that length makes the next pause a first one.</param>
internal sealed record ServerTimes(TimeSpan ReadyWithin, TimeSpan FirstPause, TimeSpan LongestPause, TimeSpan WellAfter)
{
    public static readonly ServerTimes Usual = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
}
