using JasperFx.Events.Projections;
using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

public static class Articles
{
    public const string Path = "/api/newsroom/v1/articles";

    /// <summary>The commands on an article, in the order of its life.</summary>
    public static IReadOnlyList<Offer> Offers { get; } =
    [
        ReviseArticle.Offer, ProtectArticle.Offer, AssignArticle.Offer, SubmitArticle.Offer, RequestChanges.Offer, ApproveArticle.Offer, ClearArticle.Offer, SetEmbargo.Offer, ScheduleArticle.Offer,
        PublishArticle.Offer, CorrectArticle.Offer, CorrectProtectively.Offer, WithdrawArticle.Offer, RetractArticle.Offer, TakeDownArticle.Offer, ReissueArticle.Offer, EraseText.Offer,
    ];

    public static void AddArticles(this WebApplicationBuilder builder) => builder.AddWorker<ReleaseDue>();

    public static void Register(StoreOptions store)
    {
        store.Named<ArticleDrafted>("article.drafted.v1");
        store.Named<ArticleDescended>("article.descended.v1");
        store.Named<ArticleRevised>("article.revised.v1");
        store.Named<ArticleSubmitted>("article.submitted.v1");
        store.Named<ChangesRequested>("article.changes-requested.v1");
        store.Named<ArticleApproved>("article.approved.v1");
        store.Named<ArticleCleared>("article.cleared.v1");
        store.Named<ArticleProtected>("article.protected.v1");
        store.Named<ProtectionLifted>("article.protection-lifted.v1");
        store.Named<ArticleAssigned>("article.assigned.v1");
        store.Named<AssignmentEnded>("article.assignment-ended.v1");
        store.Named<EmbargoSet>("article.embargo-set.v1");
        store.Named<ReleaseScheduled>("article.release-scheduled.v1");
        store.Named<ScheduleCancelled>("article.schedule-cancelled.v1");
        store.Named<ReleaseMissed>("article.release-missed.v1");
        store.Named<ArticleReleasedV1>("article.released.v1");
        store.Named<ArticleReleased>("article.released.v2");
        store.Named<RepublicationProposed>("article.republication-proposed.v1");
        store.Named<ProposalMade>("article.proposal-made.v1");
        store.Named<ProposalDropped>("article.proposal-dropped.v1");
        store.Named<ArticleWithdrawn>("article.withdrawn.v1");
        store.Named<ArticleRetracted>("article.retracted.v1");
        store.Named<ArticleTakenDown>("article.taken-down.v1");
        store.Named<ArticleReissued>("article.reissued.v1");
        store.Named<TextErased>("article.text-erased.v1");
        store.Named<EarlierTextErased>("article.earlier-text-erased.v1");
        store.Projections.Snapshot<Article>(SnapshotLifecycle.Inline);
        store.Schema.For<Article>().Index(a => a.Updated);
        store.Schema.For<LatelyTakenDown>().Index(t => t.By);
        DueRow.Register(store);
    }

    public static void MapArticles(this WebApplication app)
    {
        var articles = app.MapGroup(Path);
        DraftArticle.Map(articles);
        ReviseArticle.Map(articles);
        ProtectArticle.Map(articles);
        AssignArticle.Map(articles);
        SubmitArticle.Map(articles);
        RequestChanges.Map(articles);
        ApproveArticle.Map(articles);
        ClearArticle.Map(articles);
        SetEmbargo.Map(articles);
        ScheduleArticle.Map(articles);
        PublishArticle.Map(articles);
        CorrectArticle.Map(articles);
        CorrectProtectively.Map(articles);
        WithdrawArticle.Map(articles);
        RetractArticle.Map(articles);
        TakeDownArticle.Map(articles);
        ReissueArticle.Map(articles);
        DropProposal.Map(articles);
        EraseText.Map(articles);
        ReadArticle.Map(articles);
        ListRevisions.Map(articles);
        ListDesk.Map(articles);
        CountDesk.Map(articles);
    }
}
