using Vigil.Contracts.Authoring;

namespace Vigil.Publishing.Site;

/// <summary>What a story is called, said to be about, and by whom, wherever it is shown.</summary>
public static class StoryText
{
    /// <summary>"Country | Headline".</summary>
    public static string Title(ServedEdition edition, ReleasedText text) =>
        edition.CountriesOf(text.Countries).FirstOrDefault() is { } country ? $"{country.Name} | {text.Headline}" : text.Headline;

    /// <summary>The standfirst, else the beginning of the body.</summary>
    public static string? Description(ReleasedText text) =>
        text.Standfirst ?? (PlainText.Of(string.Concat(text.Body.Select(b => b.Html))) is { Length: > 0 } body ? PlainText.Beginning(body, 200) : null);

    /// <summary>A desk's story is the organisation's; a withheld byline says nothing.</summary>
    public static string? Author(ServedEdition edition, ReleasedText text) => text.Byline switch
    {
        { Kind: BylineKind.Named, Name: { } name } => name,
        { Kind: BylineKind.Desk } => edition.Settings.Name,
        _ => null,
    };

    /// <summary>Where a call leads. Authoring refuses what is no web address; so do we, as it is the one part of a text that could act.</summary>
    public static string? WebAddress(Call call) =>
        Uri.TryCreate(call.Url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.AbsoluteUri : null;
}
