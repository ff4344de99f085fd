using System.Text;
using OpenWatchParty.Plugin.Server;

namespace OpenWatchParty.Plugin.Tests.Server;

public class BoundedLinesTests
{
    [Fact]
    public async Task ReadsLinesOfAnyKind()
        => Assert.Equal(["a", "", "é", "last"], await LinesOf("a\r\n\né\nlast"u8.ToArray()));

    [Fact]
    public async Task CutsALineThatIsTooLongAndGoesOnWithTheNext()
    {
        var lines = await LinesOf([.. Encoding.ASCII.GetBytes(new string('x', 100_000)), .. "\nnext\n"u8]);
        Assert.Equal(2, lines.Count);
        Assert.Equal(BoundedLines.BytesMax, lines[0].Length);
        Assert.Equal("next", lines[1]);
    }

    [Fact]
    public async Task TakesGarbageForText()
        => Assert.Single(await LinesOf([0xff, 0x00, 0xc3, 0x28]));

    private static async Task<List<string>> LinesOf(byte[] bytes)
    {
        List<string> lines = [];
        await foreach (var line in BoundedLines.ReadAsync(new MemoryStream(bytes)))
        {
            lines.Add(line);
        }

        return lines;
    }
}
