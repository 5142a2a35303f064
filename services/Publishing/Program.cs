using Vigil.Hosting;
using Vigil.Publishing.ContentApi;
using Vigil.Publishing.Editions;
using Vigil.Publishing.Feeds;
using Vigil.Publishing.Publications;
using Vigil.Publishing.Site;

var builder = Service.Create("publishing", args);
builder.AddStore("publishing", Vigil.Publishing.Announcements.All, Editions.Register, Publications.Register);
builder.AddBus("publishing", Publications.Queues);
builder.HearLane("publishing", "authoring", Publications.Endings);
builder.AddSite();

var app = builder.Build();
app.UseShownStories();
app.MapDefaults();
app.MapEditions();
app.MapPublications();
app.MapSite();
app.MapFeeds();
app.MapContentApi();
await app.RunOrMigrate(ReapplyRemovals.Run);
