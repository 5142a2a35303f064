using Vigil.Authoring.Articles;
using Vigil.Authoring.Editions;
using Vigil.Authoring.Endings;
using Vigil.Hosting;

var builder = Service.Create("authoring", args);
builder.AddStore("authoring", Vigil.Authoring.Announcements.All, Articles.Register, Editions.Register);
builder.AddBus("authoring", Editions.Queues);
builder.AddArticles();
builder.AddEndings();

var app = builder.Build();
app.MapDefaults();
app.MapArticles();
app.MapEndings();
await app.RunOrMigrate(ReapplyRemovals.Run);
