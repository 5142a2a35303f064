using Vigil.Hosting;
using Vigil.Identity;
using Vigil.Identity.Accounts;
using Vigil.Identity.Database;
using Vigil.Identity.Pages;
using Vigil.Identity.SignIn;
using Vigil.Identity.Tokens;

var builder = Service.Create("identity", args);
builder.AddSettings();
builder.AddDatabase();
builder.AddPages();
builder.AddAccounts();
builder.AddSignIn();
builder.AddTokens();

var app = builder.Build();
if (Service.IsMigrating(app.Configuration)) await app.Migrate(Keys.Ensure, Clients.Ensure, Demonstration.Ensure);
else await app.LoadKeys();
app.UseIssuerAddress();
app.MapDefaults();
app.MapAccounts();
app.MapSignIn();
app.MapTokens();
await app.RunOrMigrate();
