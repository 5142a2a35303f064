using Marten;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>
/// One person removes a story for ever, everywhere: its addresses answer 410 from then on. Who has done so three times in ten minutes makes
/// further stories dark at once, and a second person removes them: one stolen account must not be able to empty the house. Protective corrections
/// count, too.
/// </summary>
public static class TakeDownArticle
{
    public const int Most = 3;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <param name="Lately">How many other stories this person has emptied alone within the window.</param>
    public sealed record By(Guid Person, bool IsMachine, int Lately, TextHash? Reason, DateTimeOffset At);

    public sealed record Request(string? Reason = null);

    public static Decision Decide(Article article, By by)
    {
        if (article.Release is Release.TakenDown) return Decision.Nothing;
        if (article.Release is Release.Unreleased) return Decision.Refuse("article.never-released");
        var gone = new ArticleTakenDown(by.Person, by.Reason, by.At);
        if (by.Lately < Most) return Decision.Record(gone);

        var wish = new Proposal(ProposalKind.Takedown, by.Person, null, [], null, by.At);
        return wish.With(article.Proposal) switch
        {
            Agreement.First when article.Release is Release.Live or Release.Scheduled => Decision.Record(new ArticleWithdrawn(by.Person, null, by.Reason, by.At), wish.Make()),
            Agreement.First => Decision.Record(wish.Make()),
            Agreement.Own => Decision.Nothing,
            _ when by.IsMachine => Decision.Refuse("article.machine-sign-off"),
            _ => Decision.Record(gone),
        };
    }

    public static readonly Offer Offer = new("takedown", Policy.Removing, (article, caller, at) => Decide(article, new(caller.Id, caller.IsMachine, 0, null, at)), ProposalKind.Takedown);

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] Request? request, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            var reason = Reason.Read(request?.Reason, "reason");
            return store.Carry(Offer, id, command, async (article, texts, session, token) =>
            {
                var lately = await LatelyTakenDown.Count(session, id, command.Caller.Id, command.At, token);
                var decision = Decide(article, new(command.Caller.Id, command.Caller.IsMachine, lately, reason is null ? null : texts.Hash(reason), command.At));
                if (decision is Decision.Recorded { Events: [ArticleTakenDown] } && lately < Most) session.Store(LatelyTakenDown.Of(id, command.Caller.Id, command.At));
                return decision;
            }, ct);
        }).RequireAuthorization(Offer.Policy);
}

/// <summary>That an account alone took a story down, or left nothing of it but words of its own; it counts for a while and is then forgotten.</summary>
public sealed record LatelyTakenDown(Guid Id, Guid By, DateTimeOffset At)
{
    public static LatelyTakenDown Of(Guid article, Guid by, DateTimeOffset at) => new(Uuid.From("lately", article, by), by, at);

    /// <summary>How many stories but this one. Until the transaction ends, nobody else counts for this account.</summary>
    public static async Task<int> Count(IDocumentSession session, Guid article, Guid account, DateTimeOffset now, CancellationToken ct)
    {
        await session.BeginTransactionAsync(ct);
        await session.QueryAsync<int>("select 1 from pg_advisory_xact_lock(hashtextextended(?, 0))", ct, $"takedown {account}");
        var since = now - TakeDownArticle.Window;
        session.DeleteWhere<LatelyTakenDown>(t => t.By == account && t.At <= since);
        var own = Of(article, account, now).Id;
        return await session.Query<LatelyTakenDown>().CountAsync(t => t.By == account && t.At > since && t.Id != own, ct);
    }
}
