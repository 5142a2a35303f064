using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Vigil.Notification.Pages;

/// <summary>Markup. Whatever is put between it is encoded, unless it is markup itself.</summary>
public readonly record struct Html(string Value)
{
    public static Html Of(Markup markup) => new(markup.ToString());

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(p => p.Value)));

    public override string ToString() => Value;
}

[InterpolatedStringHandler]
public readonly struct Markup(int literalLength, int formattedCount)
{
    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    readonly StringBuilder _text = new(literalLength + 32 * formattedCount);

    public void AppendLiteral(string markup) => _text.Append(markup);
    public void AppendFormatted(Html markup) => _text.Append(markup.Value);
    public void AppendFormatted(Html? markup) => _text.Append(markup?.Value);
    public void AppendFormatted<T>(T value, string? format = null) where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));
    public void AppendFormatted(object? value) => AppendFormatted(value?.ToString());
    public void AppendFormatted(string? words) => _text.Append(words is null ? null : Encoder.Encode(words));

    public override string ToString() => _text.ToString();
}
