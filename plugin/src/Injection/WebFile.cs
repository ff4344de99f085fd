namespace OpenWatchParty.Plugin.Injection;

/// <summary>The two files of Jellyfin's web client that we add to.</summary>
internal enum WebFile
{
    /// <summary>Any other: not ours to touch.</summary>
    None,

    /// <summary>The index page.</summary>
    Page,

    /// <summary>config.json, which lists the client's plugins.</summary>
    Config,
}

/// <summary>Which requests are for them.</summary>
internal static class WebFiles
{
    /// <summary>By the path's end: this early in the pipeline a base URL is still part of it.</summary>
    public static WebFile Of(string? path)
        => path is null ? WebFile.None
        : EndsWith(path, "/web/") || EndsWith(path, "/web/index.html") ? WebFile.Page
        : EndsWith(path, "/web/config.json") ? WebFile.Config
        : WebFile.None;

    private static bool EndsWith(string path, string end) => path.EndsWith(end, StringComparison.OrdinalIgnoreCase);
}
