using MediaBrowser.Controller.Entities;
using MediaBrowser.Controller.Library;
using Microsoft.Extensions.Logging.Abstractions;
using OpenWatchParty.Plugin.Server;

namespace OpenWatchParty.Plugin.Tests.Server;

public class AccessDeskTests
{
    private const string User = "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1";
    private const string Media = "fffffffffffffffffffffffffffffff1";

    [Theory]
    [InlineData(User, Media, true)]
    [InlineData(User, "fffffffffffffffffffffffffffffff2", false)]
    [InlineData("00000000000000000000000000000000", Media, false)] // whom Jellyfin would take for everybody
    [InlineData("a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a2", Media, false)] // who is gone
    [InlineData("a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a3", Media, false)] // who may not play
    [InlineData("a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a4", Media, false)] // of whom it is not said
    [InlineData("", Media, false)]
    [InlineData("x", Media, false)]
    [InlineData(User, "", false)]
    public void AnswersByJellyfinsRules(string user, string media, bool allowed)
        => Assert.Equal(
            $$"""{"answer":"access","id":17,"allowed":{{(allowed ? "true" : "false")}}}""",
            Desk(new Library()).Answer($$"""{"ask":"access","id":17,"user":"{{user}}","media":"{{media}}"}"""));

    [Theory]
    [InlineData("{\"ask\":")]
    [InlineData("""{"ask":"time","id":1}""")]
    [InlineData("""{"ask":"access"}""")]
    [InlineData("""{"ask":"access","id":-1,"user":"","media":""}""")]
    [InlineData("""{"ask":7,"id":1,"user":"","media":""}""")]
    [InlineData("[]")]
    public void SaysNothingToWhatIsNoQuestion(string line) => Assert.Null(Desk(new Library()).Answer(line));

    [Fact]
    public void ALibraryThatFailsIsNoYes()
        => Assert.EndsWith("\"allowed\":false}", Desk(new Library { Fails = true }).Answer($$"""{"ask":"access","id":1,"user":"{{User}}","media":"{{Media}}"}"""), StringComparison.Ordinal);

    [Fact]
    public void AJellyfinThatKnowsNoUsersByThatNameIsNoYes()
        => Assert.EndsWith("\"allowed\":false}", new AccessDesk(new Library(), new OtherUsers(), NullLogger<AccessDesk>.Instance).Answer($$"""{"ask":"access","id":1,"user":"{{User}}","media":"{{Media}}"}"""), StringComparison.Ordinal);

    [Fact]
    public void AJellyfinThatKeepsNoPermissionsByThatNameIsNoYes()
        => Assert.EndsWith("\"allowed\":false}", new AccessDesk(new Library(), new UsersWithoutPermissions(Guid.Parse(User)), NullLogger<AccessDesk>.Instance).Answer($$"""{"ask":"access","id":1,"user":"{{User}}","media":"{{Media}}"}"""), StringComparison.Ordinal);

    private static AccessDesk Desk(ILibraryManager library) => new(library, new Users(), NullLogger<AccessDesk>.Instance);

    private sealed class Library : ILibraryManager
    {
        public bool Fails { get; init; }

        public T? GetItemById<T>(Guid id, Guid userId)
            where T : BaseItem
            => Fails ? throw new InvalidDataException("the database is locked")
                : id == Guid.Parse(Media) ? (T)(BaseItem)new Film() : null;

        private sealed class Film : BaseItem
        {
        }
    }

    private sealed class OtherUsers : IUserManager
    {
    }

    private sealed class UsersWithoutPermissions(Guid known) : IUserManager
    {
        public object? GetUserById(Guid id) => id == known ? new object() : null;
    }

    /// <summary>As Jellyfin has them: nobody for an id that is gone.</summary>
    private sealed class Users : IUserManager
    {
        private readonly Dictionary<char, Account> _byLastDigit = new() { ['1'] = new(true), ['3'] = new(false), ['4'] = new(null) };

        public Account? GetUserById(Guid id) => _byLastDigit.GetValueOrDefault(id.ToString("N")[^1]);
    }

    private sealed record Account(bool? MayPlay)
    {
        public Permission[] Permissions
            => [new(PermissionKind.IsHidden, true), .. MayPlay is { } value ? [new Permission(PermissionKind.EnableMediaPlayback, value)] : Array.Empty<Permission>()];
    }

    private sealed record Permission(PermissionKind Kind, bool Value);

    private enum PermissionKind
    {
        IsHidden,
        EnableMediaPlayback,
    }
}
