using System.Collections.Immutable;
using System.Text;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>What a client sends to draft or revise: the words, and the editions that they are meant for.</summary>
public sealed record ArticleRequest(
    string Headline,
    string Body,
    string Language,
    IReadOnlyList<string> Editions,
    string? Standfirst = null,
    string? Slug = null,
    Byline? Byline = null,
    IReadOnlyList<string>? Countries = null,
    IReadOnlyList<string>? Topics = null,
    IReadOnlyList<Quotation>? Quotations = null,
    PrayerPoints? PrayerPoints = null,
    IReadOnlyList<Call>? Related = null,
    IReadOnlyList<Image>? Images = null,
    IReadOnlyList<Disclosure>? Disclosures = null)
{
    /// <summary>The text, checked whole: a refusal names every fault.</summary>
    public ArticleText Read(out ImmutableArray<EditionKey> editions)
    {
        var text = new ArticleText(Clean(Headline)!, Body, Language, Clean(Standfirst), Slug, Byline, Countries, Topics, Quotations, PrayerPoints, Related, Images, Disclosures);
        var faults = text.Faults().ToList();
        for (var i = 0; i < Editions.Count; i++)
            if (Editions[i] is null || !EditionKey.IsValid(Editions[i])) faults.Add(new("article.unknown-edition", $"editions[{i}]"));
        if (Editions.Distinct().Count() != Editions.Count) faults.Add(new("list.repeated", "editions"));
        if (faults.Count > 0) throw new RefusedException([.. faults]);
        editions = [.. Editions.Select(e => new EditionKey(e))];
        return text;
    }

    static string? Clean(string? text)
    {
        try { return text?.Trim().Normalize(NormalizationForm.FormC); }
        // Broken Unicode; the check of characters refuses it by its name.
        catch (ArgumentException) { return text; }
    }
}
