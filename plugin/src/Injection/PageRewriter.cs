using System.Text;

namespace OpenWatchParty.Plugin.Injection;

/// <summary>
/// Puts our script at the start of the page's head, where it runs before the web client looks for its plugins:
///
///     &lt;head&gt;  →  &lt;head&gt;&lt;script src="../OpenWatchParty/ClientScript?v=…" defer&gt;&lt;/script&gt;
///
/// The address is relative to /web/, so it holds under any base URL and behind any proxy. Everything else stays as it
/// was, byte for byte: text is read as Latin-1, where each byte is one character and ASCII is what it is in UTF-8.
/// </summary>
internal static class PageRewriter
{
    private const string Script = "OpenWatchParty/ClientScript";

    /// <summary>The new page; null with a reason if it is to stay as it is, without one if we are in it already.</summary>
    public static byte[]? Rewrite(ReadOnlySpan<byte> page, string version, out string? problem)
    {
        problem = null;
        var text = Encoding.Latin1.GetString(page);
        if (text.Contains(Script, StringComparison.Ordinal))
        {
            return null;
        }

        var at = AfterHeadTag(text);
        if (at < 0)
        {
            problem = "Jellyfin's web page has no <head>, so our script was not added to it.";
            return null;
        }

        return Encoding.Latin1.GetBytes(text.Insert(at, $"<script src=\"../{Script}?v={version}\" defer></script>"));
    }

    /// <summary>Where the head's content begins; -1 without one. A head in a comment is none.</summary>
    private static int AfterHeadTag(string text)
    {
        for (var at = text.IndexOf('<', StringComparison.Ordinal); at >= 0; at = text.IndexOf('<', at + 1))
        {
            var rest = text.AsSpan(at);
            if (rest.StartsWith("<!--"))
            {
                var end = text.IndexOf("-->", at + 4, StringComparison.Ordinal);
                if (end < 0)
                {
                    return -1;
                }

                at = end;
            }
            else if (rest.StartsWith("<head", StringComparison.OrdinalIgnoreCase) && rest.Length > 5 && (rest[5] == '>' || char.IsWhiteSpace(rest[5])))
            {
                return AfterTag(text, at + 5);
            }
            else if (rest.StartsWith("<body", StringComparison.OrdinalIgnoreCase))
            {
                return -1;
            }
        }

        return -1;
    }

    /// <summary>Behind the tag's '>', which may also stand inside the quotes of an attribute.</summary>
    private static int AfterTag(string text, int at)
    {
        var quote = '\0';
        for (; at < text.Length; ++at)
        {
            var c = text[at];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == '>')
            {
                return at + 1;
            }
        }

        return -1;
    }
}
