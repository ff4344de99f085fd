namespace OpenWatchParty.Plugin.Tests.Pipeline;

/// <summary>A test of the plugin with the real owp-server; skipped, with a word, where that is not built.</summary>
internal sealed class BuiltServerFactAttribute : FactAttribute
{
    public BuiltServerFactAttribute()
    {
        Skip = Installation.BuiltServer is null ? "owp-server is not built: tools/build release" : null;
    }
}
