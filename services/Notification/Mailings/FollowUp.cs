using Marten;
using Vigil.Contracts.Publishing;
using Vigil.Hosting;

namespace Vigil.Notification.Mailings;

/// <summary>What a follow-up tells: the note on a correction, or the notice of a retraction with its reason.</summary>
/// <param name="Class">Null: the story was retracted.</param>
public sealed record FollowUpWords(CorrectionClass? Class, string Words, string? Reason)
{
    /// <summary>Erased with the text that it came with.</summary>
    public static TextHash IdOf(TextHash text, EditionKey edition, long version) => new($"{text}.told.{version}.{edition}");
}

/// <summary>
/// A correction or a retraction names a mail: it goes to those who were mailed the story before in that edition, and to nobody who was not.
/// Once for each, however often it is said.
/// </summary>
public static class FollowUp
{
    public sealed record Command(Guid Article, EditionKey Edition, long Version, Occasion Occasion, TextHash Text, TextHash? Story, DateTimeOffset Due, DateTimeOffset At);

    /// <param name="mailing">Of the story; null: none was planned.</param>
    /// <param name="known">The follow-up; null: none was planned.</param>
    public static Decision Decide(Gate gate, Mailing? mailing, Mailing? known, Command c) =>
        mailing?.Audience is null || known is not null || (c.Occasion is Occasion.Retraction ? gate.TakenDown : gate.Stops(c.Edition, c.Version))
            ? Decision.Nothing
            : Decision.Record(new FollowUpPlanned(c.Article, c.Edition, c.Version, c.Occasion, c.Text, c.Story, c.Due, c.At));

    /// <summary>Its own copy of what says which story it is about: the mailing's may go before it.</summary>
    public static TextHash StoryIdOf(TextHash text, EditionKey edition, long version) => new($"{text}.story.{version}.{edition}");

    internal static async Task Plan(IDocumentSession session, Gate gate, PublicationChanged m, CancellationToken ct)
    {
        if (m is not { Correction: { } correction, MailAt: { } due }) return;
        await Plan(session, gate, new(m.ArticleId, new(m.Edition), m.Version, Occasion.Correction, new(m.TextHash), new(m.TextHash), due, m.At),
            new(correction.Class, correction.Note, null), Story.From(m.Text), ct);
    }

    /// <summary>A retracted story: what has not left stays, as <see cref="HaltMailing"/> says, and those to whom it went are told.</summary>
    public static async Task Handle(PublicationEnded m, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        var gate = await Gate.Find(session, m.ArticleId, ct);
        var closed = await HaltMailing.Close(session, gate, m.ArticleId, null, new(Halt.Retracted, m.Version, m.At), ct);
        if (m is { MailAt: { } due, Notice: { } notice, NoticeHash: { } hash })
            await Plan(session, closed, new(m.ArticleId, new(m.Edition), m.Version, Occasion.Retraction, new(hash), m.TextHash is { } text ? new(text) : null, due, m.At),
                new(null, notice.Notice, notice.Reason), m.Text is { } story ? Story.From(story) : null, ct);
        await closed.Save(session, ct);
    }

    static async Task Plan(IDocumentSession session, Gate gate, Command command, FollowUpWords told, Story? story, CancellationToken ct)
    {
        var id = Mailing.FollowUpIdOf(command.Article, command.Edition, command.Version);
        var mailing = await session.LoadAsync<Mailing>(Mailing.IdOf(command.Article, command.Edition), ct);
        if (Decide(gate, mailing, await session.LoadAsync<Mailing>(id, ct), command) is not Decision.Recorded { Events: var events }) return;
        if (!await Story.Keep(session, command.Article, command.Text, FollowUpWords.IdOf(command.Text, command.Edition, command.Version), told, ct)) return;
        if (story is not null && command.Story is { } text) await Story.Keep(session, command.Article, text, StoryIdOf(text, command.Edition, command.Version), story, ct);
        session.Events.StartStream<Mailing>(id, events);
    }
}
