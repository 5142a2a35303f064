using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>Two people take a story's text back for good: its page stays, with the notice that both of them gave. The second confirms the first's words.</summary>
public static class RetractArticle
{
    public sealed record By(Guid Editor, bool IsMachine, MailWish? Mail, DateTimeOffset At);

    /// <param name="Mail"><c>none</c> (the default), <c>now</c> or an instant: readers who were mailed the story get the notice.</param>
    public sealed record Request(string Notice, string? Reason = null, string? Mail = null);

    public static Decision Decide(Article article, By by, TextHash notice)
    {
        if (article.Release is Release.Retracted && article.Notice == notice) return Decision.Nothing;
        if (article.Ending() is { } ended) return Decision.Refuse(ended);
        if (article.FirstPublished is null) return Decision.Refuse("article.never-released");
        if (by.IsMachine) return Decision.Refuse("article.machine-sign-off");
        var asked = article.Proposal is { Kind: ProposalKind.Retraction } standing && standing.Text == notice && standing.Awaits(by.At) ? standing : null;
        var wish = new Proposal(ProposalKind.Retraction, by.Editor, notice, [], by.Mail ?? asked?.Mail ?? MailWish.None, by.At);
        return wish.With(article.Proposal) switch
        {
            Agreement.First => Decision.Record(wish.Make()),
            Agreement.Own => Decision.Nothing,
            _ => Decision.Record(new ArticleRetracted(by.Editor, notice, wish.Mail!.From(by.At), by.At)),
        };
    }

    public static readonly Offer Offer = new("retraction", Policy.Editing,
        (article, caller, at) => Decide(article, new(caller.Id, caller.IsMachine, null, at), article.Proposal is { Kind: ProposalKind.Retraction, Text: { } notice } ? notice : Offer.SomeText),
        ProposalKind.Retraction);

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, Request request, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            var notice = Reason.Read(request.Notice, "notice") ?? throw new RefusedException(new Fault("text.required", "notice"));
            var words = new RetractionNotice(notice.Words, Reason.Read(request.Reason, "reason")?.Words);
            var mail = MailWish.Read(request.Mail, command.At);
            return store.Carry(Offer, id, command, (article, texts) => Decide(article, new(command.Caller.Id, command.Caller.IsMachine, mail, command.At), texts.Hash(words)), ct);
        }).RequireAuthorization(Offer.Policy);
}

/// <summary>What stands in the place of a retracted story.</summary>
public sealed record RetractionNotice(string Notice, string? Reason);
