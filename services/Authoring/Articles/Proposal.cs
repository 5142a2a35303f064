using System.Collections.Immutable;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>One person wants what takes two; it waits a day for the other.</summary>
/// <param name="Text">What the two agree on: the text that goes out, or the notice of a retraction.</param>
public sealed record ProposalMade(ProposalKind Kind, Guid By, TextHash? Text, ImmutableArray<EditionKey> Editions, MailWish? Mail, DateTimeOffset At);

public sealed record ProposalDropped(Guid By, ProposalKind Kind, DateTimeOffset At);

/// <summary>As it was recorded before other things took two: somebody wants a withdrawn story back.</summary>
public sealed record RepublicationProposed(Guid By, TextHash Text, ImmutableArray<EditionKey> Editions, DateTimeOffset At);

public enum ProposalKind { Republication, Retraction, Reissue, Takedown }

public sealed record Proposal(ProposalKind Kind, Guid By, TextHash? Text, ImmutableArray<EditionKey> Editions, MailWish? Mail, DateTimeOffset At)
{
    public static readonly TimeSpan Stands = TimeSpan.FromHours(24);

    public DateTimeOffset Until() => At + Stands;

    public bool Awaits(DateTimeOffset now) => now < Until();

    public ProposalMade Make() => new(Kind, By, Text, Editions, Mail, At);

    /// <summary>The same wish by another carries out what stands; by the same person it changes nothing; any other wish is a first one.</summary>
    public Agreement With(Proposal? standing) =>
        standing is null || !standing.Awaits(At) || standing.Kind != Kind || standing.Text != Text || standing.Mail != Mail || !standing.Editions.ToHashSet().SetEquals(Editions) ? Agreement.First
        : standing.By == By ? Agreement.Own : Agreement.Second;
}

public enum Agreement { First, Own, Second }
