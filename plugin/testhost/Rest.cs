using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using MediaBrowser.Common.Plugins;
using MediaBrowser.Model.Plugins;

namespace OpenWatchParty.TestHost;

/// <summary>The part of Jellyfin's own interface that its web client needs to sign in, show a title and play it.</summary>
internal static partial class Rest
{
    public static void Map(IEndpointRouteBuilder app, HostOptions options, Fixture fixture, IReadOnlyList<BasePlugin> plugins)
    {
        var version = options.Line switch { "12" => "12.0.0", "10.11" => "10.11.11", _ => "10.10.7" };
        object Info() => new { ServerName = "Test host", Version = version, ProductName = "Jellyfin Server", Id = Fixture.ServerId, StartupWizardCompleted = true };
        app.MapGet("/System/Info/Public", () => Answer(Info()));
        app.MapGet("/System/Info", () => Answer(Info()));
        app.MapGet("/System/Endpoint", () => Answer(new { IsLocal = true, IsInNetwork = true }));
        app.MapGet("/Branding/Configuration", () => Answer(new { LoginDisclaimer = string.Empty, CustomCss = string.Empty, SplashscreenEnabled = false }));
        app.MapGet("/Branding/Css", () => Results.Text(string.Empty, "text/css"));
        app.MapGet("/Branding/Css.css", () => Results.Text(string.Empty, "text/css"));
        app.MapGet("/QuickConnect/Enabled", () => Answer(false));
        app.MapGet("/Users/Public", () => Answer(fixture.People.Values.Select(UserOf)));
        app.MapPost("/Users/AuthenticateByName", async (HttpContext context) =>
        {
            var body = await JsonNode.ParseAsync(context.Request.Body).ConfigureAwait(false);
            return fixture.People.TryGetValue((string?)body?["Username"] ?? string.Empty, out var person)
                ? Answer(new { User = UserOf(person), AccessToken = person.Token, ServerId = Fixture.ServerId, SessionInfo = new { UserId = person.Id } })
                : Results.Unauthorized();
        });

        var users = app.MapGroup(string.Empty).RequireAuthorization();
        users.MapGet("/Users/Me", (HttpContext context) => Me(context, fixture) is { } me ? Answer(UserOf(me)) : Results.BadRequest());
        users.MapGet("/Users/{id}", (string id) => fixture.People.Values.FirstOrDefault(person => person.Id == id) is { } person ? Answer(UserOf(person)) : Results.NotFound());
        users.MapGet("/Items/{id:length(32)}", (string id, HttpContext context) => Item(id, context, fixture));
        users.MapGet("/Users/{user}/Items/{id:length(32)}", (string user, string id, HttpContext context) => Item(id, context, fixture));
        users.MapGet("/Users/{user}/Views", () => Answer(Page([Library()])));
        users.MapGet("/UserViews", () => Answer(Page([Library()])));
        users.MapGet("/UserViews/GroupingOptions", () => Answer(Array.Empty<int>()));
        users.MapGet("/Users/{user}/Items/Latest", (HttpContext context) => Answer(Latest(context, fixture)));
        users.MapGet("/Items/Latest", (HttpContext context) => Answer(Latest(context, fixture)));
        users.MapGet("/Users/{user}/Items", (HttpContext context) => Answer(Page(Asked(context, fixture))));
        users.MapGet("/Items", (HttpContext context) => Answer(Page(Asked(context, fixture))));
        users.MapPost("/Items/{id}/PlaybackInfo", async (string id, HttpContext context) => Answer(new { MediaSources = await VersionsAsync(id, context, fixture).ConfigureAwait(false), PlaySessionId = "ps" }));
        users.MapGet("/Shows/{series}/Episodes", () => Answer(Page([Fixture.Item(Fixture.Pilot), Fixture.Item(Fixture.SecondEpisode)])));
        users.MapGet("/MediaSegments/{id}", (string id) => Answer(Page(Fixture.Segments(id.Replace("-", string.Empty, StringComparison.Ordinal)).Select(segment => segment!.DeepClone().AsObject()))));
        users.MapGet("/DisplayPreferences/{id}", (string id) => Answer(new { Id = id, CustomPrefs = new { }, SortBy = "SortName", SortOrder = "Ascending", Client = "emby" }));
        foreach (var list in (string[])["/SyncPlay/List", "/Items/{id}/Ancestors", "/Users/{user}/Items/{id}/SpecialFeatures", "/Users/{user}/Items/{id}/LocalTrailers", "/Items/{id}/SpecialFeatures", "/Items/{id}/LocalTrailers", "/Users/{user}/GroupingOptions"])
        {
            users.MapGet(list, () => Answer(Array.Empty<int>()));
        }

        MapSessions(users, fixture);
        MapSyncPlay(users, fixture);
        app.MapGet("/Items/{id}/Images/{**rest}", (string id) => Results.Text(Picture(id), "image/svg+xml"));
        app.MapMethods("/Videos/{id}/{file}", ["GET", "HEAD"], (HttpContext context) => options.Media is not { } media ? Results.NotFound()
            : long.TryParse(context.Request.Query["StartTimeTicks"], out var ticks) ? Conversion.From(media, TimeSpan.FromTicks(ticks))
            : Results.File(media, "video/mp4", enableRangeProcessing: true));
        app.MapGet("/TestHost/Subtitles.js", () => Answer(new { TrackEvents = Array.Empty<object>() }));

        MapPlugins(app, plugins);

        // What else the client asks for is empty here
        app.MapFallback((HttpContext context) => HttpMethods.IsGet(context.Request.Method) ? Answer(Page([])) : Results.NoContent());
    }

