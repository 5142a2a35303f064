using System.Collections.Immutable;
using Marten;
using Vigil.Contracts.Publishing;
using Vigil.Hosting;

namespace Vigil.Authoring.Editions;

/// <param name="TimeZone">IANA.</param>
public sealed record KnownEdition(string Id, long Version, string Name, string BaseAddress, string TimeZone = "Etc/UTC")
{
    public static async Task Learn(EditionChanged message, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        var known = await session.LoadAsync<KnownEdition>(message.Key, ct);
        // Older, or told before; but what was kept when nobody asked for zones is completed.
        if (known is not null && (known.Version > message.Version || known.Version == message.Version && known.TimeZone == message.TimeZone)) return;
        var edition = new KnownEdition(message.Key, message.Version, message.Name, message.BaseAddress, message.TimeZone);
        // Whoever learned something else in between makes this one look again.
        if (known is null) session.Insert(edition);
        else session.UpdateExpectedVersion(edition, (await session.MetadataForAsync(known, ct))!.CurrentVersion);
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

    public static async Task<IReadOnlyDictionary<string, TimeZoneInfo>> Zones(IQuerySession session, IEnumerable<string> keys, CancellationToken ct) => keys.Distinct().ToArray() is [_, ..] wanted
        ? (await session.LoadManyAsync<KnownEdition>(ct, wanted)).ToDictionary(e => e.Id, e => TimeZoneInfo.FindSystemTimeZoneById(e.TimeZone))
        : ImmutableDictionary<string, TimeZoneInfo>.Empty;

    public static ImmutableArray<EditionKey>? Keys(IReadOnlyList<string>? named) => named?.Select(e => new EditionKey(e)).Distinct().ToImmutableArray();
}
