using System.Xml;
using System.Xml.Serialization;
using MediaBrowser.Common.Configuration;
using MediaBrowser.Common.Net;
using MediaBrowser.Controller;
using MediaBrowser.Controller.Configuration;
using MediaBrowser.Model.Serialization;

namespace OpenWatchParty.TestHost;

/// <summary>The parts of Jellyfin that a plugin is given.</summary>
internal sealed class ServerParts(HostOptions options) : IApplicationPaths, IServerApplicationHost, IServerConfigurationManager, IXmlSerializer
{
    public string WebPath => options.Web;

    public string PluginsPath => Path.Combine(options.Data, "plugins");

    public string PluginConfigurationsPath => Path.Combine(PluginsPath, "configurations");

    public string CachePath => Path.Combine(options.Data, "cache");

    public object GetConfiguration(string key) => new NetworkConfiguration { KnownProxies = options.KnownProxies };

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
}
