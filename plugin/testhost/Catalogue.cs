using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace OpenWatchParty.TestHost;

/// <summary>Jellyfin's catalogue as a plugin meets it.</summary>
public static class Catalogue
{
    /// <summary>Unpacks what a repository offers, into a folder of its own in the place of what is there.</summary>
    /// <param name="manifest">The repository's manifest; the zip lies beside it.</param>
    /// <param name="plugins">The folder of all plugins.</param>
    /// <exception cref="InvalidDataException">The zip is not the one that the manifest speaks of.</exception>
    public static void Install(string manifest, string plugins)
    {
        var package = JsonNode.Parse(File.ReadAllText(manifest))![0]!;
        var version = package["versions"]![0]!;
        var zip = Path.Combine(Path.GetDirectoryName(manifest)!, Path.GetFileName(new Uri((string)version["sourceUrl"]!).LocalPath));
        using var stream = File.OpenRead(zip);
#pragma warning disable CA5351 // Jellyfin's choice
        var sum = Convert.ToHexString(MD5.HashData(stream));
#pragma warning restore CA5351
        if (!sum.Equals((string?)version["checksum"], StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidDataException($"{zip} has the checksum {sum}, and the manifest says {version["checksum"]}.");
        }

        var folder = Path.Combine(plugins, $"{package["name"]}_{version["version"]}");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        stream.Position = 0;
        ZipFile.ExtractToDirectory(stream, folder, overwriteFiles: true);
    }
}
