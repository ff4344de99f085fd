using System.Text.Json.Nodes;

namespace OpenWatchParty.TestHost;

/// <summary>The people, tokens and titles of the stand-in.</summary>
public sealed class Fixture
{
    /// <summary>The server's own id.</summary>
    public const string ServerId = "55555555555555555555555555555555";

    /// <summary>A token for interfaces: an administrator's rights, and nobody's name.</summary>
    public const string ApiKey = "key00000000000000000000000000000";

    /// <summary>A title that all may see.</summary>
    public const string Film = "fffffffffffffffffffffffffffffff1";

    /// <summary>Another.</summary>
    public const string Sequel = "fffffffffffffffffffffffffffffff2";

    /// <summary>A title that only the administrator may see.</summary>
    public const string Secret = "fffffffffffffffffffffffffffffff3";

    /// <summary>The first episode of a series, with an intro that can be skipped.</summary>
    public const string Pilot = "fffffffffffffffffffffffffffffff4";

    /// <summary>The episode after it.</summary>
    public const string SecondEpisode = "fffffffffffffffffffffffffffffff5";

    /// <summary>Another version of <see cref="Sequel" />, an item of its own as Jellyfin has it.</summary>
    public const string OtherVersion = "fffffffffffffffffffffffffffffff7";

    /// <summary>Whose device plays no file as it is: each title is converted for them, from where they start it.</summary>
    public const string OnOldDevice = "Cléo 🎬";

    private const string Series = "fffffffffffffffffffffffffffffff6";

