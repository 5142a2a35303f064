using Vigil.Authoring.Articles;
using Vigil.Authoring.Editions;
using Vigil.Hosting;

var builder = Service.Create("authoring", args);
builder.AddStore("authoring", Vigil.Authoring.Announcements.All, Articles.Register, Editions.Register);
builder.AddBus("authoring", Editions.Queues);
builder.AddArticles();

var app = builder.Build();
app.MapDefaults();
app.MapArticles();
await app.RunOrMigrate(ReapplyRemovals.Run);
