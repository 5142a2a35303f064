using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>
/// One revision's words, as the newsroom sends and reads them. Body is CommonMark; a line of its own such as <c>{quotation 1}</c> or
/// <c>{call 2}</c> places that part there, and parts that are not placed follow the body.
/// </summary>
/// <param name="Language">BCP 47.</param>
/// <param name="Slug">The wished-for last part of the address; null: made from the headline.</param>
/// <param name="Countries">ISO 3166-1 alpha-2.</param>
public sealed record ArticleText(
    string Headline,
    string Body,
    string Language,
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
    public const int LongestBody = 200_000;

    /// <summary>Every fault at once, each with the member it is in; empty when the text may be stored.</summary>
    public IReadOnlyList<Fault> Faults()
    {
        List<Fault> faults = [];
        Words(Headline, "headline", 200, required: true);
        Words(Standfirst, "standfirst", 600);
        Words(Body, "body", LongestBody, lines: true);
        if (Slug is not null && !Slugs.IsValid(Slug)) faults.Add(new("value.bad-slug", "slug"));
        if (!Languages.Contains(Language)) faults.Add(new("value.bad-language", "language"));
        if (Byline is not null)
        {
            Words(Byline.Name, "byline.name", 120);
            if (Byline.Kind is BylineKind.Named != !string.IsNullOrWhiteSpace(Byline.Name)) faults.Add(new("article.byline-name", "byline.name"));
        }
        Each(Countries, "countries", 20, (code, at) => { if (!CountryCodes.Contains(code)) faults.Add(new("value.bad-country", at)); }, distinct: true);
        Each(Topics, "topics", 20, (topic, at) => Words(topic, at, 60, required: true), distinct: true);
        Each(Quotations, "quotations", 20, (q, at) =>
        {
            Words(q.Text, $"{at}.text", 2000, required: true);
            Words(q.As, $"{at}.as", 120);
            if (q.Attribution is Attribution.Withheld == !string.IsNullOrWhiteSpace(q.As)) faults.Add(new("article.attribution", $"{at}.as"));
        });
        if (PrayerPoints is not null)
        {
            Words(PrayerPoints.Lead, "prayerPoints.lead", 120, required: true);
            if (PrayerPoints.Points.Count == 0) faults.Add(new("text.required", "prayerPoints.points"));
            Each(PrayerPoints.Points, "prayerPoints.points", 12, (p, at) => Words(p, at, 600, required: true));
        }
        Each(Related, "related", 12, (call, at) =>
        {
            Words(call.Title, $"{at}.title", 200, required: true);
            Words(call.Text, $"{at}.call", 60);
            if (!IsWebAddress(call.Url)) faults.Add(new("value.bad-url", $"{at}.url"));
        });
        // No image can be named before one can be uploaded.
        if (Images is { Count: > 0 }) faults.Add(new("article.unknown-media", "images[0].media"));
        Each(Disclosures, "disclosures", 3, (_, _) => { }, distinct: true);
        if (faults.Count == 0) faults.AddRange(ArticleBody.Faults(this));
        return faults;

        void Words(string? text, string at, int longest, bool required = false, bool lines = false)
        {
            if (string.IsNullOrWhiteSpace(text)) { if (required) faults.Add(new("text.required", at)); return; }
            // What has lines must fit into a request, whatever it is written in: so bytes are counted, which nobody sees and which are not told.
            if (lines && Encoding.UTF8.GetByteCount(text) > longest) faults.Add(new("text.too-long", at));
            if (!lines && Fault.OfLength(text, longest, at) is { } fault) faults.Add(fault);
            if (HasBadCharacter(text, lines)) faults.Add(new("text.bad-character", at));
        }

        void Each<T>(IReadOnlyList<T>? list, string at, int most, Action<T, string> check, bool distinct = false)
        {
            if (list is null) return;
            if (list.Count > most) { faults.Add(new("list.too-long", at, most)); return; }
            if (distinct && list.Distinct().Count() != list.Count) faults.Add(new("list.repeated", at));
            for (var i = 0; i < list.Count; i++)
                if (list[i] is null) faults.Add(new("text.required", $"{at}[{i}]")); else check(list[i], $"{at}[{i}]");
        }
    }

    /// <summary>Controls, broken surrogates, and the invisible marks that make text read otherwise than it is stored (CVE-2021-42574).</summary>
    internal static bool HasBadCharacter(string text, bool lines)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i)) { i++; continue; }
            if (char.IsSurrogate(text[i]) || text[i] is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\ufffe' or '\uffff') return true;
            if (char.IsControl(text[i]) && !(lines && text[i] is '\n' or '\r' or '\t')) return true;
        }
        return false;
    }

    internal static bool IsWebAddress(string? url) =>
        url is { Length: <= 2000 } && !HasBadCharacter(url, lines: false) && Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0;

    static readonly FrozenSet<string> Languages = CultureInfo.GetCultures(CultureTypes.AllCultures).Select(c => c.Name).Where(n => n.Length > 0).ToFrozenSet(StringComparer.Ordinal);

    static readonly FrozenSet<string> CountryCodes =
        ("AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ " +
         "DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP " +
         "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM " +
         "PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ " +
         "UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW").Split(' ').ToFrozenSet(StringComparer.Ordinal);
}

public enum BylineKind { Named, Desk, Withheld }
public sealed record Byline(BylineKind Kind, string? Name = null);

public enum Attribution { Named, Described, Withheld }
public sealed record Quotation(string Text, Attribution Attribution, string? As = null);

public sealed record PrayerPoints(string Lead, IReadOnlyList<string> Points);

public sealed record Call(string Title, string Url, [property: System.Text.Json.Serialization.JsonPropertyName("call")] string? Text = null);

public enum ImageKind { Actual, Representative, Illustration }
public sealed record Image(Guid Media, string Alt, ImageKind Kind, string? Caption = null, string? Credit = null);

public enum Disclosure { NamesChanged, DetailsChanged, PlaceWithheld }
