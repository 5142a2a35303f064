using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>
/// The signed-off text takes the place of the one that is live. A minor correction passes in silence; any other tells readers by a note that
/// stays with the story; mail goes for a corrected fact only, and only if asked for.
/// </summary>
public static class CorrectArticle
{
    public sealed record By(Guid Person, DateTimeOffset At);

    /// <param name="Note">What readers are told; none for <c>minor</c>.</param>
    /// <param name="Mail"><c>none</c> (the default), <c>now</c> or an instant.</param>
    public sealed record Request(CorrectionClass Class, string? Note = null, string? Mail = null);

    public static Decision Decide(Article article, By by, CorrectionClass @class, TextHash? note, MailWish? mail)
    {
        var minor = @class is CorrectionClass.Minor;
        if (article.Ending() is { } ended) return Decision.Refuse(ended);
        if (minor && note is not null) return Decision.Refuse("article.minor-correction", "note");
        if (!minor && note is null) return Decision.Refuse("text.required", "note");
        if (@class is not CorrectionClass.Fact && mail is { When: not MailWhen.None }) return Decision.Refuse("article.correction-mail", "mail");
        if (article.Release is not Release.Live) return Decision.Refuse("article.not-live");
        if (article.LiveText == article.Text)
            return article.LastCorrection == @class && (minor || article.Corrections[^1].Note == note) ? Decision.Nothing : Decision.Refuse("article.nothing-to-correct");
        if (article.Lack() is { } lack) return Decision.Refuse(lack);
        if (article.Embargo > by.At) return Decision.Refuse("article.embargoed");
        return Decision.Record(new ArticleReleased(by.Person, article.Text, ReleaseKind.Correction, article.LiveIn, article.FirstPublished!.Value, mail?.From(by.At),
            minor ? article.Modified : by.At, minor ? article.Corrections : article.Corrections.Add(new(@class, note!.Value, by.At)), by.At));
    }

    public static readonly Offer Offer = new("correction", Policy.Editing, (article, caller, at) => Decide(article, new(caller.Id, at), CorrectionClass.Minor, null, null));

    public static void Map(RouteGroupBuilder articles) =>
        articles.MapPost(Offer.Route, (Guid id, Request request, Command command, IDocumentStore store, CancellationToken ct) =>
        {
            var note = Reason.Read(request.Note, "note");
            var mail = MailWish.Read(request.Mail, command.At);
            return store.Carry(Offer, id, command, (article, texts) => Decide(article, new(command.Caller.Id, command.At), request.Class, note is null ? null : texts.Hash(note), mail), ct);
        }).RequireAuthorization(Offer.Policy);
}
