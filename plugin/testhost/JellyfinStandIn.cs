using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.FileProviders;
using MediaBrowser.Common.Configuration;
using MediaBrowser.Common.Plugins;
using MediaBrowser.Controller;
using MediaBrowser.Controller.Configuration;
using MediaBrowser.Controller.Library;
using MediaBrowser.Model.Serialization;

namespace OpenWatchParty.TestHost;

/// <summary>
/// Jellyfin's web server as a plugin meets it, in the order of its Startup.cs: the plugins' filters, then everything
/// under the base URL, forwarded headers, compression, its web client's files, WebSockets, who is asking, and its own
/// handler, which takes every WebSocket for its own. A stop and a new start in the same process are what a restart is.
/// </summary>
public sealed class JellyfinStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly PluginFolder[] _folders;

    private JellyfinStandIn(WebApplication app, PluginFolder[] folders, IReadOnlyList<BasePlugin> plugins, Fixture fixture)
    {
        _app = app;
        _folders = folders;
        Plugins = plugins;
        Fixture = fixture;
    }

    /// <summary>Its plugins.</summary>
    public IReadOnlyList<BasePlugin> Plugins { get; }

    /// <summary>Its people and titles.</summary>
    public Fixture Fixture { get; }

    /// <summary>What it has in its container.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>http://127.0.0.1:port (https with a certificate), without the base URL.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>Loads the plugins and listens.</summary>
    public static async Task<JellyfinStandIn> StartAsync(HostOptions options, Fixture? people = null)
    {
        var fixture = people ?? new Fixture();
        var parts = new ServerParts(options, fixture);
        Directory.CreateDirectory(parts.PluginConfigurationsPath);
        Directory.CreateDirectory(parts.CachePath);
        PluginFolder[] folders = [.. Directory.EnumerateDirectories(parts.PluginsPath)
            .Where(folder => Directory.EnumerateFiles(folder, "*.dll", SearchOption.AllDirectories).Any())
            .Order(StringComparer.Ordinal)
            .Select(folder => new PluginFolder(folder))];

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = options.Data, EnvironmentName = Environments.Production });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
        {
            if (options.Certificate is { } certificate)
            {
                listen.UseHttps(certificate);
            }
        }));
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
        if (options.Log is { } log)
        {
            builder.Logging.AddProvider(log);
        }

        AddServer(builder.Services, options, parts, fixture);
        options.Neighbours?.Invoke(builder.Services, true);
        foreach (var folder in folders)
        {
            folder.Register(builder.Services, parts);
        }

        options.Neighbours?.Invoke(builder.Services, false);
        options.Replace?.Invoke(builder.Services);
        var controllers = builder.Services.AddControllers();
        foreach (var assembly in folders.SelectMany(folder => folder.Assemblies))
        {
            controllers.PartManager.ApplicationParts.Add(new AssemblyPart(assembly));
        }

        var app = builder.Build();
        BasePlugin[] plugins = [.. folders.SelectMany(folder => folder.Create(app.Services))];
        if (options.BaseUrl.Length == 0)
        {
            Pipeline(app, options, fixture, plugins);
        }
        else
        {
            app.Map(options.BaseUrl, inner => Pipeline(inner, options, fixture, plugins));
            app.Run(context =>
            {
                context.Response.Redirect(options.BaseUrl + "/web/");
                return Task.CompletedTask;
            });
        }

        await app.StartAsync().ConfigureAwait(false);
        return new JellyfinStandIn(app, folders, plugins, fixture);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        foreach (var folder in _folders)
        {
            folder.Unload();
        }
    }

    private static void AddServer(IServiceCollection services, HostOptions options, ServerParts parts, Fixture fixture)
    {
        services.AddSingleton(options);
        services.AddSingleton(fixture);
        services.AddSingleton<Sessions>();
        services.AddSingleton<IApplicationPaths>(parts);
        services.AddSingleton<IServerApplicationHost>(parts);
        services.AddSingleton<IServerConfigurationManager>(parts);
        services.AddSingleton<IXmlSerializer>(parts);
        services.AddSingleton<ILibraryManager>(parts);
        services.AddSingleton<IUserManager>(parts);
        services.AddHttpContextAccessor();
        services.AddResponseCompression();
        services.AddAuthentication("CustomAuthentication").AddScheme<AuthenticationSchemeOptions, TokenHandler>("CustomAuthentication", null);
        services.AddAuthorizationBuilder().AddPolicy("RequiresElevation", policy => policy.RequireRole("Administrator"));
    }

    private static void Pipeline(IApplicationBuilder app, HostOptions options, Fixture fixture, IReadOnlyList<BasePlugin> plugins)
    {
        app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All });
        app.UseWebSockets();
        app.UseResponseCompression();
        var files = new PhysicalFileProvider(options.Web);
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files, RequestPath = "/web" });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            RequestPath = "/web",
            OnPrepareResponse = context =>
            {
                if (options.Line != "10.10" && context.File.Name == "index.html")
                {
                    context.Context.Response.Headers.CacheControl = "no-cache";
                }
            },
        });
        app.UseAuthentication();
        app.UseRouting();
        app.UseAuthorization();
        app.Use(async (context, next) =>
        {
            if (!context.WebSockets.IsWebSocketRequest)
            {
                await next(context).ConfigureAwait(false);
                return;
            }

            using var socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
            var sessions = context.RequestServices.GetRequiredService<Sessions>();
            var userId = context.User.FindFirstValue("Jellyfin-UserId") ?? string.Empty;
            var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            await sessions.ServeAsync(userId, socket, end.Token).ConfigureAwait(false);
        });
        app.UseEndpoints(endpoints =>
        {
            endpoints.MapControllers();
            Rest.Map(endpoints, options, fixture, plugins);
        });
    }
}
