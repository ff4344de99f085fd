namespace OpenWatchParty.Plugin.Tunnel;

/// <summary>How often it is asked whether the user of an open WebSocket is still let in; tests ask more often.</summary>
internal sealed record SignInPeriod(TimeSpan Value)
{
    public static readonly SignInPeriod Usual = new(TimeSpan.FromMinutes(1));
}
