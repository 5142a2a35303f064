using JasperFx;
using Marten;
using Vigil.Hosting;

namespace Vigil.Authoring.Editions;

/// <summary>That an article stands in an edition, as Publishing reports it; no address once nothing of it stands there.</summary>
public sealed class LivePlace : IRevisioned
{
    public Guid Id { get; set; }
    public int Version { get; set; }
    public Guid Article { get; set; }
    public string Edition { get; set; } = "";
    public long ArticleVersion { get; set; }
    public string? Slug { get; set; }

    public static async Task Learn(IDocumentStore store, Guid article, string edition, long version, string? slug, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        var id = Uuid.From("place", article, edition);
        var known = await session.LoadAsync<LivePlace>(id, ct);
        // An ending has its article's version too, and wins over the release that it ended.
        if (known is not null && (known.ArticleVersion > version || known.ArticleVersion == version && slug is not null)) return;
        var place = new LivePlace { Id = id, Version = known?.Version ?? 0, Article = article, Edition = edition, ArticleVersion = version, Slug = slug };
        if (known is null) session.Insert(place); else session.UpdateRevision(place, known.Version + 1);
        await session.SaveChangesAsync(ct);
    }
}
