using Marten;
using Vigil.Hosting;
using Vigil.Notification.Editions;
using Vigil.Notification.Pages;

namespace Vigil.Notification.Subscribers;

/// <summary>
/// One click ends it (RFC 8058): a POST, from the page's button or from the reader's mail program, without question, sign-in or redirect.
/// The answer is the same whether the link is good, used or made up. Opening the link changes nothing.
/// </summary>
public static class Unsubscribe
{
    public static Decision Decide(Subscriber subscriber, DateTimeOffset at) => subscriber.Standing switch
    {
        Standing.Confirmed => Decision.Record(new SubscriptionEnded(Farewell.Left, at)),
        Standing.Pending => Decision.Record(new SubscriptionEnded(Farewell.Cancelled, at)),
        _ => Decision.Nothing,
    };

    public static void Map(WebApplication app)
    {
        app.MapGet("/u/{token}", (HttpContext http, IQuerySession session, CancellationToken ct) => Show(http, session, phrases => (phrases.LeaveTitle, Html.Of(
            $"""
            <form class="panel" method="post">
            <p>{phrases.LeaveText}</p>
            <p>{Page.Button(phrases.LeaveButton)}</p>
            </form>
            """)), ct)).AllowAnonymous();

        // No antiforgery token: mail programs send this from outside, and the link is what entitles to it. The body is not looked at.
        app.MapPost("/u/{token}", async (string token, HttpContext http, IDocumentStore store, IQuerySession session, Seal seal, TimeProvider clock, CancellationToken ct) =>
        {
            // A link that was not copied whole is said to be none; whether a whole one is true would tell who reads.
            if (Links.WhoLeaves(token) is not { } id) return await ConfirmSubscription.Explain("subscription.unknown-link", http, session, ct);
            try
            {
                var command = SignUps.ByReader(id, clock.GetUtcNow());
                await store.Handle<Subscriber>(id, command, "subscription.unknown-link", async (subscriber, _, write, token2) =>
                {
                    if (!Links.MayLeave(seal, token, id, subscriber.Edition)) return Decision.Nothing;
                    var decision = Decide(subscriber, command.At);
                    if (decision is Decision.Recorded) await SignUps.Forget(write, id, token2);
                    return decision;
                }, ct);
            }
            catch (RefusedException refused) when (refused.Faults[0].Code == "subscription.unknown-link") { }
            return await Show(http, session, phrases => (phrases.LeftTitle, Html.Of($"<p>{phrases.LeftText}</p>")), ct);
        }).AllowAnonymous();
    }

    static async Task<IResult> Show(HttpContext http, IQuerySession session, Func<Phrases, (string Title, Html Body)> say, CancellationToken ct)
    {
        var edition = await Edition.At(session, http.Request, ct);
        var phrases = Phrases.In(Phrases.Nearest(edition?.Language));
        var (title, body) = say(phrases);
        return Page.Answer(edition, phrases, title, body);
    }
}
