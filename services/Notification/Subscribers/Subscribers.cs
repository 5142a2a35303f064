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

    public static void MapSubscribers(this WebApplication app)
    {
        Subscribe.Map(app);
        ConfirmSubscription.Map(app);
        Unsubscribe.Map(app);
    }
}
