using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Marten.Schema;
using Vigil.Contracts.Authoring;
using Vigil.Hosting;
using Vigil.Publishing.Site;

namespace Vigil.Publishing.Publications;

/// <summary>
/// The row that an article's page, its feed item and its content API item are made of. It exists exactly while the publication is live.
/// </summary>
/// <param name="Id">The publication.</param>
/// <param name="Modified">When readers were last told of a change; before that, as published.</param>
/// <param name="Text">As released; its HTML is sanitised by Authoring.</param>
public sealed record PublicArticle(
    Guid Id, Guid Article, string Edition, string Slug, long Version, DateTimeOffset Published, DateTimeOffset Modified, ReleasedText Text)
{
    /// <summary>What readers are told of changes, newest first.</summary>
    public IReadOnlyList<Correction> Corrections { get; init; } = [];
}

/// <summary>One line of one list, newest first: lists read a stretch of an index, however long they are.</summary>
public sealed record Listing(string Id, string List, DateTimeOffset Published, Guid Publication)
{
    public static string All(string edition) => edition;
    public static string Country(string edition, string country) => $"{edition}/country/{country}";
    /// <summary>Spellings that share an address share a list.</summary>
    public static string Topic(string edition, string topic) => $"{edition}/topic/{Slug.Of(topic)}";

    public static IEnumerable<Listing> Of(PublicArticle a) =>
        new[] { All(a.Edition) }
            .Concat(a.Text.Countries.Select(c => Country(a.Edition, c)))
            .Concat(a.Text.Topics.Select(t => Topic(a.Edition, t)))
            .Distinct().Select(list => new Listing($"{list}/{a.Id:N}", list, a.Published, a.Id));

    /// <summary>
    /// Columns that are duplicated in the usual way have an index each: where few lists hold all stories the planner prefers the
    /// one of the dates, and reads all of it for every country that has none.
    /// </summary>
    public static void ConfigureMarten(DocumentMapping<Listing> mapping)
    {
        var (list, published, publication) = (Column(nameof(List)), Column(nameof(Published)), Column(nameof(Publication)));
        // Under the name that it has had, or it would be built anew.
        mapping.Indexes.Add(new DocumentIndex(mapping, list, published, publication) { Name = "mt_doc_listing_idx_listpublishedpublication" });
        // By it a story leaves all lists.
        mapping.Indexes.Add(new DocumentIndex(mapping, publication));

        string Column(string member) => mapping.DuplicateField(member).ColumnName;
    }
}

/// <summary>
/// A slug's owner in an edition, for ever. The id is a digest, so that the row of a dead story says nothing; <see cref="Gone"/> makes its
/// address answer 410.
/// </summary>
public sealed record SlugReservation(string Id, Guid Publication, bool Gone)
{
    public static string IdOf(string edition, string slug) => Uuid.From("slug", edition, slug).ToString("N");
}

/// <summary>Writes the public rows in the transaction of the event they show, and again in a rebuild; a text that is gone shows nothing.</summary>
public sealed class PublicRows : IProjection
{
    public static void Register(StoreOptions store)
    {
        store.Schema.For<PublicArticle>().Index(a => a.Article)
            .UniqueIndex(UniqueIndexType.Computed, a => a.Edition, a => a.Slug);
        // Its table is made also where nobody has asked for it yet.
        store.Schema.For<Listing>();
        store.Schema.For<SlugReservation>().Index(s => s.Publication);
        RetractedArticle.Register(store);
        CorrectionLine.Register(store);
    }

    public async Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        var texts = await operations.ReadTexts(events.SelectMany(Cites), cancellation);
        foreach (var e in events)
            switch (Publication.Today(e.Data))
            {
                case PublicationReleased r: Live(e.StreamId, r.Article, r.Edition, r.Version, r.Slug, r.Text, r.FirstPublished, r.Modified, r.Corrections); break;
                case PublicationRevised r: Live(e.StreamId, r.Article, r.Edition, r.Version, r.Slug, r.Text, r.FirstPublished, r.Modified, r.Corrections); break;
                case PublicationRetracted r:
                    Remove(operations, e.StreamId);
                    Show(operations, new(e.StreamId, r.Article, r.Edition.Value, r.Version, r.FirstPublished, r.At, r.Notice.Value, Find<SlugText>(r.Slug)?.Slug, Find<RetractedStory>(r.Kept), Find<RetractionNotice>(r.Notice)));
                    break;
                case PublicationWithdrawn or PublicationTakenDown: Remove(operations, e.StreamId); break;
            }

        T? Find<T>(TextHash? hash) where T : class => hash is { } known ? texts.Find<T>(known) : null;

        void Live(Guid id, Guid article, EditionKey edition, long version, TextHash slug, TextHash text, DateTimeOffset published, DateTimeOffset? modified, IReadOnlyList<CorrectionMade> corrections)
        {
            Remove(operations, id);
            if (texts.Find<ReleasedText>(text) is not { } words || texts.Find<SlugText>(slug) is not { } address) return;
            var page = new PublicArticle(id, article, edition.Value, address.Slug, version, published, modified ?? published, words)
            {
                Corrections = [.. corrections.Reverse().SelectMany(c => texts.Find<NoteText>(c.Note) is { } note ? new[] { new Correction(c.At, c.Class, note.Note) } : [])],
            };
            operations.Store(page);
            operations.Store(Listing.Of(page).ToArray());
            operations.Store(CorrectionLine.Of(page));
        }
    }

    public static IEnumerable<TextHash> Cites(IEvent e) => Publication.Today(e.Data) switch
    {
        PublicationReleased r => [r.Text, r.Slug, .. r.Corrections.Select(c => c.Note)],
        PublicationRevised r => [r.Text, r.Slug, .. r.Corrections.Select(c => c.Note)],
        PublicationRetracted r => new[] { r.Notice, r.Kept, r.Slug }.OfType<TextHash>(),
        _ => [],
    };

    public static void Show(IDocumentOperations operations, RetractedArticle retracted)
    {
        operations.Store(retracted);
        operations.Store(CorrectionLine.Of(retracted));
    }

    public static void Remove(IDocumentOperations operations, Guid publication)
    {
        operations.Delete<PublicArticle>(publication);
        operations.Delete<RetractedArticle>(publication);
        operations.DeleteWhere<Listing>(l => l.Publication == publication);
        operations.DeleteWhere<CorrectionLine>(l => l.Publication == publication);
    }
}
