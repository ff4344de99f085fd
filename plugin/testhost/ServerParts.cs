using System.Xml;
using System.Xml.Serialization;
using MediaBrowser.Common.Configuration;
using MediaBrowser.Common.Net;
using MediaBrowser.Controller;
using MediaBrowser.Controller.Configuration;
using MediaBrowser.Controller.Entities;
using MediaBrowser.Controller.Library;
using MediaBrowser.Model.Serialization;

namespace OpenWatchParty.TestHost;

/// <summary>The parts of Jellyfin that a plugin is given.</summary>
internal sealed class ServerParts(HostOptions options, Fixture fixture) : IApplicationPaths, IServerApplicationHost, IServerConfigurationManager, IXmlSerializer, ILibraryManager, IUserManager
{
    public string WebPath => options.Web;

    public string PluginsPath => Path.Combine(options.Data, "plugins");

    public string PluginConfigurationsPath => Path.Combine(PluginsPath, "configurations");

    public string CachePath => Path.Combine(options.Data, "cache");

    public object GetConfiguration(string key) => new NetworkConfiguration { KnownProxies = options.KnownProxies };

    /// <summary>Asked for by name, as its type differs from line to line.</summary>
    public object? GetUserById(Guid id) => fixture.People.Values.FirstOrDefault(person => person.Id == id.ToString("N"));

    public T? GetItemById<T>(Guid id, Guid userId)
        where T : BaseItem
        => fixture.People.Values.All(person => person.Id != userId.ToString("N")) || fixture.MaySee(userId.ToString("N"), id.ToString("N")) ? (T)(BaseItem)new Movie() : null;

    public object? DeserializeFromFile(Type type, string file)
    {
        using var reader = XmlReader.Create(file);
        return new XmlSerializer(type).Deserialize(reader);
    }

    public void SerializeToFile(object obj, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var stream = File.Create(file);
        new XmlSerializer(obj.GetType()).Serialize(stream, obj);
    }

    private sealed class Movie : BaseItem
    {
    }
}
