using OpenWatchParty.Plugin.Server;

namespace OpenWatchParty.Plugin.Tests.Server;

public class ServerFlagsTests
{
    [Fact]
    public void HandDownWhatTheAdministratorHasSet()
    {
        var flags = ServerFlags.For(new PluginConfiguration
        {
            RoomsPerUserMax = 4,
            MembersPerRoomMax = 5,
            InviteLifetimeSeconds = 90,
        });
        Assert.Equal(["--rooms-per-user", "4", "--members-per-room", "5", "--invite-lifetime", "90s"], flags.Skip(6));
    }
}
