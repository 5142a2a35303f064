using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vigil.Authoring.Articles;
using Vigil.Hosting;

namespace Vigil.Authoring.Newsroom;

/// <summary>
/// A story as the fields of a form, and back as the API takes it. Fields have the names of the API's members, so its refusals name them.
/// Short lists are one field each: countries parted by commas, topics and prayer points a line each.
/// </summary>
static partial class ArticleForm
{
    public const string Quotations = "quotations", Related = "related";

    static readonly Dictionary<string, string[]> Groups = new() { [Quotations] = ["text", "attribution", "as"], [Related] = ["title", "url", "call"] };

    static readonly string[] Single =
    [
        "headline", "standfirst", "body", "language", "slug", "byline.kind", "byline.name", "countries", "topics", "prayerPoints.lead", "prayerPoints.points", "disclosures", "editions",
    ];

    [GeneratedRegex(@"^(?<group>quotations|related)\[(?<number>[0-9]|[1-4][0-9])\]\.(?<member>[a-z]+)$")]
    private static partial Regex Grouped();

    public static bool Knows(string name) => Single.Contains(name) || Grouped().Match(name) is { Success: true } match && Groups[match.Groups["group"].Value].Contains(match.Groups["member"].Value);

    public static Form Of(ArticleText? text, IEnumerable<string> editions, Form into)
    {
        into = into.With("editions", [.. editions]);
        if (text is null) return into;
        into = into.With("headline", text.Headline).With("standfirst", text.Standfirst ?? "").With("body", Form.Lines(text.Body)).With("language", text.Language).With("slug", text.Slug ?? "")
            .With("byline.kind", text.Byline is { } byline ? Words.Wire(byline.Kind) : "").With("byline.name", text.Byline?.Name ?? "")
            .With("countries", string.Join(", ", text.Countries ?? [])).With("topics", string.Join('\n', text.Topics ?? []))
            .With("prayerPoints.lead", text.PrayerPoints?.Lead ?? "").With("prayerPoints.points", string.Join('\n', text.PrayerPoints?.Points ?? []))
            .With("disclosures", [.. (text.Disclosures ?? []).Select(d => Words.Wire(d))]);
        foreach (var (i, q) in (text.Quotations ?? []).Index())
            into = into.With($"{Quotations}[{i}].text", q.Text).With($"{Quotations}[{i}].attribution", Words.Wire(q.Attribution)).With($"{Quotations}[{i}].as", q.As ?? "");
        foreach (var (i, c) in (text.Related ?? []).Index())
            into = into.With($"{Related}[{i}].title", c.Title).With($"{Related}[{i}].url", c.Url).With($"{Related}[{i}].call", c.Text ?? "");
        return into;
    }

    /// <summary>How many quotations or links the form has room for.</summary>
    public static int Count(Form form, string group) => form.Names.Select(n => Grouped().Match(n)).Where(m => m.Success && m.Groups["group"].Value == group)
        .Select(m => int.Parse(m.Groups["number"].Value, CultureInfo.InvariantCulture) + 1).DefaultIfEmpty(0).Max();

    public static Form Add(Form form, string group) => form.With($"{group}[{Count(form, group)}].{Groups[group][0]}", "");

    /// <summary>Without one of a group, or without all of it that is empty; what follows moves up.</summary>
    public static Form Remove(Form form, string group, int? number = null)
    {
        var left = Enumerable.Range(0, Count(form, group)).Where(i => number is null ? Groups[group].Any(m => m != "attribution" && !string.IsNullOrWhiteSpace(form[$"{group}[{i}].{m}"])) : i != number).ToArray();
        var shorter = new Form(form.Names.Where(n => !n.StartsWith($"{group}[", StringComparison.Ordinal)).ToDictionary(n => n, form.All));
        foreach (var (to, from) in left.Index())
            foreach (var member in Groups[group]) shorter = shorter.With($"{group}[{to}].{member}", form.All($"{group}[{from}].{member}"));
        return shorter;
    }

    public static JsonObject Read(Form form)
    {
        var (kind, name) = (form["byline.kind"], form["byline.name"]);
        var (lead, points) = (form["prayerPoints.lead"], Lines(form["prayerPoints.points"]));
        return new()
        {
            ["headline"] = form["headline"],
            ["standfirst"] = Optional(OneLine(form["standfirst"])),
            ["body"] = form["body"],
            ["language"] = form["language"].Trim(),
            ["slug"] = Optional(form["slug"].Trim()),
            ["byline"] = kind.Length == 0 ? null : new JsonObject { ["kind"] = kind, ["name"] = Optional(name) },
            ["countries"] = List(form["countries"].Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(c => c.ToUpperInvariant())),
            ["topics"] = List(Lines(form["topics"])),
            ["quotations"] = Group(Quotations, i => new() { ["text"] = OneLine(form[$"{Quotations}[{i}].text"]), ["attribution"] = form[$"{Quotations}[{i}].attribution"], ["as"] = Optional(form[$"{Quotations}[{i}].as"]) }),
            ["prayerPoints"] = lead.Length == 0 && points.Length == 0 ? null : new JsonObject { ["lead"] = lead, ["points"] = new JsonArray([.. points]) },
            ["related"] = Group(Related, i => new() { ["title"] = form[$"{Related}[{i}].title"], ["url"] = form[$"{Related}[{i}].url"].Trim(), ["call"] = Optional(form[$"{Related}[{i}].call"]) }),
            ["disclosures"] = List(form.All("disclosures")),
            ["editions"] = new JsonArray([.. form.All("editions")]),
        };

        JsonArray? Group(string group, Func<int, JsonObject> read) => Count(form, group) is > 0 and var count ? new([.. Enumerable.Range(0, count).Select(read)]) : null;
    }

    /// <summary>What the API cannot see, since the form alone has it.</summary>
    public static IEnumerable<Fault> Faults(Form form)
    {
        if (form["byline.kind"].Length == 0 && !string.IsNullOrWhiteSpace(form["byline.name"])) yield return new("article.byline-name", "byline.name");
        if (form["byline.kind"].Length > 0 && !Cursor.TryName<BylineKind>(form["byline.kind"], out _)) yield return new("value.not-known", "byline.kind");
        for (var i = 0; i < Count(form, Quotations); i++)
            if (!Cursor.TryName<Attribution>(form[$"{Quotations}[{i}].attribution"], out _)) yield return new("value.not-known", $"{Quotations}[{i}].attribution");
        if (form.All("disclosures").Any(d => !Cursor.TryName<Disclosure>(d, out _))) yield return new("value.not-known", "disclosures");
    }

    // What is typed in several lines is one paragraph all the same.
    static string OneLine(string text) => string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    static string? Optional(string text) => string.IsNullOrWhiteSpace(text) ? null : text;
    static JsonNode[] Lines(string text) => [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    static JsonArray? List(IEnumerable<JsonNode?> entries) => entries.ToArray() is { Length: > 0 } some ? new(some) : null;
    static JsonArray? List(IEnumerable<string> entries) => List(entries.Select(e => (JsonNode?)e));
}
