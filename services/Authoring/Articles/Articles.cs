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
        ReviseArticle.Offer, SubmitArticle.Offer, RequestChanges.Offer, ApproveArticle.Offer, PublishArticle.Offer, WithdrawArticle.Offer, TakeDownArticle.Offer, EraseText.Offer,
    ];

    public static void Register(StoreOptions store)
    {
        store.Named<ArticleDrafted>("article.drafted.v1");
        store.Named<ArticleRevised>("article.revised.v1");
        store.Named<ArticleSubmitted>("article.submitted.v1");
        store.Named<ChangesRequested>("article.changes-requested.v1");
        store.Named<ArticleApproved>("article.approved.v1");
        store.Named<ArticleReleased>("article.released.v1");
        store.Named<RepublicationProposed>("article.republication-proposed.v1");
        store.Named<ArticleWithdrawn>("article.withdrawn.v1");
        store.Named<ArticleTakenDown>("article.taken-down.v1");
        store.Named<TextErased>("article.text-erased.v1");
        store.Projections.Snapshot<Article>(SnapshotLifecycle.Inline);
        store.Schema.For<Article>().Index(a => a.Updated);
    }

    public static void MapArticles(this WebApplication app)
    {
        var articles = app.MapGroup(Path);
        DraftArticle.Map(articles);
        ReviseArticle.Map(articles);
        SubmitArticle.Map(articles);
        RequestChanges.Map(articles);
        ApproveArticle.Map(articles);
        PublishArticle.Map(articles);
        WithdrawArticle.Map(articles);
        TakeDownArticle.Map(articles);
        EraseText.Map(articles);
        ReadArticle.Map(articles);
        ListRevisions.Map(articles);
        ListDesk.Map(articles);
    }
}
