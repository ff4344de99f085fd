using Microsoft.Extensions.DependencyInjection;

namespace MediaBrowser.Controller
{
    /// <summary>The server.</summary>
    public interface IServerApplicationHost
    {
    }
}

namespace MediaBrowser.Controller.Configuration
{
    /// <summary>The server's configurations.</summary>
    public interface IServerConfigurationManager : Common.Configuration.IConfigurationManager
    {
    }
}

namespace MediaBrowser.Controller.Plugins
{
    /// <summary>Adds a plugin's services before the server is built.</summary>
    public interface IPluginServiceRegistrator
    {
        /// <summary>Adds them.</summary>
        void RegisterServices(IServiceCollection serviceCollection, IServerApplicationHost applicationHost);
    }
}
