using Vigil.Gateway;
using Vigil.Hosting;

var builder = Service.Begin("gateway", args);
builder.AddEdge();
builder.AddRateLimits();
builder.AddRoutes();

var app = builder.Build();
app.UseSecurityHeaders();
app.UseFaults();
app.UseEdge();
app.UseRouting();
app.UseAuthorization();
app.UseRequestTimeouts();
app.UseRateLimiter();
app.MapHealth();
app.MapRoutes();
await app.RunAsync();
