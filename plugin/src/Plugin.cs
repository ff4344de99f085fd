using System.Globalization;
using MediaBrowser.Common.Configuration;
using MediaBrowser.Common.Plugins;
using MediaBrowser.Model.Plugins;
using MediaBrowser.Model.Serialization;

namespace OpenWatchParty.Plugin;

/// <summary>
/// What Jellyfin sees of us: name, identity, configuration and its page. What we do is in <see cref="Registrator"/>;
/// <see cref="LiveSettings"/> carries the configuration there.
/// </summary>
public sealed class Plugin : BasePlugin<PluginConfiguration>, IHasWebPages
{
    private readonly LiveSettings _settings;

    /// <summary>Made by Jellyfin once all services are.</summary>
    public Plugin(IApplicationPaths applicationPaths, IXmlSerializer xmlSerializer, LiveSettings settings, Versions versions)
        : base(applicationPaths, xmlSerializer)
    {
        // Aside, settings reach nobody: all stays off, as before they are known
        _settings = versions.StandAside ? new LiveSettings() : settings;
        Adopt();
    }

    /// <inheritdoc />
    public override string Name => "OpenWatchParty";

    /// <inheritdoc />
    public override string Description => "Watch films together, in step.";

    /// <inheritdoc />
    public override Guid Id => Guid.Parse("6d1c3a52-58f7-4c0e-9b7b-2f0e6b7c94d1", CultureInfo.InvariantCulture);

    /// <inheritdoc />
    public IEnumerable<PluginPageInfo> GetPages() =>
    [
        new() { Name = Name, DisplayName = Name, EnableInMainMenu = true, EmbeddedResourcePath = "OpenWatchParty.Plugin.Pages.config.html" },
    ];

    /// <summary>
    /// Takes what the dashboard sends; refuses impossible values with a sentence. Jellyfin answers 400, and keeps the
    /// sentence for its log: the page asks for it before.
    /// </summary>
    /// <exception cref="ArgumentException">A value is impossible.</exception>
    public override void UpdateConfiguration(BasePluginConfiguration configuration)
    {
        var wanted = (PluginConfiguration)configuration;
        if (ConfigurationRules.Problems(wanted) is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(configuration));
        }

        base.UpdateConfiguration(ConfigurationRules.Repaired(wanted));
        _settings.Use(Configuration, []);
    }

    /// <summary>From now on Jellyfin's pages are as if we had never been there.</summary>
    public override void OnUninstalling() => _settings.TurnOff();

    // A configuration that can't be kept (read-only disk) still works until the next restart.
    private void Adopt()
    {
        List<string> problems = [];
        var found = Found(problems);
        problems.AddRange(ConfigurationRules.Problems(found));
        var repaired = ConfigurationRules.Repaired(found);
        if (found.JwtSecret != repaired.JwtSecret && problems.Count == 0)
        {
            try
            {
                Configuration = repaired;
                SaveConfiguration();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problems.Add(NotKept(e));
            }
        }

        _settings.Use(repaired, problems);
    }

    // Jellyfin writes what it can't read anew, and where it can't do that either, the first look throws
    private PluginConfiguration Found(List<string> problems)
    {
        try
        {
            return Configuration;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(NotKept(e));
            return Configuration = ConfigurationRules.Repaired(new PluginConfiguration());
        }
    }

    private static string NotKept(Exception e)
        => $"The configuration can't be written, so the settings and the secret for a remote server last only until the next restart: {e.Message}";
}
