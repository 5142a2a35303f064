using Vigil.Gateway;
using Vigil.Gateway.Session;
using Vigil.Hosting;

var builder = Service.Begin("gateway", args);
builder.AddEdge();
builder.AddRateLimits();
builder.AddRoutes();
builder.AddSession();

var app = builder.Build();
app.UseSecurityHeaders();
app.UseFaults();
app.UseEdge();
app.UseRouting();
app.UseAuthentication();
app.UseAuthorization();
app.UseRequestTimeouts();
app.UseRateLimiter();
app.MapHealth();
app.MapSession();
app.MapRoutes();
await app.RunAsync();
