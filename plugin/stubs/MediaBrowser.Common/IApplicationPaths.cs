namespace MediaBrowser.Common.Configuration;

/// <summary>Where things lie on this server.</summary>
public interface IApplicationPaths
{
    /// <summary>The folder of the web client.</summary>
    string WebPath { get; }

    /// <summary>The folder of plugins.</summary>
    string PluginsPath { get; }

    /// <summary>The folder of plugins' configurations.</summary>
    string PluginConfigurationsPath { get; }

    /// <summary>The cache's folder.</summary>
    string CachePath { get; }
}
