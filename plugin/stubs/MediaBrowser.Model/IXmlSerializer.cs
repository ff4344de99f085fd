namespace MediaBrowser.Model.Serialization;

/// <summary>How Jellyfin reads and writes configurations.</summary>
public interface IXmlSerializer
{
    /// <summary>Reads an object of a type from a file.</summary>
    object? DeserializeFromFile(Type type, string file);

    /// <summary>Writes an object to a file.</summary>
    void SerializeToFile(object obj, string file);
}
