using Marten;
using Vigil.Contracts.Authoring;
using Vigil.Hosting;

namespace Vigil.Publishing.Publications;

/// <summary>
/// After a restore: what was removed is dark here before anything opens, without waiting for Authoring, and also where Authoring has lost the article. All
/// that was ever removed is handled as when it was announced; the gate knows what it has.
/// </summary>
public static class ReapplyRemovals
{
    public static async Task Run(IServiceProvider services, CancellationToken ct)
    {
        var store = services.GetRequiredService<IDocumentStore>();
        foreach (var r in await services.GetRequiredService<Ledger>().Removals(ct))
            await (r.Kind switch
            {
                // Of a retraction the notice is lost, and with it what would stay to be read.
                Ledger.Kind.Withdrawn or Ledger.Kind.Retracted => ReceiveEnding.Handle(new ArticleWithdrawn { ArticleId = r.Article, Version = r.Version, Editions = r.Editions, At = r.At }, store, ct),
                Ledger.Kind.TakenDown => ReceiveEnding.Handle(new ArticleTakenDown { ArticleId = r.Article, Version = r.Version, At = r.At }, store, ct),
                _ => ReceiveEnding.Handle(new TextErased { ArticleId = r.Article, Version = r.Version, TextHash = r.Text!.Value.Value }, store, ct),
            });
    }
}
