using Marten;
using Vigil.Hosting;

namespace Vigil.Notification.Dispatch;

/// <summary>Composing mails and getting them out of the house, each accounted for.</summary>
public static class Dispatch
{
    public static void AddDispatch(this WebApplicationBuilder builder)
    {
        if (Service.IsMigrating(builder.Configuration)) return;
        builder.Services.AddSingleton(new Outlets(builder.Configuration));
        builder.Services.AddSingleton(Gauge.Of("vigil.mail.pending", "{mail}", "Mails of mailings that run, and confirmations, that have not left.", "select count(*) from notification.deliveries where state = 0"));
        builder.Services.AddSingleton<Trouble>();
        builder.Services.AddSingleton<Unwritten>();
        builder.Services.AddSingleton<Bell>();
        builder.Services.AddSingleton<IConfigureMarten, RingBell>();
        builder.AddWorker<SendMail>();
    }

    public static void Register(StoreOptions store) => Delivery.Register(store);

    public static void MapDispatch(this WebApplication app)
    {
        if (app.Configuration.GetValue("Notification:Development", false) && app.Services.GetService<Outlets>()?.Pickup is { } folder) DevelopmentMail.Map(app, folder);
    }
}
