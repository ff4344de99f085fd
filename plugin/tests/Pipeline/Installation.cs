using System.Net.Http.Headers;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenWatchParty.Plugin.Server;
using OpenWatchParty.TestHost;

namespace OpenWatchParty.Plugin.Tests.Pipeline;

/// <summary>
/// The stand-in of Jellyfin with the real assembly in a plugin folder, on a page of the web client's shape; gone, with
/// all its files, when disposed. Without a server program, unless one is given.
/// </summary>
internal sealed class Installation : IAsyncDisposable
{
    public const string Page = "<!doctype html><html><head><title>Jellyfin</title></head><body>é</body></html>";
    public const string Config = """{"multiserver":false,"plugins":["htmlVideoPlayer/plugin"]}""";
    private readonly string _root = Directory.CreateTempSubdirectory("owp-test-").FullName;

    public string Data => Path.Combine(_root, "data");

    public string Web => Path.Combine(_root, "web");

    public string Folder => Path.Combine(Data, "plugins", "OpenWatchParty_0.1.0.0");

    public CollectedLog Log { get; } = new();

    /// <summary>Set before the start, it makes it one by HTTPS.</summary>
    public X509Certificate2? Certificate { get; set; }

    public JellyfinStandIn Jellyfin { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>The server as it is built, from OWP_SERVER or build/release; null if there is none.</summary>
    public static string? BuiltServer
    {
        get
        {
            var path = Environment.GetEnvironmentVariable("OWP_SERVER")
                ?? Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../build/release/owp-server"));
            return File.Exists(path) ? path : null;
        }
    }

    public static async Task<Installation> StartAsync(string line = "10.11", string baseUrl = "", string? program = null, Action<Installation>? prepare = null, string[]? proxies = null, Action<IServiceCollection, bool>? neighbours = null)
    {
        var made = new Installation();
        Directory.CreateDirectory(made.Web);
        await File.WriteAllTextAsync(Path.Combine(made.Web, "index.html"), Page);
        await File.WriteAllTextAsync(Path.Combine(made.Web, "config.json"), Config);
        await File.WriteAllTextAsync(Path.Combine(made.Web, "main.js"), "// Jellyfin's own");
        Unpack(made.Folder, program);
        prepare?.Invoke(made);
        await made.BeginAsync(line, baseUrl, proxies, neighbours);
        return made;
    }

    /// <summary>What the zip leaves in a folder.</summary>
    public static void Unpack(string folder, string? program)
    {
        Directory.CreateDirectory(Path.Combine(folder, "web"));
        File.Copy(typeof(Plugin).Assembly.Location, Path.Combine(folder, "OpenWatchParty.Plugin.dll"), overwrite: true);
        File.WriteAllText(Path.Combine(folder, "web", "owp-jellyfin.js"), "window.OpenWatchPartyPlugin = 1;");
        File.WriteAllText(Path.Combine(folder, "meta.json"), """{"assemblies": ["OpenWatchParty.Plugin.dll"]}""");
        if (program is not null)
        {
            var path = Path.Combine(folder, "bin", ServerProgram.Platform, "owp-server");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(program, path, overwrite: true);
        }
    }

    /// <summary>Turns the assembly in a folder into that of the next version: the same but for its number.</summary>
    public static void MakeNewer(string folder)
    {
        var path = Path.Combine(folder, "OpenWatchParty.Plugin.dll");
        var bytes = File.ReadAllBytes(path);
        using (var assembly = new PEReader(new MemoryStream(bytes)))
        {
            const int BeforeMinorVersion = 6; // ECMA-335, II.22.2: HashAlgId, MajorVersion
            var row = assembly.PEHeaders.MetadataStartOffset + assembly.GetMetadataReader().GetTableMetadataOffset(TableIndex.Assembly);
            ++bytes[row + BeforeMinorVersion];
        }

        File.WriteAllBytes(path, bytes);
    }

    /// <summary>A program in the server's place: what a shell makes of it.</summary>
    public string Script(string body)
    {
        var path = Path.Combine(_root, "program.sh");
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        return path;
    }

    /// <summary>As a given user, by the way that all lines take.</summary>
    public Task<HttpResponseMessage> AskAsync(string path, string? token = null, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, path.TrimStart('/'));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("MediaBrowser", $"Token=\"{token}\"");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Http.SendAsync(request);
    }

    public async Task<string> ReadAsync(string path, string? token = null)
    {
        using var answer = await AskAsync(path, token);
        return await answer.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Jellyfin.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>Trusts the certificate of this installation and no other.</summary>
    public SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetCertHashString() == Certificate?.Thumbprint },
    };

    /// <summary>Stops Jellyfin and starts it again in this process, as its own restart does.</summary>
    public async Task RestartAsync()
    {
        Http.Dispose();
        await Jellyfin.DisposeAsync();
        await BeginAsync("10.11", string.Empty, null, null);
    }

    /// <summary>Until it is so; fails with what was waited for.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> look)
    {
        for (var tries = 0; !await look(); ++tries)
        {
            Assert.True(tries < 400, $"not within 20 s: {what}");
            await Task.Delay(50);
        }
    }

    /// <summary>What the plugin tells administrators.</summary>
    public async Task<JsonNode> StatusAsync() => JsonNode.Parse(await ReadAsync("OpenWatchParty/Status", "token-ada"))!;

    public Task UntilServerIsAsync(string phase)
        => UntilAsync($"the server is {phase}", async () => (string?)(await StatusAsync())["server"]!["phase"] == phase);

    // The plugin is patient; its types are those of another load context, so they are known by name
    private static void Hurry(IServiceCollection services)
    {
        foreach (var (name, arguments) in ((string, object[])[])[
            ("SignInPeriod", [TimeSpan.FromMilliseconds(200)]),
            ("ServerTimes", [TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(60)])])
        {
            foreach (var service in services.Where(descriptor => descriptor.ServiceType.Name == name).ToArray())
            {
                services.Remove(service);
                services.AddSingleton(service.ServiceType, Activator.CreateInstance(service.ServiceType, arguments)!);
            }
        }
    }

    private async Task BeginAsync(string line, string baseUrl, string[]? proxies, Action<IServiceCollection, bool>? neighbours)
    {
        Jellyfin = await JellyfinStandIn.StartAsync(new HostOptions
        {
            Line = line,
            BaseUrl = baseUrl,
            Data = Data,
            Web = Web,
            Certificate = Certificate,
            Log = Log,
            KnownProxies = proxies ?? [],
            Neighbours = neighbours,
            Replace = Hurry,
        });
        Http = new HttpClient(Handler()) { BaseAddress = new Uri(Jellyfin.Address, baseUrl + "/") };
    }
}