    private readonly Dictionary<string, Person> _people = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ada"] = new("a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1", "Ada", true, "token-ada"),
        ["ben"] = new("b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2", "Ben", false, "token-ben"),
        ["cleo"] = new("c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3", "Cléo 🎬", false, "token-cleo"),
    };

    /// <summary>Everybody, by the name they sign in with.</summary>
    public IReadOnlyDictionary<string, Person> People
    {
        get
        {
            lock (_people)
            {
                return new Dictionary<string, Person>(_people, StringComparer.OrdinalIgnoreCase);
            }
        }
    }

    /// <summary>Who has this token.</summary>
    public Person? ByToken(string? token) => People.Values.FirstOrDefault(person => person.Token == token);

    /// <summary>Takes an account away, with its tokens.</summary>
    public void Remove(string name)
    {
        lock (_people)
        {
            _people.Remove(name);
        }
    }

    /// <summary>Whether they may see the title.</summary>
    public bool MaySee(string userId, string itemId)
        => People.Values.FirstOrDefault(person => person.Id == userId) is { } person
            && itemId is Film or Sequel or Secret or Pilot or SecondEpisode or OtherVersion && (itemId != Secret || person.IsAdministrator);

    /// <summary>A title as Jellyfin describes it.</summary>
    public static JsonObject Item(string id, bool full = true)
    {
        var name = id switch { Film => "The Lighthouse Keeper", Secret => "The Hidden Room", Pilot => "First Light", SecondEpisode => "Fog", _ => "The Lighthouse Keeper's Return" };
        var item = new JsonObject
        {
            ["Name"] = name,
            ["Id"] = id,
            ["ServerId"] = ServerId,
            ["Type"] = "Movie",
            ["MediaType"] = "Video",
            ["IsFolder"] = false,
            ["RunTimeTicks"] = 1_200_000_000,
            ["UserData"] = new JsonObject { ["PlaybackPositionTicks"] = 0, ["Played"] = false, ["Key"] = id },
            ["ImageTags"] = new JsonObject(),
            ["BackdropImageTags"] = new JsonArray("x"),
            ["LocationType"] = "FileSystem",
            ["PlayAccess"] = "Full",
            ["Container"] = "mp4",
            ["VideoType"] = "VideoFile",
        };
        if (id is Pilot or SecondEpisode)
        {
            item["Type"] = "Episode";
            item["SeriesName"] = "Lamps";
            item["SeriesId"] = Series;
            item["SeasonName"] = "Season 1";
            item["ParentIndexNumber"] = 1;
            item["IndexNumber"] = id == Pilot ? 1 : 2;
        }

        if (full)
        {
            foreach (var empty in (string[])["People", "Genres", "GenreItems", "Studios", "RemoteTrailers", "ExternalUrls", "Taglines", "Chapters", "Tags"])
            {
                item[empty] = new JsonArray();
            }

            item["ProviderIds"] = new JsonObject();
            item["MediaSources"] = Sources(id);
            item["MediaStreams"] = Streams();
        }

        return item;
    }

    /// <summary>The versions of a title, the one asked for first.</summary>
    public static JsonArray Sources(string id) => id switch
    {
        Sequel => new(Source(Sequel), Source(OtherVersion)),
        OtherVersion => new(Source(OtherVersion), Source(Sequel)),
        _ => new(Source(id)),
    };

    /// <summary>The same version, converted as it goes from a place in it on: not in parts that can be sought in.</summary>
    public static JsonObject Converted(JsonObject source, long startTicks)
    {
        source["SupportsDirectPlay"] = false;
        source["SupportsDirectStream"] = false;
        source["SupportsTranscoding"] = true;
        source["TranscodingSubProtocol"] = "http";
        source["TranscodingContainer"] = "mp4";
        source["TranscodingUrl"] = $"/videos/{source["Id"]}/stream.mp4?MediaSourceId={source["Id"]}&StartTimeTicks={startTicks}";
        return source;
    }

    /// <summary>Where the intro of <see cref="Pilot" /> is.</summary>
    public static JsonArray Segments(string id) => id == Pilot
        ? new(new JsonObject { ["Id"] = "00000000000000000000000000000001", ["ItemId"] = id, ["Type"] = "Intro", ["StartTicks"] = 20_000_000, ["EndTicks"] = 300_000_000 })
        : new();

    private static JsonObject Source(string id) => new()
    {
        ["Protocol"] = "File",
        ["Id"] = id,
        ["Type"] = "Default",
        ["Container"] = "mp4",
        ["Name"] = id == OtherVersion ? "Director's cut" : "Theatrical cut",
        ["HasSegments"] = id == Pilot,
        ["Path"] = "/media/clip.mp4",
        ["RunTimeTicks"] = 1_200_000_000,
        ["SupportsDirectPlay"] = true,
        ["SupportsDirectStream"] = true,
        ["SupportsTranscoding"] = false,
        ["Bitrate"] = 1_000_000,
        ["MediaStreams"] = Streams(),
        ["DefaultAudioStreamIndex"] = 1,
        ["MediaAttachments"] = new JsonArray(),
        ["Formats"] = new JsonArray(),
        ["RequiredHttpHeaders"] = new JsonObject(),
    };

    private static JsonArray Streams() => new(
        new JsonObject { ["Codec"] = "h264", ["Type"] = "Video", ["Index"] = 0, ["Width"] = 1280, ["Height"] = 720, ["IsDefault"] = true },
        new JsonObject { ["Codec"] = "aac", ["Type"] = "Audio", ["Index"] = 1, ["Channels"] = 2, ["IsDefault"] = true, ["DisplayTitle"] = "English" },
        new JsonObject { ["Codec"] = "aac", ["Type"] = "Audio", ["Index"] = 2, ["Channels"] = 2, ["IsDefault"] = false, ["DisplayTitle"] = "Commentary" },
        new JsonObject { ["Codec"] = "webvtt", ["Type"] = "Subtitle", ["Index"] = 3, ["IsDefault"] = false, ["IsExternal"] = true, ["IsTextSubtitleStream"] = true, ["SupportsExternalStream"] = true, ["DeliveryMethod"] = "External", ["DeliveryUrl"] = "/TestHost/Subtitles.js", ["DisplayTitle"] = "French" });
}

/// <summary>An account.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsAdministrator">Whether it may do everything.</param>
/// <param name="Token">Its access token.</param>
public sealed record Person(string Id, string Name, bool IsAdministrator, string Token)
{
    /// <summary>What they may do, as Jellyfin's `User` keeps it.</summary>
    public IReadOnlyList<Leave> Permissions { get; } = [new("EnableMediaPlayback", true)];
}

/// <summary>One thing that an account may do or not.</summary>
/// <param name="Kind">Which; an enumeration in Jellyfin.</param>
/// <param name="Value">Whether it may.</param>
public sealed record Leave(string Kind, bool Value);
