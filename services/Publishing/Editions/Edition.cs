using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Vigil.Hosting;

namespace Vigil.Publishing.Editions;

/// <summary>What an office decides about its site. Kept as a text: the stream cites it by hash.</summary>
/// <param name="Hosts">Host names without port.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="TimeZone">IANA.</param>
/// <param name="BaseAddress">Absolute, without a closing slash.</param>
public sealed record EditionSettings(
    string Name, IReadOnlyList<string> Hosts, string Language, string TimeZone, string Theme, EditionSender Sender, string BaseAddress);

/// <summary>Whom an edition's mails come from.</summary>
public sealed record EditionSender(string Name, string Address);

public sealed record EditionSet(EditionKey Key, TextHash Settings, Guid By);

/// <summary>One office's public site, one stream.</summary>
public sealed record Edition(Guid Id, EditionKey Key, TextHash Settings)
{
    public long Version { get; init; }

    public static Guid IdOf(EditionKey key) => Uuid.From("edition", key.Value);

    public static Edition Create(IEvent<EditionSet> e) => new(e.StreamId, e.Data.Key, e.Data.Settings);
    public static Edition Apply(EditionSet e, Edition edition) => edition with { Settings = e.Settings };
}

/// <summary>The row that pages are served from, written with the event.</summary>
public sealed record EditionSite(string Id, long Version, EditionSettings Settings);

public sealed class EditionSites : IProjection
{
    public async Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        var set = events.OfType<IEvent<EditionSet>>().ToArray();
        var texts = await operations.ReadTexts(set.Select(e => e.Data.Settings), cancellation);
        foreach (var e in set)
            if (texts.Find<EditionSettings>(e.Data.Settings) is { } settings) operations.Store(new EditionSite(e.Data.Key.Value, e.Version, settings));
    }
}
