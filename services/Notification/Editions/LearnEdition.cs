using Marten;
using Vigil.Contracts.Publishing;

namespace Vigil.Notification.Editions;

/// <summary>Takes over an edition from its newest announcement; older and repeated ones change nothing.</summary>
public static class LearnEdition
{
    public static async Task Handle(EditionChanged message, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        // The database compares the versions, so that two announcements at once cannot overtake each other.
        session.TryUpdateRevision(From(message), message.Version);
        await session.SaveChangesAsync(ct);
    }

    public static Edition From(EditionChanged message) => new()
    {
        Id = message.Key,
        Name = message.Name,
        Hosts = [.. message.Hosts.Select(h => h.ToLowerInvariant())],
        Language = message.Language,
        Theme = message.Theme,
        SenderName = message.Sender.Name,
        SenderAddress = message.Sender.Address,
        BaseAddress = message.BaseAddress.TrimEnd('/'),
    };
}
