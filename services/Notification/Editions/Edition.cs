using JasperFx;
using Marten;
using Vigil.Hosting;

namespace Vigil.Notification.Editions;

/// <summary>An edition as Publishing last announced it; the revision is the announcement's own version.</summary>
public sealed record Edition : IRevisioned
{
    public required string Id { get; init; }
    public int Version { get; set; }
    public required string Name { get; init; }
    public required IReadOnlyList<string> Hosts { get; init; }
    /// <summary>BCP 47.</summary>
    public required string Language { get; init; }
    public required string Theme { get; init; }
    public required string SenderName { get; init; }
    public required string SenderAddress { get; init; }
    /// <summary>Absolute, without a closing slash.</summary>
    public required string BaseAddress { get; init; }

    public static Task<Edition?> Find(IQuerySession session, EditionKey key, CancellationToken ct) => session.LoadAsync<Edition>(key.Value, ct);

    /// <summary>The edition that answers at this host name, whatever the port.</summary>
    public static async Task<Edition?> At(IQuerySession session, HttpRequest request, CancellationToken ct)
    {
        var host = request.Host.Host.ToLowerInvariant();
        return await session.Query<Edition>().Where(e => e.Hosts.Contains(host)).OrderBy(e => e.Id).FirstOrDefaultAsync(ct);
    }
}