    /// <summary>The remote control of Jellyfin's own client; a user's session has the user's id.</summary>
    private static void MapSessions(IEndpointRouteBuilder users, Fixture fixture)
    {
        users.MapGet("/Sessions", (HttpContext context) =>
        {
            var deviceId = context.Request.Query["deviceId"].ToString();
            return Answer(deviceId.Length > 0 && Me(context, fixture) is { } me ? [new { me.Id, UserId = me.Id, DeviceId = deviceId }] : Array.Empty<object>());
        });
        users.MapPost("/Sessions/{id}/Playing", async (string id, HttpContext context, Sessions sessions) =>
        {
            var query = context.Request.Query;
            int? Index(string name) => int.TryParse(query[name], out var index) ? index : null;
            await sessions.SendAsync(id, "Play", new
            {
                PlayCommand = query["playCommand"].ToString(),
                ItemIds = query["itemIds"].ToString().Split(','),
                StartPositionTicks = long.TryParse(query["startPositionTicks"], out var ticks) ? ticks : 0,
                MediaSourceId = query["mediaSourceId"].FirstOrDefault(),
                AudioStreamIndex = Index("audioStreamIndex"),
                SubtitleStreamIndex = Index("subtitleStreamIndex"),
            }).ConfigureAwait(false);
            return Results.NoContent();
        });
    }

    /// <summary>A group of Jellyfin's own SyncPlay, as its web client is told of one.</summary>
    private static void MapSyncPlay(IEndpointRouteBuilder users, Fixture fixture)
    {
        foreach (var (path, update) in (IEnumerable<(string, string)>)[("/SyncPlay/New", "GroupJoined"), ("/SyncPlay/Leave", "GroupLeft")])
        {
            users.MapPost(path, async (HttpContext context, Sessions sessions) =>
            {
                const string Group = "99999999-9999-9999-9999-999999999999";
                var me = Me(context, fixture)!;
                await sessions.SendAsync(me.Id, "SyncPlayGroupUpdate", new
                {
                    GroupId = Group,
                    Type = update,
                    Data = new { GroupId = Group, GroupName = "Group", State = "Idle", Participants = (string[])[me.Name], LastUpdatedAt = DateTime.UtcNow },
                }).ConfigureAwait(false);
            });
        }

        users.MapGet("/GetUtcTime", () => Answer(new { RequestReceptionTime = DateTime.UtcNow, ResponseTransmissionTime = DateTime.UtcNow }));
    }

