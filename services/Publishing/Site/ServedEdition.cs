using System.Collections.Frozen;
using System.Globalization;
using Marten;
using Vigil.Hosting;
using Vigil.Publishing.Countries;
using Vigil.Publishing.Editions;

namespace Vigil.Publishing.Site;

/// <summary>The edition that a request is for, found by its host name, with the language, times and names that its pages speak in.</summary>
public sealed class ServedEdition
{
    readonly TimeZoneInfo _zone;
    readonly CultureInfo _dates;
    readonly string _longDate;

    public ServedEdition(EditionSite row)
    {
        Key = row.Id;
        Settings = row.Settings;
        Culture = CultureInfo.GetCultureInfo(row.Settings.Language);
        Words = Words.In(Culture);
        Countries = CountryNames.In(Culture);
        ByName = StringComparer.Create(Culture, ignoreCase: true);
        _zone = TimeZoneInfo.FindSystemTimeZoneById(row.Settings.TimeZone);
        // English without a country would be dated the American way.
        _dates = Culture.Name == "en" ? CultureInfo.GetCultureInfo("en-AU") : Culture;
        _longDate = WithoutWeekday(_dates.DateTimeFormat.LongDatePattern);
    }

    public string Key { get; }
    public EditionSettings Settings { get; }
    public CultureInfo Culture { get; }
    public Words Words { get; }
    public CountryNames Countries { get; }

    public string Language => Settings.Language;
    public string Direction => DirectionOf(Culture);

    /// <summary>Attributes that mark a story in another language than the edition's.</summary>
    public IReadOnlyDictionary<string, object>? Marks(string language) => IsOwn(language) ? null : Attributes(language, CultureInfo.GetCultureInfo(language));

    /// <summary>Attributes that mark our own words within such a story.</summary>
    public IReadOnlyDictionary<string, object>? MarksWithin(string language) => IsOwn(language) ? null : Attributes(Language, Culture);

    public string Date(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, _zone).ToString(_longDate, _dates);
    /// <summary>For <c>datetime</c> attributes: the edition's clock with its offset.</summary>
    public string Instant(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, _zone).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    public IComparer<string> ByName { get; }

    public IEnumerable<Country> CountriesOf(IEnumerable<string> codes) => codes.Select(Countries.Find).OfType<Country>();

    public string Absolute(string path) => Settings.BaseAddress + path;

    bool IsOwn(string language) => string.Equals(language, Language, StringComparison.OrdinalIgnoreCase);

    static Dictionary<string, object> Attributes(string language, CultureInfo culture) => new() { ["lang"] = language, ["dir"] = DirectionOf(culture) };

    static string WithoutWeekday(string pattern) => pattern.Replace("dddd", "", StringComparison.Ordinal).Trim(' ', ',', '،', '、');

    static string DirectionOf(CultureInfo culture) => culture.TextInfo.IsRightToLeft ? "rtl" : "ltr";

    public static async ValueTask<ServedEdition> BindAsync(HttpContext http) =>
        await http.RequestServices.GetRequiredService<EditionDirectory>().AtHost(http.Request.Host.Host, http.RequestAborted)
        ?? throw new RefusedException(new Fault("edition.unknown-host"));
}

/// <summary>All editions, read again when what we hold is a second old.</summary>
public sealed class EditionDirectory(IDocumentStore store, TimeProvider clock) : IDisposable
{
    static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    sealed record Page(long Read, FrozenDictionary<string, ServedEdition> ByKey, FrozenDictionary<string, ServedEdition> ByHost);

    readonly SemaphoreSlim _reading = new(1);
    Page? _page;

    public async ValueTask<ServedEdition?> AtHost(string host, CancellationToken ct) => (await Current(ct)).ByHost.GetValueOrDefault(host.TrimEnd('.'));

    public async ValueTask<ServedEdition?> WithKey(string key, CancellationToken ct) => (await Current(ct)).ByKey.GetValueOrDefault(key);

    async ValueTask<Page> Current(CancellationToken ct)
    {
        if (Fresh() is { } page) return page;
        await _reading.WaitAsync(ct);
        try { return Fresh() ?? (_page = await Read(ct)); }
        finally { _reading.Release(); }
    }

    Page? Fresh() => _page is { } page && clock.GetElapsedTime(page.Read) < Kept ? page : null;

    async Task<Page> Read(CancellationToken ct)
    {
        var read = clock.GetTimestamp();
        await using var session = store.QuerySession();
        var editions = (await session.Query<EditionSite>().OrderBy(e => e.Id).ToListAsync(ct)).Select(e => new ServedEdition(e)).ToArray();
        Dictionary<string, ServedEdition> hosts = new(StringComparer.OrdinalIgnoreCase);
        foreach (var edition in editions)
            foreach (var host in edition.Settings.Hosts) hosts.TryAdd(host, edition);
        return new(read, editions.ToFrozenDictionary(e => e.Key), hosts.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
    }

    public void Dispose() => _reading.Dispose();
}
