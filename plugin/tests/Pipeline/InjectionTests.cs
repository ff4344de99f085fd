using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace OpenWatchParty.Plugin.Tests.Pipeline;

/// <summary>The promises of InjectionMiddleware, on the stand-in of Jellyfin, over real sockets.</summary>
public class InjectionTests
{
    [Theory]
    [InlineData("10.10", "")]
    [InlineData("10.11", "/jelly")]
    [InlineData("12", "/a b+é")]
    public async Task PageAndConfigGetOursAndNothingElseChanges(string line, string baseUrl)
    {
        await using var jellyfin = await Installation.StartAsync(line, baseUrl);
        foreach (var path in (string[])["web/", "web/index.html"])
        {
            using var page = await jellyfin.AskAsync(path, null, null, ("Accept-Encoding", "gzip, br"), ("If-None-Match", "*"), ("Range", "bytes=0-5"));
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Empty(page.Content.Headers.ContentEncoding);
            Assert.Null(page.Headers.ETag);
            Assert.Null(page.Content.Headers.LastModified);
            Assert.True(page.Headers.CacheControl!.NoCache);
            var text = await page.Content.ReadAsStringAsync();
            Assert.Equal(text.Length + 1, page.Content.Headers.ContentLength); // é has two bytes
            Assert.Matches("<head><script src=\"\\.\\./OpenWatchParty/ClientScript\\?v=[0-9a-f]{16}\" defer></script><title>", text);
            Assert.Equal(Installation.Page, System.Text.RegularExpressions.Regex.Replace(text, "<script.*</script>", string.Empty));
        }

        Assert.Contains("OpenWatchPartyPlugin", await jellyfin.ReadAsync("web/config.json"), StringComparison.Ordinal);
        Assert.Equal("// Jellyfin's own", await jellyfin.ReadAsync("web/main.js"));
        Assert.Equal(["config.json", "index.html", "main.js"], Directory.EnumerateFileSystemEntries(jellyfin.Web).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(Installation.Page, await File.ReadAllTextAsync(Path.Combine(jellyfin.Web, "index.html")));
        Assert.Equal(Installation.Config, await File.ReadAllTextAsync(Path.Combine(jellyfin.Web, "config.json")));
    }

    [Theory]
    [InlineData("Accept-Encoding", "gzip")]
    [InlineData("Range", "bytes=0-5")]
    [InlineData("If-Match", "\"another\"")]
    [InlineData("If-None-Match", "*")]
    [InlineData("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")]
    [InlineData("If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT")]
    public async Task NoHeaderOfTheBrowserGetsAPageFromBeforeOurTime(string name, string value)
    {
        await using var jellyfin = await Installation.StartAsync("10.10");
        foreach (var path in (string[])["web/", "web/config.json"])
        {
            using var answer = await jellyfin.AskAsync(path, null, null, (name, value));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Empty(answer.Content.Headers.ContentEncoding);
            Assert.Contains("OpenWatchParty", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal((null, null, "no-cache"), (answer.Headers.ETag, answer.Content.Headers.LastModified, answer.Headers.CacheControl?.ToString()));
            Assert.Empty(answer.Headers.AcceptRanges);
        }
    }

    [Fact]
    public async Task SwitchedOffEvenThePagesHeadersAreJellyfinsOwn()
    {
        await using var jellyfin = await Installation.StartAsync();
        using var off = await SaveAsync(jellyfin, """{"InjectScript":false}""");
        using var page = await jellyfin.AskAsync("web/index.html");
        using var same = await jellyfin.AskAsync("web/index.html", null, null, ("If-None-Match", page.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Theory]
    [InlineData(304)]
    [InlineData(302)]
    [InlineData(404)]
    [InlineData(503)]
    public async Task AnAnswerThatIsNoPagePassesAsItIs(int status)
    {
        await using var jellyfin = await Installation.StartAsync(neighbours: (services, early) =>
        {
            if (!early)
            {
                services.AddSingleton<IStartupFilter>(new Answering(status));
            }
        });
        using var answer = await jellyfin.AskAsync("web/");
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("\"of-jellyfin\"", answer.Headers.ETag!.Tag);
        Assert.DoesNotContain("ClientScript", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNoPagePassesAsItIs()
    {
        await using var jellyfin = await Installation.StartAsync();
        using var script = await jellyfin.AskAsync("web/main.js", null, null, ("Range", "bytes=0-2"));
        Assert.Equal(HttpStatusCode.PartialContent, script.StatusCode);
        Assert.NotNull(script.Headers.ETag);
        using var head = await jellyfin.AskAsync("web/index.html", null, HttpMethod.Head);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.NotNull(head.Headers.ETag);
        using var none = await jellyfin.AskAsync("web/no/index.html", null, null);
        Assert.DoesNotContain("ClientScript", await none.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OtherPluginsChangeThePageToo(bool before)
    {
        await using var jellyfin = await Installation.StartAsync(neighbours: (services, early) =>
        {
            if (early == before)
            {
                services.AddSingleton<IStartupFilter, Neighbour>();
            }
        });
        var page = await jellyfin.ReadAsync("web/");
        Assert.Contains("OpenWatchParty/ClientScript", page, StringComparison.Ordinal);
        Assert.Contains("<script src=\"neighbour.js\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APageWithoutAHeadAndAListWithoutPluginsAreLeftAndTheAdministratorHearsOfIt()
    {
        await using var jellyfin = await Installation.StartAsync();
        foreach (var (file, content, problem) in ((string, string, string)[])[("index.html", "<body>bare</body>", "no <head>"), ("config.json", """{"multiserver": false}""", "no list of plugins")])
        {
            await File.WriteAllTextAsync(Path.Combine(jellyfin.Web, file), content);
            Assert.Equal(content, await jellyfin.ReadAsync($"web/{file}"));
            Assert.Contains((await jellyfin.StatusAsync())["problems"]!.AsArray(), told => ((string?)told)!.Contains(problem, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task AZipUnpackedTwiceIsTheSamePlugin()
    {
        await using var jellyfin = await Installation.StartAsync(prepare: made =>
        {
            var zip = Path.Combine(made.Data, "plugin.zip");
            ZipFile.CreateFromDirectory(made.Folder, zip);
            ZipFile.ExtractToDirectory(zip, made.Folder, overwriteFiles: true);
        });
        Assert.Single(jellyfin.Jellyfin.Plugins);
        Assert.Contains("ClientScript", await jellyfin.ReadAsync("web/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSwitchAndUninstallingTurnItOffAtOnce()
    {
        await using var jellyfin = await Installation.StartAsync();
        Assert.Contains("ClientScript", await jellyfin.ReadAsync("web/"), StringComparison.Ordinal);
        using var off = await SaveAsync(jellyfin, """{"InjectScript":false}""");
        Assert.Equal(HttpStatusCode.NoContent, off.StatusCode);
        Assert.Equal(Installation.Page, await jellyfin.ReadAsync("web/"));
        Assert.Equal(Installation.Config, await jellyfin.ReadAsync("web/config.json"));
        using var on = await SaveAsync(jellyfin, """{"InjectScript":true}""");
        Assert.Contains("ClientScript", await jellyfin.ReadAsync("web/"), StringComparison.Ordinal);
        using var gone = await jellyfin.AskAsync("TestHost/Uninstall", "token-ada", HttpMethod.Post);
        Assert.Equal(Installation.Page, await jellyfin.ReadAsync("web/"));
    }

    [Fact]
    public async Task WithoutItsScriptFileNothingIsAdded()
    {
        await using var jellyfin = await Installation.StartAsync(prepare: made => File.Delete(Path.Combine(made.Folder, "web", "owp-jellyfin.js")));
        Assert.Equal(Installation.Page, await jellyfin.ReadAsync("web/"));
        Assert.Contains("script for the browser", await jellyfin.ReadAsync("OpenWatchParty/Status", "token-ada"), StringComparison.Ordinal);
    }

    internal static async Task<HttpResponseMessage> SaveAsync(Installation jellyfin, string json)
    {
        var id = jellyfin.Jellyfin.Plugins[0].Id;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"Plugins/{id}/Configuration?ApiKey=token-ada") { Content = new StringContent(json) };
        return await jellyfin.Http.SendAsync(request);
    }

    private sealed class Answering(int status) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app => app.Run(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/html";
            context.Response.Headers.ETag = "\"of-jellyfin\"";
            if (status != StatusCodes.Status304NotModified)
            {
                await context.Response.WriteAsync("<html><head></head></html>");
            }
        });
    }

    private sealed class Neighbour : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, following) =>
            {
                if (context.Request.Path.Value?.EndsWith("/web/", StringComparison.Ordinal) != true)
                {
                    await following(context);
                    return;
                }

                var body = context.Response.Body;
                using var held = new MemoryStream();
                context.Response.Body = held;
                await following(context);
                context.Response.Body = body;
                var page = System.Text.Encoding.UTF8.GetString(held.ToArray()).Replace("</head>", "<script src=\"neighbour.js\"></script></head>", StringComparison.Ordinal);
                context.Response.ContentLength = null;
                await context.Response.WriteAsync(page);
            });
            next(app);
        };
    }
}
