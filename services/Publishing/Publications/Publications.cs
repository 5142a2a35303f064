using JasperFx.Events.Projections;
using Marten;
using Vigil.Contracts.Authoring;
using Vigil.Hosting;

namespace Vigil.Publishing.Publications;

public static class Publications
{
    public static void Register(StoreOptions store)
    {
        store.Named<PublicationReleasedV1>("publication.released.v1");
        store.Named<PublicationReleased>("publication.released.v2");
        store.Named<PublicationRevisedV1>("publication.revised.v1");
        store.Named<PublicationRevised>("publication.revised.v2");
        store.Named<PublicationWithdrawn>("publication.withdrawn.v1");
        store.Named<PublicationRetracted>("publication.retracted.v1");
        store.Named<PublicationTakenDown>("publication.taken-down.v1");
        store.Schema.For<GateRow>().UseNumericRevisions(true);
        PublicRows.Register(store);
        store.Projections.Add(new PublicRows(), ProjectionLifecycle.Inline, "public-rows",
            o =>
            {
                o.DeleteViewTypeOnTeardown<PublicArticle>();
                o.DeleteViewTypeOnTeardown<Listing>();
                o.DeleteViewTypeOnTeardown<CorrectionLine>();
                o.DeleteViewTypeOnTeardown<RetractedArticle>();
            });
    }

    public static Queue[] Queues =>
    [
        new Queue("releases").On<ArticleReleased>(m => m.ArticleId, ReceiveRelease.Handle, m => m.Kind is ReleaseKind.Protective ? Removal.OfVersionsBefore(m.ArticleId, m.Version) : null),
        Endings,
    ];

    /// <summary>Comes over the broker, and over HTTP for while that is away.</summary>
    public static Queue Endings => new Queue("endings")
        .On<ArticleWithdrawn>(m => m.ArticleId, ReceiveEnding.Handle)
        .On<ArticleRetracted>(m => m.ArticleId, ReceiveRetraction.Handle, m => Removal.OfVersionsBefore(m.ArticleId, m.Version))
        .On<ArticleTakenDown>(m => m.ArticleId, ReceiveEnding.Handle, m => Removal.Of(m.ArticleId))
        .On<TextErased>(m => m.ArticleId, ReceiveEnding.Handle, m => Removal.OfText(m.ArticleId, m.TextHash));

    public static void MapPublications(this WebApplication app) => FindStories.Map(app);

    /// <summary>Appends to the publication's stream; the article's gate, not the stream, decides who comes first.</summary>
    internal static void Happened(this IDocumentSession session, Guid article, EditionKey edition, ArticleGate before, object e)
    {
        var id = Publication.IdOf(article, edition.Value);
        if (before.Editions.GetValueOrDefault(edition.Value)?.Started == true) session.Events.Append(id, e);
        else session.Events.StartStream<Publication>(id, e);
    }

    internal static void Advance(this IDocumentSession session, Guid article, GateRow? row, ArticleGate gate)
    {
        if (row is null) session.Insert(new GateRow { Id = article, Gate = gate });
        else session.UpdateRevision(new GateRow { Id = article, Gate = gate }, row.Version + 1);
    }
}
