using MediaBrowser.Common.Configuration;
using MediaBrowser.Model.Plugins;
using MediaBrowser.Model.Serialization;

namespace MediaBrowser.Common.Plugins;

/// <summary>What every plugin derives from.</summary>
public abstract class BasePlugin
{
    /// <summary>The plugin's name.</summary>
    public abstract string Name { get; }

    /// <summary>What it is for.</summary>
    public virtual string Description => string.Empty;

    /// <summary>Its identity, for ever.</summary>
    public virtual Guid Id { get; private set; }

    /// <summary>Called before the plugin's folder is deleted.</summary>
    public virtual void OnUninstalling()
    {
    }
}

/// <summary>A plugin with a configuration, kept as XML.</summary>
public abstract class BasePlugin<TConfigurationType> : BasePlugin
    where TConfigurationType : BasePluginConfiguration
{
    private readonly IApplicationPaths _paths;
    private readonly IXmlSerializer _serializer;
    private TConfigurationType? _configuration;

    /// <summary>For a plugin on this server.</summary>
    protected BasePlugin(IApplicationPaths applicationPaths, IXmlSerializer xmlSerializer)
    {
        _paths = applicationPaths;
        _serializer = xmlSerializer;
    }

    /// <summary>
    /// The configuration; read when it is first asked for. If it can't be read it is the default, which is written: on a
    /// read-only disk the first look throws.
    /// </summary>
    public TConfigurationType Configuration
    {
        get => _configuration ??= Load();
        protected set => _configuration = value;
    }

    /// <summary>The configuration's file.</summary>
    public string ConfigurationFilePath
        => Path.Combine(_paths.PluginConfigurationsPath, Path.ChangeExtension(Path.GetFileName(GetType().Assembly.Location), ".xml"));

    /// <summary>Writes the configuration.</summary>
    public virtual void SaveConfiguration() => _serializer.SerializeToFile(Configuration, ConfigurationFilePath);

    /// <summary>Takes a configuration from the dashboard and writes it.</summary>
    public virtual void UpdateConfiguration(BasePluginConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Configuration = (TConfigurationType)configuration;
        SaveConfiguration();
    }

    private TConfigurationType Load()
    {
        try
        {
            return (TConfigurationType)_serializer.DeserializeFromFile(typeof(TConfigurationType), ConfigurationFilePath)!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            var usual = Activator.CreateInstance<TConfigurationType>();
            _serializer.SerializeToFile(usual, ConfigurationFilePath);
            return usual;
        }
    }
}
