using System.Security.Cryptography;
using System.Text;

namespace OpenWatchParty.Plugin.Server;

/// <summary>A folder of its own for the server's socket, which only Jellyfin's own account may enter; gone when disposed.</summary>
internal sealed class SocketFolder : IDisposable
{
    // sockaddr_un has room for 108 bytes with the last one zero
    private const int PathBytesMax = 107;

    private SocketFolder(string path)
    {
        Path = path;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Where the socket goes.</summary>
    public string Socket => System.IO.Path.Combine(Path, "s");

    /// <summary>Made in the first of these places that takes it; null with a sentence if none does.</summary>
    public static SocketFolder? Make(IEnumerable<string> places, out string? problem)
    {
        problem = null;
        foreach (var place in places)
        {
            var path = System.IO.Path.Combine(place, "owp-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(6)).ToLowerInvariant());
            var folder = new SocketFolder(path);
            if (Encoding.UTF8.GetByteCount(folder.Socket) > PathBytesMax)
            {
                problem = $"{place} is too long a path for a socket.";
                continue;
            }

            try
            {
                if (OperatingSystem.IsWindows())
                {
                    Directory.CreateDirectory(path);
                }
                else
                {
                    Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                }

                problem = null;
                return folder;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problem = e.Message;
            }
        }

        problem = $"There is no place for the server's socket: {problem} Make the temporary folder writable, or choose the remote mode.";
        return null;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An empty folder in the temporary place harms nobody
        }
    }
}
