using JasperFx.Events.Projections;
using Marten;
using Vigil.Contracts.Authoring;
using Vigil.Contracts.Publishing;
using Vigil.Hosting;

namespace Vigil.Notification.Mailings;

/// <summary>One mailing for each story in each edition, the follow-ups to it, and the endings that stop them.</summary>
public static class Mailings
{
    public static void AddMailings(this WebApplicationBuilder builder)
    {
        if (Service.IsMigrating(builder.Configuration)) return;
        builder.AddWorker<RunMailings>();
    }

    public static void Register(StoreOptions store)
    {
        store.Named<MailingPlanned>("mailing.planned.v1");
        store.Named<FollowUpPlanned>("mailing.follow-up-planned.v1");
        store.Named<NoticeOrdered>("mailing.notice-ordered.v1");
        store.Named<MailingReworded>("mailing.reworded.v1");
        store.Named<MailingTextErased>("mailing.text-erased.v1");
        store.Named<MailingStarted>("mailing.started.v1");
        store.Named<MailingHaltedV1>("mailing.halted.v1");
        store.Named<MailingHalted>("mailing.halted.v2");
        store.Named<MailingFinished>("mailing.finished.v1");
        store.Projections.Snapshot<Mailing>(SnapshotLifecycle.Inline);
        store.Schema.For<Mailing>().Index(m => m.Article).Index(m => m.PlannedAt).Index(m => m.Due, i => i.Predicate = "is_open")
            .Duplicate(m => m.IsOpen, notNull: true).Duplicate(m => m.IsSending, notNull: true).Duplicate(m => m.Words);
        store.Schema.For<Gate>().UseNumericRevisions(true);
    }

    public static Queue[] Queues(TimeProvider clock) =>
    [
        new Queue("publications")
            .On<PublicationWentLive>(m => m.ArticleId, PlanMailing.Handle)
            .On<PublicationChanged>(m => m.ArticleId, RewordMailing.Handle, m => m.ForgetBefore is { } version ? Removal.OfVersionsBefore(m.ArticleId, version) : null)
            .On<PublicationEnded>(m => m.ArticleId, HaltMailing.Handle),
        Endings(clock),
    ];

    /// <summary>Comes over the broker, and over HTTP for while that is away.</summary>
    public static Queue Endings(TimeProvider clock) => new Queue("endings")
        .On<ArticleWithdrawn>(m => m.ArticleId, HaltMailing.Handle)
        .On<ArticleRetracted>(m => m.ArticleId, HaltMailing.Handle, m => Removal.OfVersionsBefore(m.ArticleId, m.Version))
        .On<ArticleTakenDown>(m => m.ArticleId, HaltMailing.Handle, m => Removal.Of(m.ArticleId))
        .On<TextErased>(m => m.ArticleId, (m, store, ct) => EraseText.Handle(m, store, clock.GetUtcNow(), ct), m => Removal.OfText(m.ArticleId, m.TextHash));

    public static void MapMailings(this WebApplication app)
    {
        var mailings = app.MapGroup("/api/notification/v1/mailings");
        ListMailings.Map(mailings);
        OrderNotice.Map(mailings);
    }
}
