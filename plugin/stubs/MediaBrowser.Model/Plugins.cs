namespace MediaBrowser.Model.Plugins;

/// <summary>What a plugin's configuration derives from.</summary>
public class BasePluginConfiguration
{
}

/// <summary>A plugin with pages of its own in the dashboard.</summary>
public interface IHasWebPages
{
    /// <summary>The pages; each is an embedded resource, served to anybody who asks.</summary>
    IEnumerable<PluginPageInfo> GetPages();
}

/// <summary>One page of a plugin.</summary>
public class PluginPageInfo
{
    /// <summary>Its name in the address.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>Its title in the menu.</summary>
    public string? DisplayName { get; set; }

    /// <summary>The resource of the plugin's assembly.</summary>
    public string EmbeddedResourcePath { get; set; } = string.Empty;

    /// <summary>Whether the main menu has an entry for it.</summary>
    public bool EnableInMainMenu { get; set; }
}
