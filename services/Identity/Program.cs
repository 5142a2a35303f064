using Vigil.Hosting;
using Vigil.Identity;
using Vigil.Identity.Accounts;
using Vigil.Identity.Database;
using Vigil.Identity.Pages;
using Vigil.Identity.SignIn;
using Vigil.Identity.Tokens;

var builder = Service.Create("identity", args);
var settings = builder.AddSettings();
builder.AddDatabase(settings);
builder.AddPages();
builder.AddAccounts(settings);
builder.AddSignIn(settings);
builder.AddTokens(settings);

var app = builder.Build();
if (Service.IsMigrating(app.Configuration)) await app.Migrate(Keys.Ensure, Clients.Ensure, Demonstration.Ensure, FirstAdministrator.Ensure);
else await app.LoadKeys();
app.UseRequests();
app.MapDefaults();
app.MapAccounts();
app.MapSignIn();
app.MapTokens();
await app.RunOrMigrate();
