using JasperFx;
using Marten;
using Vigil.Contracts.Authoring;
using Vigil.Contracts.Publishing;
using Vigil.Hosting;

namespace Vigil.Authoring.Editions;

/// <summary>The editions that Publishing has announced, so that an article can be meant for one, and where each article stands.</summary>
public static class Editions
{
    public static void Register(StoreOptions store)
    {
        store.Schema.For<KnownEdition>().UseOptimisticConcurrency(true);
        store.Schema.For<LivePlace>().Index(p => p.Article).UseNumericRevisions(true);
    }

    public static Queue[] Queues =>
    [
        new Queue("editions").On<EditionChanged>(m => Uuid.From(m.Key), KnownEdition.Learn),
        new Queue("publications")
            .On<PublicationWentLive>(m => m.ArticleId, (m, store, ct) => LivePlace.Learn(store, m.ArticleId, m.Edition, m.Version, m.Text.Slug, ct))
            .On<PublicationChanged>(m => m.ArticleId, (m, store, ct) => LivePlace.Learn(store, m.ArticleId, m.Edition, m.Version, m.Text.Slug, ct))
            .On<PublicationEnded>(m => m.ArticleId, (m, store, ct) => LivePlace.Learn(store, m.ArticleId, m.Edition, m.Version, m.Text?.Slug, ct)),
        // Our own endings: what they remove may wait here as the words of a publication.
        new Queue("endings")
            .On<ArticleRetracted>(m => Removal.OfVersionsBefore(m.ArticleId, m.Version))
            .On<ArticleTakenDown>(m => Removal.Of(m.ArticleId))
            .On<TextErased>(m => Removal.OfText(m.ArticleId, m.TextHash)),
    ];
}
