using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json.Nodes;
using MediaBrowser.Controller.Plugins;

namespace OpenWatchParty.TestHost;

/// <summary>
/// One plugin as Jellyfin loads it: each assembly that its meta.json names (all, if it names none) into a collectible
/// context of its own; what is not in the folder is the server's.
/// </summary>
public sealed class PluginFolder
{
    private readonly AssemblyLoadContext _context = new("plugin", isCollectible: true);

    /// <exception cref="BadImageFormatException">A file called .dll is no assembly.</exception>
    /// <exception cref="ReflectionTypeLoadException">An assembly needs what the server has not.</exception>
    public PluginFolder(string folder)
    {
        Folder = folder;
        var meta = Path.Combine(folder, "meta.json");
        var named = File.Exists(meta) ? JsonNode.Parse(File.ReadAllText(meta))?["assemblies"]?.AsArray().Select(name => (string)name!).ToArray() : null;
        var files = Directory.EnumerateFiles(folder, "*.dll", SearchOption.AllDirectories)
            .Where(file => named is not { Length: > 0 } || named.Contains(Path.GetRelativePath(folder, file)));
        foreach (var file in files)
        {
            var assembly = _context.LoadFromAssemblyPath(file);
            _ = assembly.GetTypes();
            Types = [.. Types, .. assembly.GetExportedTypes().Where(type => type is { IsClass: true, IsAbstract: false })];
            Assemblies = [.. Assemblies, assembly];
        }
    }

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    /// <summary>What it brought.</summary>
    public IReadOnlyList<Assembly> Assemblies { get; } = [];

    /// <summary>Its public classes.</summary>
    public IReadOnlyList<Type> Types { get; } = [];

    /// <summary>Lets it add its services.</summary>
    public void Register(IServiceCollection services, MediaBrowser.Controller.IServerApplicationHost host)
    {
        foreach (var type in Types.Where(type => type.IsAssignableTo(typeof(IPluginServiceRegistrator))))
        {
            ((IPluginServiceRegistrator)Activator.CreateInstance(type)!).RegisterServices(services, host);
        }
    }

    /// <summary>Its plugin objects.</summary>
    public IEnumerable<MediaBrowser.Common.Plugins.BasePlugin> Create(IServiceProvider services)
        => Types.Where(type => type.IsAssignableTo(typeof(MediaBrowser.Common.Plugins.BasePlugin)))
            .Select(type => (MediaBrowser.Common.Plugins.BasePlugin)ActivatorUtilities.CreateInstance(services, type));

    /// <summary>Gives its memory back once nobody uses it.</summary>
    public void Unload() => _context.Unload();
}
