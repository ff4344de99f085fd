using System.Diagnostics;
using System.Globalization;

namespace OpenWatchParty.TestHost;

/// <summary>A file converted as it goes, by ffmpeg as in Jellyfin: one piece without an end that is known, which begins at zero wherever it was started.</summary>
internal static class Conversion
{
    /// <summary>The film from a place in it on.</summary>
    public static IResult From(string media, TimeSpan start) => Results.Stream(
        async output =>
        {
            var seconds = start.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            string[] small = ["-vf", "scale=320:-2", "-c:v", "libx264", "-preset", "ultrafast", "-g", "24", "-c:a", "copy"];
            string[] asItGoes = ["-f", "mp4", "-movflags", "frag_keyframe+empty_moov+default_base_moof", "pipe:1"];
            using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-loglevel", "error", "-ss", seconds, "-i", media, .. small, .. asItGoes]) { RedirectStandardOutput = true })!;
            try
            {
                await ffmpeg.StandardOutput.BaseStream.CopyToAsync(output).ConfigureAwait(false);
            }
            finally
            {
                ffmpeg.Kill();
            }
        },
        "video/mp4");
}
