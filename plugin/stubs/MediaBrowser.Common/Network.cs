using MediaBrowser.Common.Net;

namespace MediaBrowser.Common.Configuration
{
    /// <summary>Gives configurations by name.</summary>
    public interface IConfigurationManager
    {
        /// <summary>The configuration of this name.</summary>
        object GetConfiguration(string key);
    }
}

namespace MediaBrowser.Common.Net
{
    /// <summary>What the administrator set for the network.</summary>
    public class NetworkConfiguration
    {
        /// <summary>Addresses, networks or names of proxies whose forwarded headers are believed.</summary>
        public string[] KnownProxies { get; set; } = [];
    }

    /// <summary>Finds the network configuration.</summary>
    public static class NetworkConfigurationExtensions
    {
        /// <summary>The network configuration.</summary>
        public static NetworkConfiguration GetNetworkConfiguration(this Configuration.IConfigurationManager config)
            => (NetworkConfiguration)config.GetConfiguration("network");
    }
}
