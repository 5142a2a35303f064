using Vigil.Authoring.Articles;
using Vigil.Authoring.Editions;
using Vigil.Authoring.Endings;
using Vigil.Authoring.Newsroom;
using Vigil.Hosting;

var builder = Service.Create("authoring", args);
builder.AddStore("authoring", Vigil.Authoring.Announcements.All, Articles.Register, Editions.Register);
builder.AddBus("authoring", Editions.Queues);
builder.AddArticles();
builder.AddEndings();
builder.AddNewsroom();

var app = builder.Build();
app.MapDefaults();
app.MapArticles();
app.MapEndings();
app.MapNewsroom();
await app.RunOrMigrate(ReapplyRemovals.Run);
