using OpenWatchParty.TestHost;

const string Help = """
    A stand-in for Jellyfin that the real plugin is loaded into, for trying and testing.

      --data FOLDER      its data; plugins lie in FOLDER/plugins/NAME_VERSION/
      --install FILE     a repository's manifest.json beside its zip: installed at each start, as from the catalogue
      --web FOLDER       a built jellyfin-web
      --media FILE       what every title plays (MP4)
      --line LINE        10.10, 10.11 (usual) or 12
      --base-url PATH    such as /jelly
      --port PORT        on loopback; usually 8096
    It prints its address, stops at the end of its input, and restarts in the same process, at the same address, for the line "restart".
    Sign in as Ada (administrator), Ben or Cleo, without a password.
    """;

Dictionary<string, string> given = [];
for (var i = 0; i < args.Length; i += 2)
{
    if (args[i] is "--help" || !args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length)
    {
        Console.WriteLine(Help);
        return args[i] == "--help" ? 0 : 2;
    }

    given[args[i][2..]] = args[i + 1];
}

if (!given.TryGetValue("data", out var data) || !given.TryGetValue("web", out var web))
{
    Console.WriteLine(Help);
    return 2;
}

var options = new OpenWatchParty.TestHost.HostOptions
{
    Data = Path.GetFullPath(data),
    Web = Path.GetFullPath(web),
    Media = given.TryGetValue("media", out var media) ? Path.GetFullPath(media) : null,
    Line = given.GetValueOrDefault("line", "10.11"),
    BaseUrl = given.GetValueOrDefault("base-url", string.Empty),
    Port = int.Parse(given.GetValueOrDefault("port", "8096"), System.Globalization.CultureInfo.InvariantCulture),
    Log = new StandardErrorLog(),
};
while (true)
{
    if (given.TryGetValue("install", out var manifest))
    {
        Catalogue.Install(Path.GetFullPath(manifest), Path.Combine(options.Data, "plugins"));
    }

    var host = await JellyfinStandIn.StartAsync(options);
    options = options with { Port = host.Address.Port };
    Console.WriteLine($"Listening on {host.Address}");
    var order = await Console.In.ReadLineAsync();
    await host.DisposeAsync();
    if (order != "restart")
    {
        return 0;
    }
}
