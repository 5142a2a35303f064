using Vigil.Gateway;
using Vigil.Gateway.Darkness;
using Vigil.Gateway.Session;
using Vigil.Hosting;

var builder = Service.Begin("gateway", args);
builder.AddEdge();
builder.AddRateLimits();
builder.AddDarkness();
builder.AddRoutes();
builder.AddSession();

var app = builder.Build();
app.UseSecurityHeaders();
app.UseFaults();
app.UseEdge();
app.UseRouting();
app.UseAuthentication();
app.UseAuthorization();
app.UseLimits();
app.MapHealth();
app.MapSession();
app.MapDarkness();
app.MapRoutes();
await app.RunAsync();
