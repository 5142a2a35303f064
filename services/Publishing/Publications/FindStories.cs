using Marten;
using Marten.Events;
using Vigil.Hosting;
using Vigil.Publishing.Editions;
using Vigil.Publishing.Site;

namespace Vigil.Publishing.Publications;

/// <summary>
/// For the gateway, which makes addresses dark while not everything is there: whose address this is or ever was, in the edition named, at the
/// host named, or in all of them; and how far Authoring's endings have been heard here.
/// </summary>
public static class FindStories
{
    /// <param name="Articles">None: no story has had this address. Several: it is another one in another edition.</param>
    /// <param name="Heard">Every ending up to this sequence has taken its effect on every public address.</param>
    public sealed record View(IEnumerable<Guid> Articles, long Heard);

    public static void Map(WebApplication app) =>
        app.MapGet(Inner.Path + "/stories", async (string? slug, string? edition, string? host, IQuerySession session, EditionDirectory directory, CancellationToken ct) =>
        {
            var heard = (await session.LoadAsync<Heard>(Heard.IdOf("authoring", "endings"), ct))?.Sequence ?? 0;
            if (slug is null) return new View([], heard);
            edition ??= host is null ? null : (await directory.AtHost(host, ct))?.Key;
            var editions = edition is null ? await session.Query<EditionSite>().Select(e => e.Id).ToListAsync(ct) : [edition];
            var reserved = await session.LoadManyAsync<SlugReservation>(ct, editions.Select(e => SlugReservation.IdOf(e, slug)).ToArray());
            var publications = reserved.Select(r => r.Publication).ToArray();
            var begun = await session.Events.QueryAllRawEvents().Where(e => e.StreamId.IsOneOf(publications) && e.Version == 1).ToListAsync(ct);
            return new View(begun.Select(e => Publication.Today(e.Data)).OfType<PublicationReleased>().Select(r => r.Article).Distinct(), heard);
        }).RequireAuthorization(Inner.Policy);
}
