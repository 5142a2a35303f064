using System.Collections.Immutable;
using Marten;
using Vigil.Authoring.Editions;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>
/// A signed-off article goes out by itself later: at an instant, or at a local time in each edition's own zone. Whether it still may is asked
/// again when it is due. A new schedule replaces that of the editions it names; DELETE drops all of it.
/// </summary>
public static class ScheduleArticle
{
    public sealed record By(Guid Person, DateTimeOffset At);

    /// <param name="At">An instant, or</param>
    /// <param name="Local">a time on the wall, such as <c>2026-04-05T09:00</c>; what a wall shows twice is meant the first time.</param>
    /// <param name="Editions">By default all that the article names and where it is not live yet.</param>
    /// <param name="Mail">As in a publication; <c>now</c>, the default, is when it goes out.</param>
    public sealed record Request(string? At = null, string? Local = null, IReadOnlyList<string>? Editions = null, string? Mail = null);

    public static Decision Decide(Article article, By by, ImmutableArray<EditionMoment> wanted, MailWish mail)
    {
        if (article.Ending() is { } ended) return Decision.Refuse(ended);
        if (article.Release is Release.Live && article.LiveText != article.Text) return Decision.Refuse("article.live");
        if (article.Release is Release.Withdrawn || wanted.Any(w => article.WithdrawnIn.Contains(w.Edition))) return Decision.Refuse("article.withdrawn");
        if (article.Lack() is { } lack) return Decision.Refuse(lack);
        if (wanted.IsEmpty) return Decision.Refuse("article.no-edition", "editions");
        if (wanted.Any(w => article.LiveIn.Contains(w.Edition))) return Decision.Refuse("article.already-live", "editions");
        if (wanted.Any(w => w.At <= by.At)) return Decision.Refuse("value.bad-time", "at");
        if (wanted.Any(w => w.At < article.Embargo)) return Decision.Refuse("article.embargoed");
        return wanted.All(w => article.Schedule.Any(s => s.Edition == w.Edition && s.At == w.At && s.Mail == mail)) ? Decision.Nothing
            : Decision.Record(new ReleaseScheduled(by.Person, wanted, mail, by.At));
    }

    public static Decision DecideToCancel(Article article, By by) =>
        article.Schedule.IsEmpty ? Decision.Nothing : Decision.Record(new ScheduleCancelled(by.Person, by.At));

    public static readonly Offer Offer = new("schedule", Policy.Releasing, (article, caller, at) =>
        Decide(article, new(caller.Id, at), [.. Free(article).Select(e => new EditionMoment(e, (article.Embargo is { } until && until > at ? until : at).AddMinutes(1)))], MailWish.Now));

    static IEnumerable<EditionKey> Free(Article article) => article.Editions.Except(article.LiveIn);

    public static void Map(RouteGroupBuilder articles)
    {
        articles.MapPost(Offer.Route, (Guid id, Request request, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            if (request.At is null == request.Local is null) throw new RefusedException(new Fault("article.at-or-local", "at"));
            var at = request.At is { } instant ? Instant.Read(instant, "at") : (DateTimeOffset?)null;
            var local = request.Local is { } wall ? Instant.ReadLocal(wall, "local") : default;
            var mail = MailWish.Read(request.Mail, command.At) ?? MailWish.Now;
            return store.Carry(Offer, id, command, async (article, _, session, token) =>
            {
                var names = request.Editions ?? [.. Free(article).Select(e => e.Value)];
                if (await KnownEdition.FirstUnknown(session, names, token) is { } unknown) return Decision.Refuse([unknown]);
                var zones = await KnownEdition.Zones(session, names, token);
                var moments = names.Distinct().ToDictionary(n => n, n => at ?? Instant.In(zones[n], local));
                if (moments.Values.Any(m => m is null)) return Decision.Refuse("value.no-such-time", "local");
                var decision = Decide(article, new(command.Caller.Id, command.At), [.. moments.Select(m => new EditionMoment(new(m.Key), m.Value!.Value))], mail);
                if (decision is Decision.Recorded { Events: [ReleaseScheduled scheduled] }) DueRow.Put(session, id, scheduled);
                return decision;
            }, ct);
        }).RequireAuthorization(Offer.Policy);

        articles.MapDelete(Offer.Route, (Guid id, Command command, IDocumentStore store, CancellationToken ct) =>
            store.Carry(Offer, id, command, (article, _) => DecideToCancel(article, new(command.Caller.Id, command.At)), ct)).RequireAuthorization(Offer.Policy);
    }
}
