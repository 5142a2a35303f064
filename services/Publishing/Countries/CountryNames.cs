using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using Vigil.Publishing.Site;

namespace Vigil.Publishing.Countries;

/// <param name="Code">ISO 3166-1 alpha-2.</param>
/// <param name="Slug">Of the name in the edition's language, so <c>north-korea</c> or <c>nordkorea</c>.</param>
public sealed record Country(string Code, string Name, string Slug);

/// <summary>The countries of the world in one language, by code and by slug. A language without names of its own gets the English ones.</summary>
public sealed class CountryNames
{
    static readonly string[] Codes =
        ("AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ " +
         "DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP " +
         "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM " +
         "PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ " +
         "UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW").Split(' ');

    static readonly ConcurrentDictionary<string, CountryNames> Known = new(StringComparer.Ordinal);

    readonly FrozenDictionary<string, Country> _byCode;
    readonly FrozenDictionary<string, Country> _bySlug;

    CountryNames(CultureInfo language)
    {
        var countries = Codes.Select(code => (Code: code, Name: NameIn(language, code)))
            .Select(c => (c.Code, c.Name, Slug: SlugOf(language, c.Name) is { Length: > 0 } slug ? slug : c.Code.ToLowerInvariant()))
            .GroupBy(c => c.Slug)
            .SelectMany(same => same.Select((c, i) => new Country(c.Code, c.Name, i == 0 ? c.Slug : $"{c.Slug}-{c.Code.ToLowerInvariant()}")))
            .ToArray();
        _byCode = countries.ToFrozenDictionary(c => c.Code, StringComparer.Ordinal);
        _bySlug = countries.ToFrozenDictionary(c => c.Slug, StringComparer.Ordinal);
        All = countries;
    }

    public static CountryNames In(CultureInfo culture) => Known.GetOrAdd(LanguageOf(culture), static language => new(CultureInfo.GetCultureInfo(language)));

    public IReadOnlyList<Country> All { get; }

    public Country? Find(string code) => _byCode.GetValueOrDefault(code);

    public Country? FindBySlug(string slug) => _bySlug.GetValueOrDefault(slug);

    static string LanguageOf(CultureInfo culture)
    {
        var language = culture;
        while (!language.IsNeutralCulture && language.Parent.Name.Length > 0) language = language.Parent;
        return language.Name;
    }

    // RegionInfo.DisplayName ignores the asked language; the native name of the pair (de-KP) is the country's name in that language.
    static string NameIn(CultureInfo language, string code)
    {
        try { return new RegionInfo($"{language.Name}-{code}").NativeName is var name && name != code ? name : NameInEnglish(code); }
        catch (ArgumentException) { return NameInEnglish(code); }
    }

    static string NameInEnglish(string code) => new RegionInfo($"en-{code}").NativeName;

    static string SlugOf(CultureInfo language, string name) => Slug.Of(language.TwoLetterISOLanguageName == "de"
        ? name.ToLower(language).Replace("ä", "ae", StringComparison.Ordinal).Replace("ö", "oe", StringComparison.Ordinal).Replace("ü", "ue", StringComparison.Ordinal)
        : name);
}
