using Vigil.Hosting;
using Vigil.Notification.Dispatch;
using Vigil.Notification.Editions;
using Vigil.Notification.Mailings;
using Vigil.Notification.Subscribers;

var builder = Service.Create("notification", args);
builder.AddSubscribers();
builder.AddMailings();
builder.AddDispatch();
builder.AddStore("notification", Subscribers.Departures, Editions.Register, Subscribers.Register, Mailings.Register, Dispatch.Register);
builder.AddBus("notification", [.. Editions.Queues, .. Mailings.Queues(TimeProvider.System)]);
builder.HearLane("notification", "authoring", Mailings.Endings(TimeProvider.System));

var app = builder.Build();
app.MapDefaults();
app.MapSubscribers();
app.MapMailings();
app.MapDispatch();
await app.RunOrMigrate(ReapplyRemovals.Run, ReapplyDepartures.Run);
