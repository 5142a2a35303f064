using Marten;
using Vigil.Hosting;
using Vigil.Notification.Editions;
using Vigil.Notification.Pages;

namespace Vigil.Notification.Subscribers;

/// <summary>The second half of signing up. Opening the link, as scanners of mail do, shows a page; only its button acts.</summary>
public static class ConfirmSubscription
{
    public static readonly TimeSpan Valid = TimeSpan.FromDays(7);

    /// <param name="Issued">When its link was made.</param>
    public sealed record Command(int Request, DateTimeOffset Issued, DateTimeOffset At);

    public static Decision Decide(Subscriber subscriber, Command command) => subscriber switch
    {
        _ when command.Request < subscriber.Since || command.Request > subscriber.Requests => Decision.Refuse("subscription.link-expired"),
        { Standing: Standing.Confirmed } => Decision.Nothing,
        { Standing: Standing.Pending } when command.At - command.Issued <= Valid => Decision.Record(new SubscriptionConfirmed(command.At)),
        _ => Decision.Refuse("subscription.link-expired"),
    };

    public static void Map(WebApplication app)
    {
        app.MapGet("/subscribe/confirm/{token}", async (string token, HttpContext http, IQuerySession session, Seal seal, TimeProvider clock, CancellationToken ct) =>
        {
            var link = Links.ReadConfirmation(seal, token);
            var subscriber = link is null ? null : await session.Events.AggregateStreamAsync<Subscriber>(link.Subscriber, token: ct);
            if (link is null || subscriber is null) return await Explain("subscription.unknown-link", http, session, ct);
            if (Decide(subscriber, new(link.Request, link.Issued, clock.GetUtcNow())) is Decision.Refused refused) return await Explain(refused.Faults[0].Code, http, session, ct);
            var edition = await Edition.Find(session, subscriber.Edition, ct);
            var phrases = Phrases.In(subscriber.Language);
            return Page.Answer(edition, phrases, phrases.ConfirmTitle, Html.Of(
                $"""
                <form class="panel" method="post">
                <p>{string.Format(null, phrases.ConfirmText, edition?.Name)}</p>
                <p>{Page.Button(phrases.ConfirmButton)}</p>
                </form>
                """));
        }).AllowAnonymous();

        // No antiforgery token: the link itself is what entitles to this, and nobody has a session.
        app.MapPost("/subscribe/confirm/{token}", async (string token, HttpContext http, IDocumentStore store, IQuerySession session, Seal seal, TimeProvider clock, CancellationToken ct) =>
        {
            if (Links.ReadConfirmation(seal, token) is not { } link) return await Explain("subscription.unknown-link", http, session, ct);
            var command = SignUps.ByReader(link.Subscriber, clock.GetUtcNow());
            Handled<Subscriber> handled;
            try
            {
                handled = await store.Handle<Subscriber>(link.Subscriber, command, "subscription.unknown-link", (subscriber, _, write, _) =>
                {
                    var decision = Decide(subscriber, new(link.Request, link.Issued, command.At));
                    if (decision is Decision.Recorded) Contact.Confirm(write, link.Subscriber);
                    return Task.FromResult(decision);
                }, ct);
            }
            catch (RefusedException refused) when (refused.Faults[0].Code.StartsWith("subscription.", StringComparison.Ordinal))
            {
                return await Explain(refused.Faults[0].Code, http, session, ct);
            }
            var edition = await Edition.Find(session, handled.State.Edition, ct);
            var phrases = Phrases.In(handled.State.Language);
            return Page.Answer(edition, phrases, phrases.ConfirmedTitle, Html.Of($"<p>{string.Format(null, phrases.ConfirmedText, edition?.Name)}</p>"));
        }).AllowAnonymous();
    }

    /// <summary>The page of a link that does not work, or no longer.</summary>
    public static async Task<IResult> Explain(string code, HttpContext http, IQuerySession session, CancellationToken ct)
    {
        var edition = await Edition.At(session, http.Request, ct);
        var phrases = Phrases.In(Phrases.Nearest(edition?.Language));
        var (title, text) = code == "subscription.link-expired" ? (phrases.ExpiredLinkTitle, phrases.ExpiredLinkText) : (phrases.UnknownLinkTitle, phrases.UnknownLinkText);
        return Page.Answer(edition, phrases, title, Html.Of($"<p>{text}</p>\n<p><a class=\"button\" href=\"/subscribe\">{phrases.SignUpAgain}</a></p>"), Refusals.Of(code).Status);
    }
}
