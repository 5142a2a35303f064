using Vigil.Hosting;
using Vigil.Publishing.Editions;
using Vigil.Publishing.Publications;

var builder = Service.Create("publishing", args);
builder.AddStore("publishing", Vigil.Publishing.Announcements.All, Editions.Register, Publications.Register);
builder.AddBus("publishing", Publications.Queues);

var app = builder.Build();
app.MapDefaults();
app.MapEditions();
await app.RunOrMigrate();
