using Marten;
using Vigil.Hosting;

namespace Vigil.Notification.Subscribers;

/// <summary>Readers who asked for mail, and their consent.</summary>
public static class Subscribers
{
    public static void AddSubscribers(this WebApplicationBuilder builder)
    {
        if (Service.IsMigrating(builder.Configuration)) return;
        builder.Services.AddSingleton(Seal.From(builder.Configuration));
        builder.Services.AddSingleton(SignUpLimits.From(builder.Configuration));
        builder.AddWorker<TakeSignUps>();
        builder.AddWorker<LapseSubscription>();
    }

    public static void Register(StoreOptions store)
    {
        store.Named<SubscriptionRequested>("subscription.requested.v1");
        store.Named<SubscriptionConfirmed>("subscription.confirmed.v1");
        store.Named<SubscriptionEnded>("subscription.ended.v1");
        store.Projections.LiveStreamAggregation<Subscriber>();
        store.Schema.For<KnownAddress>();
        Contact.Register(store);
        SignUps.Register(store);
    }

    /// <summary>Nobody is told who left but the ledger, so that no restore brings them back.</summary>
    public static Announcements Departures { get; } = Announcements.None with
    {
        Ledger = new((services, facts, ct) =>
        {
            var seal = services.GetRequiredService<Seal>();
            return services.GetRequiredService<Ledger>().Add([.. facts.Select(e => new Ledger.Departure(e.Id, seal.Mark(e.StreamId), ((SubscriptionEnded)e.Data).At))], ct);
        }, typeof(SubscriptionEnded)),
    };

    public static void MapSubscribers(this WebApplication app)
    {
        Subscribe.Map(app);
        ConfirmSubscription.Map(app);
        Unsubscribe.Map(app);
    }
}