    private static async Task<JsonArray> VersionsAsync(string id, HttpContext context, Fixture fixture)
    {
        var body = await JsonNode.ParseAsync(context.Request.Body).ConfigureAwait(false);
        string? Asked(string name) => context.Request.Query[name].FirstOrDefault() ?? body?[name]?.ToString();
        var wanted = Asked("MediaSourceId");
        var versions = Fixture.Sources(id).Select(version => version!.DeepClone().AsObject()).Where(version => string.IsNullOrEmpty(wanted) || (string?)version["Id"] == wanted);
        if (Me(context, fixture)?.Name == Fixture.OnOldDevice)
        {
            _ = long.TryParse(Asked("StartTimeTicks"), out var ticks);
            versions = versions.Select(version => Fixture.Converted(version, ticks));
        }

        return new([.. versions]);
    }

    private static void MapPlugins(IEndpointRouteBuilder app, IReadOnlyList<BasePlugin> plugins)
    {
        app.MapGet("/web/ConfigurationPage", (string name) =>
        {
            foreach (var plugin in plugins)
            {
                if ((plugin as IHasWebPages)?.GetPages().FirstOrDefault(page => page.Name == name) is { } page)
                {
                    return plugin.GetType().Assembly.GetManifestResourceStream(page.EmbeddedResourcePath) is { } resource
                        ? Results.Stream(resource, page.EmbeddedResourcePath.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript" : "text/html")
                        : Results.NotFound();
                }
            }

            return Results.NotFound();
        });
        var admin = app.MapGroup(string.Empty).RequireAuthorization("RequiresElevation");
        admin.MapGet("/web/ConfigurationPages", () => Answer(plugins.OfType<IHasWebPages>().SelectMany(plugin => plugin.GetPages())));
        admin.MapGet("/Plugins", () => Answer(plugins.Select(plugin => new { plugin.Name, Id = plugin.Id.ToString("N"), Status = "Active" })));
        admin.MapGet("/Plugins/{id}/Configuration", (Guid id) => plugins.FirstOrDefault(plugin => plugin.Id == id) is { } plugin
            ? Answer(plugin.GetType().GetProperty("Configuration")!.GetValue(plugin)!)
            : Results.NotFound());
        admin.MapPost("/Plugins/{id}/Configuration", async (Guid id, HttpContext context) =>
        {
            if (plugins.FirstOrDefault(plugin => plugin.Id == id) is not { } plugin)
            {
                return Results.NotFound();
            }

            var type = plugin.GetType().GetProperty("Configuration")!.PropertyType;
            try
            {
                var sent = await JsonSerializer.DeserializeAsync(context.Request.Body, type, Json).ConfigureAwait(false);
                plugin.GetType().GetMethod("UpdateConfiguration")!.Invoke(plugin, [sent]);
                return Results.NoContent();
            }
            catch (System.Reflection.TargetInvocationException e) when (e.InnerException is ArgumentException problem)
            {
                // Jellyfin tells its log, and the client no more than this
                LogError(context.RequestServices.GetRequiredService<ILogger<JellyfinStandIn>>(), problem.Message);
                return Results.Text("Error processing request.", "text/plain", statusCode: StatusCodes.Status400BadRequest);
            }
        });
        admin.MapPost("/TestHost/Uninstall", () =>
        {
            foreach (var plugin in plugins)
            {
                plugin.OnUninstalling();
            }
        });
    }

    /// <summary>A title's picture: a lighthouse, in another light for each.</summary>
    private static string Picture(string id)
    {
        var (sky, sea, band) = id switch
        {
            Fixture.Sequel => ("#5b3a4a", "#3a2431", "#d98e4a"),
            Fixture.Pilot => ("#2f5d6b", "#1d404b", "#c9a13b"),
            Fixture.SecondEpisode => ("#5f6b73", "#454f56", "#7a3b4a"),
            _ => ("#24364f", "#182538", "#b5473c"),
        };
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9" preserveAspectRatio="xMidYMid slice"><path fill="{sky}" d="M0 0h16v9H0z"/><path fill="#f4d58d" opacity=".35" d="M8 2.2 16 0v4zM8 2.2 0 1v3z"/>
            <path fill="{sea}" d="M0 7q4-1 8 0t8 0v2H0z"/><path fill="#e8e4da" d="M7.5 2.8h1l.4 4.6H7.1z"/><path fill="{band}" d="M7.4 4h1.2l.1 1H7.3zM7.4 2h1.2L8 1.4z"/><path fill="#f4d58d" d="M7.6 2h.8v.7h-.8z"/></svg>
            """;
    }

    private static readonly JsonSerializerOptions Json = new() { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };

    [LoggerMessage(Level = LogLevel.Error, Message = "Error processing request: {Problem}")]
    private static partial void LogError(ILogger logger, string problem);

    private static IResult Answer(object value) => Results.Json(value, Json);

    private static Person? Me(HttpContext context, Fixture fixture) => fixture.ByToken(context.User.FindFirstValue("Jellyfin-Token"));

    private static IResult Item(string id, HttpContext context, Fixture fixture)
        => Me(context, fixture) is { } me && fixture.MaySee(me.Id, id) ? Answer(Fixture.Item(id)) : Results.NotFound();

    private static JsonArray Latest(HttpContext context, Fixture fixture) => new([.. Visible(context, fixture).Select(id => Fixture.Item(id, full: false))]);

    private static IEnumerable<JsonObject> Asked(HttpContext context, Fixture fixture)
    {
        var ids = (context.Request.Query["Ids"].ToString() + context.Request.Query["ids"]).Split(',');
        return Visible(context, fixture).Where(id => ids.Contains(id)).Select(id => Fixture.Item(id));
    }

    private static IEnumerable<string> Visible(HttpContext context, Fixture fixture)
        => Me(context, fixture) is { } me ? ((string[])[Fixture.Film, Fixture.Sequel, Fixture.Secret]).Where(id => fixture.MaySee(me.Id, id)) : [];

    private static object Page(IEnumerable<JsonObject> items)
    {
        var list = items.ToArray();
        return new { Items = new JsonArray([.. list]), TotalRecordCount = list.Length, StartIndex = 0 };
    }

    private static JsonObject Library() => new()
    {
        ["Name"] = "Films",
        ["Id"] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
        ["ServerId"] = Fixture.ServerId,
        ["Type"] = "CollectionFolder",
        ["CollectionType"] = "movies",
        ["IsFolder"] = true,
        ["ImageTags"] = new JsonObject(),
        ["BackdropImageTags"] = new JsonArray(),
        ["UserData"] = new JsonObject(),
    };

    private static object UserOf(Person person) => new
    {
        person.Name,
        ServerId = Fixture.ServerId,
        person.Id,
        HasPassword = false,
        Configuration = new { PlayDefaultAudioTrack = true, OrderedViews = Array.Empty<string>(), LatestItemsExcludes = Array.Empty<string>(), MyMediaExcludes = Array.Empty<string>(), GroupedFolders = Array.Empty<string>(), EnableNextEpisodeAutoPlay = true },
        Policy = new { person.IsAdministrator, IsDisabled = false, EnableMediaPlayback = true, EnableAllFolders = true, EnableRemoteAccess = true, SyncPlayAccess = "CreateAndJoinGroups", EnableUserPreferenceAccess = true },
    };
}
