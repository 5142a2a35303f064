using Marten;
using Vigil.Hosting;

namespace Vigil.Publishing.Editions;

/// <summary>A host name belongs to one edition.</summary>
public sealed record EditionHost(string Id, string Edition)
{
    public static async Task<Fault?> Claim(IDocumentSession session, EditionKey edition, IReadOnlyList<string> hosts, CancellationToken ct)
    {
        var wanted = hosts.ToArray();
        var known = await session.Query<EditionHost>().Where(h => h.Edition == edition.Value || h.Id.IsOneOf(wanted)).ToListAsync(ct);
        if (known.Any(h => h.Edition != edition.Value)) return new("edition.host-taken", "hosts");
        foreach (var gone in known.Where(h => !hosts.Contains(h.Id))) session.Delete(gone);
        foreach (var host in hosts.Where(h => known.All(k => k.Id != h))) session.Insert(new EditionHost(host, edition.Value));
        return null;
    }
}
