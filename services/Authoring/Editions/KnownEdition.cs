using Marten;
using Vigil.Contracts.Publishing;
using Vigil.Hosting;

namespace Vigil.Authoring.Editions;

public sealed record KnownEdition(string Id, long Version, string Name, string BaseAddress)
{
    public static async Task Learn(EditionChanged message, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        if (await session.LoadAsync<KnownEdition>(message.Key, ct) is { } known && known.Version >= message.Version) return;
        session.Store(new KnownEdition(message.Key, message.Version, message.Name, message.BaseAddress));
        await session.SaveChangesAsync(ct);
    }

    /// <summary>The first of the keys that no edition has.</summary>
    public static async Task<Fault?> FirstUnknown(IQuerySession session, IReadOnlyList<string> keys, CancellationToken ct)
    {
        var known = (await session.LoadManyAsync<KnownEdition>(ct, keys.OfType<string>().Distinct().ToArray())).Select(e => e.Id).ToHashSet();
        for (var i = 0; i < keys.Count; i++)
            if (!known.Contains(keys[i])) return new("article.unknown-edition", $"editions[{i}]");
        return null;
    }
}
