using System.Diagnostics;

namespace OpenWatchParty.Plugin.Tests.Pipeline;

/// <summary>A test that mounts disks in a namespace of its own, with the real owp-server; skipped, with a word, where it may not.</summary>
internal sealed class MountFactAttribute : FactAttribute
{
    private static readonly bool MayMount = Try();

    public MountFactAttribute()
    {
        Skip = !MayMount ? "mounting wants root and a mount namespace: unshare --mount"
            : Installation.BuiltServer is null ? "owp-server is not built: tools/build release" : null;
    }

    private static bool Try()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("unshare", ["--mount", "true"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
