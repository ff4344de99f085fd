using System.Runtime.CompilerServices;
using System.Text;

namespace OpenWatchParty.Plugin.Server;

/// <summary>Reads lines of UTF-8 from a program that may print anything: a line has a longest length, what is over is left out.</summary>
internal static class BoundedLines
{
    /// <summary>Bytes of a line that are kept.</summary>
    public const int BytesMax = 8192;

    /// <summary>The lines until the stream ends, without their newline.</summary>
    public static async IAsyncEnumerable<string> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken stop = default)
    {
        var line = new MemoryStream();
        var chunk = new byte[4096];
        int count;
        while ((count = await stream.ReadAsync(chunk, stop).ConfigureAwait(false)) > 0)
        {
            for (var from = 0; from < count;)
            {
                var end = Array.IndexOf(chunk, (byte)'\n', from, count - from);
                var until = end < 0 ? count : end;
                line.Write(chunk, from, Math.Min(until - from, BytesMax - (int)line.Length));
                from = until + 1;
                if (end >= 0)
                {
                    yield return Take(line);
                }
            }
        }

        if (line.Length > 0)
        {
            yield return Take(line);
        }
    }

    private static string Take(MemoryStream line)
    {
        var text = Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length).TrimEnd('\r');
        line.SetLength(0);
        return text;
    }
}
