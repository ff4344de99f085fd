using System.Runtime.InteropServices;

namespace OpenWatchParty.Plugin.Server;

/// <summary>
/// The program that the plugin brought, `bin/{platform}/owp-server` beside our assembly: finds it and makes it one that
/// this machine runs.
/// </summary>
internal sealed class ServerProgram
{
    private readonly string _pluginFolder;
    private readonly string _cacheFolder;

    /// <param name="pluginFolder">Where the plugin was unpacked.</param>
    /// <param name="cacheFolder">A folder for a copy, should nothing be executable in the first.</param>
    public ServerProgram(string pluginFolder, string cacheFolder)
    {
        _pluginFolder = pluginFolder;
        _cacheFolder = cacheFolder;
    }

    /// <summary>This machine, as the folders in the plugin are called: linux-x64, linux-arm64, win-x64 …</summary>
    public static string Platform => Name(RuntimeInformation.OSArchitecture);

    /// <summary>Where the program is, or null with a sentence if there is none for this machine.</summary>
    public string? Find(out string? problem)
    {
        var path = Path.Combine(_pluginFolder, "bin", Platform, OperatingSystem.IsWindows() ? "owp-server.exe" : "owp-server");
        problem = File.Exists(path)
            ? null
            : $"The plugin has no server for this machine ({Platform}). Run owp-server on another machine and choose the remote mode.";
        if (problem is not null)
        {
            return null;
        }

        MakeExecutable(path);
        return path;
    }

    /// <summary>
    /// A copy in the cache, for a plugin folder that is mounted noexec; the path itself if it is that copy already; null
    /// with a sentence if it can't be made.
    /// </summary>
    public string? Copy(string path, out string? problem)
    {
        problem = null;
        var copy = Path.Combine(_cacheFolder, Path.GetFileName(path));
        if (copy == path)
        {
            return copy;
        }

        try
        {
            Directory.CreateDirectory(_cacheFolder);
            File.Copy(path, copy, overwrite: true);
            MakeExecutable(copy);
            return copy;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"The server can't be started from the plugin's folder (no execution there), nor be copied to the cache: {e.Message} "
                + "Allow execution in one of them, or choose the remote mode.";
            return null;
        }
    }

    // A zip that was unpacked by hand has lost the mode; on a read-only disk it may still be right
    private static void MakeExecutable(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute | UnixFileMode.UserRead);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Starting it tells whether that mattered
        }
    }

    private static string Name(Architecture architecture)
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        return $"{system}-{architecture.ToString().ToLowerInvariant()}";
    }
}
