using System.Text;
using OpenWatchParty.Plugin.Injection;

namespace OpenWatchParty.Plugin.Tests.Injection;

public class PageRewriterTests
{
    private const string Script = "<script src=\"../OpenWatchParty/ClientScript?v=abc\" defer></script>";

    [Theory]
    [InlineData("<html><head><title>x</title></head>", "<html><head>|<title>x</title></head>")]
    [InlineData("<HTML><HEAD\nlang='a>b'>x", "<HTML><HEAD\nlang='a>b'>|x")]
    [InlineData("<!-- <head> --><header><head>x", "<!-- <head> --><header><head>|x")]
    public void PutsTheScriptAtTheStartOfTheHead(string page, string expected)
        => Assert.Equal(expected.Replace("|", Script, StringComparison.Ordinal), Rewrite(page));

    [Theory]
    [InlineData("<html><body><head></head></body></html>")]
    [InlineData("<!-- <head>")]
    [InlineData("<head")]
    [InlineData("")]
    public void LeavesAPageWithoutAHeadWithAReason(string page)
    {
        Assert.Null(PageRewriter.Rewrite(Encoding.UTF8.GetBytes(page), "abc", out var problem));
        Assert.Contains("<head>", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AddsOnce()
    {
        var once = PageRewriter.Rewrite("<head></head>"u8, "abc", out _)!;
        Assert.Null(PageRewriter.Rewrite(once, "other", out var problem));
        Assert.Null(problem);
    }

    [Fact]
    public void KeepsEveryOtherByteEvenOfBrokenText()
    {
        byte[] page = [.. "<head>"u8, 0xff, 0x00, 0xc3, .. "é</head>"u8];
        var rewritten = PageRewriter.Rewrite(page, "abc", out _)!;
        byte[] expected = [.. "<head>"u8, .. Encoding.UTF8.GetBytes(Script), .. page.AsSpan(6)];
        Assert.Equal(expected, rewritten);
    }

    private static string? Rewrite(string page)
        => PageRewriter.Rewrite(Encoding.UTF8.GetBytes(page), "abc", out _) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
}
