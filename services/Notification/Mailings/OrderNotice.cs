using Marten;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Vigil.Hosting;

namespace Vigil.Notification.Mailings;

/// <summary>
/// After a story was withdrawn, taken down or corrected to protect somebody, the safety officer may have those told who were mailed it: once, in words that
/// are the same for every story, without title or link.
/// </summary>
public static class OrderNotice
{
    public sealed record By(Guid Officer, DateTimeOffset At);

    public sealed record Request;

    public static Decision Decide(Gate gate, Mailing mailing, By by) => mailing switch
    {
        { Occasion: not Occasion.Story } => Decision.Refuse("mailing.follow-up"),
        { NoticeOrderedAt: not null } => Decision.Nothing,
        { Audience: null } => Decision.Refuse("mailing.not-sent"),
        _ when gate.RemovedBefore(mailing.Edition) <= mailing.FirstVersion => Decision.Refuse("mailing.not-removed"),
        _ => Decision.Record(new NoticeOrdered(by.Officer, by.At)),
    };

    /// <summary>Answers with the mailing of the notice, the same however often it is asked for.</summary>
    public static void Map(RouteGroupBuilder mailings) =>
        mailings.MapPost("/{id:guid}/notice", async (Guid id, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] Request? _, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            var handled = await store.Handle<Mailing>(id, command, "mailing.unknown", async (mailing, _, session, token) =>
            {
                var gate = await Gate.Find(session, mailing.Article, token);
                var decision = Decide(gate, mailing, new(command.Caller.Id, command.At));
                if (decision is Decision.Recorded)
                    session.Events.StartStream<Mailing>(Mailing.NoticeIdOf(id), new FollowUpPlanned(
                        mailing.Article, mailing.Edition, gate.RemovedBefore(mailing.Edition), Occasion.Notice, Mailing.Neutral, Story: null, command.At, command.At));
                return decision;
            }, ct);
            await using var session = store.QuerySession();
            return Results.Ok(await ListMailings.Show((await session.LoadAsync<Mailing>(Mailing.NoticeIdOf(handled.State.Id), ct))!, session, store, ct));
        }).RequireAuthorization(Policy.Safety);
}
