using System.Globalization;
using Marten;
using Vigil.Hosting;

namespace Vigil.Publishing.Editions;

/// <summary>An administrator sets up an edition, or changes it; every other service hears of it.</summary>
public static class SetEdition
{
    const int MostHosts = 20;

    public static readonly IReadOnlyList<string> Themes = ["ink", "sea", "clay"];

    public static Decision Decide(Edition? edition, EditionKey key, TextHash settings, Guid by) =>
        edition?.Settings == settings ? Decision.Nothing : Decision.Record(new EditionSet(key, settings, by));

    public static IReadOnlyList<Fault> Faults(string key, EditionSettings s)
    {
        List<Fault> faults = [];
        if (!EditionKey.IsValid(key)) faults.Add(new("edition.bad-key", "key"));
        Name(s.Name, "name");
        if (s.Hosts.Count > MostHosts) faults.Add(new("list.too-long", "hosts", MostHosts));
        if (s.Hosts.Count == 0 || s.Hosts.Any(h => h is null || Uri.CheckHostName(h) is UriHostNameType.Unknown || h.Any(char.IsAsciiLetterUpper)))
            faults.Add(new("edition.bad-host", "hosts"));
        if (s.Hosts.Distinct().Count() != s.Hosts.Count) faults.Add(new("list.repeated", "hosts"));
        if (!CultureInfo.GetCultures(CultureTypes.AllCultures).Any(c => c.Name.Length > 0 && c.Name == s.Language)) faults.Add(new("value.bad-language", "language"));
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(s.TimeZone, out var zone) || !zone.HasIanaId) faults.Add(new("edition.bad-zone", "timeZone"));
        if (!Themes.Contains(s.Theme)) faults.Add(new("edition.bad-theme", "theme"));
        Name(s.Sender.Name, "sender.name");
        if (!System.Net.Mail.MailAddress.TryCreate(s.Sender.Address, out var address) || address.Address != s.Sender.Address || s.Sender.Address.Any(char.IsControl))
            faults.Add(new("edition.bad-sender", "sender.address"));
        if (!Uri.TryCreate(s.BaseAddress, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || s.BaseAddress != $"{uri.Scheme}://{uri.Authority}")
            faults.Add(new("value.bad-url", "baseAddress"));
        return faults;

        void Name(string name, string at)
        {
            if (string.IsNullOrWhiteSpace(name)) faults.Add(new("text.required", at));
            else if (Fault.OfLength(name, 80, at) is { } fault) faults.Add(fault);
            else if (name.Any(char.IsControl)) faults.Add(new("text.bad-character", at));
        }
    }

    public static void Map(RouteGroupBuilder editions) =>
        editions.MapPut("/{key}", async (string key, EditionSettings settings, Command command, IDocumentStore store, HttpContext http, CancellationToken ct) =>
        {
            if (Faults(key, settings) is { Count: > 0 } faults) return Refusals.Problem(faults);
            var edition = new EditionKey(key);
            var id = Edition.IdOf(edition);
            async Task<Decision> Choose(Edition? known, TextBatch texts, IDocumentSession session, CancellationToken token) =>
                await EditionHost.Claim(session, edition, settings.Hosts, token) is { } taken
                    ? Decision.Refuse([taken])
                    : Decide(known, edition, texts.Hash(settings), command.Caller.Id);
            async Task<Handled<Edition>> Set()
            {
                await using var read = store.QuerySession();
                if (await read.LoadAsync<Edition>(id, ct) is not null) return await store.Handle<Edition>(id, command, "edition.unknown", Choose, ct);
                return await store.Create<Edition>(id, command, async (session, token) =>
                {
                    var texts = Texts.NewTexts(id);
                    return (await Choose(null, texts, session, token), texts);
                }, ct);
            }
            Handled<Edition> set;
            try { set = await Set(); }
            // Somebody else set it up at the same moment.
            catch (RefusedException e) when (e.Faults is [{ Code: "command.contended" }]) { set = await Set(); }
            http.Response.Headers.ETag = $"\"{set.Version}\"";
            var view = ListEditions.Of(key, settings);
            return set.Created ? Results.Created($"{Editions.Path}/{key}", view) : Results.Ok(view);
        }).RequireAuthorization(Policy.Administration);
}
