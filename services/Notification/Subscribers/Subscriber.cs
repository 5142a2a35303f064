using JasperFx.Events;
using Vigil.Hosting;
using Vigil.Notification.Pages;

namespace Vigil.Notification.Subscribers;

// A reader's consent: facts only. What they asked for stands in a text, their address in a contact; both are erased when they leave.
/// <param name="Wording">Which wording of the sign-up was agreed to.</param>
/// <param name="Preferences">Null: every story.</param>
public sealed record SubscriptionRequested(EditionKey Edition, Language Language, Frequency Frequency, int Wording, TextHash? Preferences, DateTimeOffset At);
public sealed record SubscriptionConfirmed(DateTimeOffset At);
public sealed record SubscriptionEnded(Farewell Farewell, DateTimeOffset At);

public enum Frequency { Immediate, Daily, Weekly }

/// <summary>Left after confirming, cancelled before it, or never confirmed.</summary>
public enum Farewell { Left, Cancelled, Lapsed }

public enum Standing { Pending, Confirmed, Gone }

/// <summary>Which stories: any of the countries (ISO 3166-1 alpha-2) and any of the topics (in small letters); an empty list means all.</summary>
public sealed record Preferences(IReadOnlyList<string> Countries, IReadOnlyList<string> Topics);

/// <summary>One reader of one edition: one stream, under a random id, for as often as they come and go.</summary>
/// <param name="Requests">How often they signed up.</param>
/// <param name="Since">The first of the sign-ups since they last were a stranger: it and its successors can be confirmed.</param>
public sealed record Subscriber(Guid Id, EditionKey Edition, Language Language, Standing Standing, int Requests, int Since, DateTimeOffset RequestedAt)
{
    public static Subscriber Create(IEvent<SubscriptionRequested> e) => new(e.StreamId, e.Data.Edition, e.Data.Language, Standing.Pending, 1, 1, e.Data.At);

    public static Subscriber Apply(SubscriptionRequested e, Subscriber s) => s with
    {
        Standing = Standing.Pending,
        Language = e.Language,
        Requests = s.Requests + 1,
        Since = s.Standing is Standing.Pending ? s.Since : s.Requests + 1,
        RequestedAt = e.At,
    };

    public static Subscriber Apply(SubscriptionConfirmed _, Subscriber s) => s with { Standing = Standing.Confirmed };
    public static Subscriber Apply(SubscriptionEnded _, Subscriber s) => s with { Standing = Standing.Gone };
}

/// <summary>
/// That an address, by its keyed hash, is this subscriber. It stays when they leave, so that whoever comes back is the same one and no
/// count is wrong; the hash cannot be turned back without the secret.
/// </summary>
public sealed record KnownAddress(string Id, Guid Subscriber);
