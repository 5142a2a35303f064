using Microsoft.AspNetCore.Authentication;
using Vigil.Hosting;

namespace Vigil.Gateway.Darkness;

/// <summary>Stories that have to be dark while the parts that would make them so are away.</summary>
static class Darkness
{
    public static void AddDarkness(this WebApplicationBuilder builder)
    {
        builder.AddTokenValidation().AddInner();
        // Only the pages that are the gateway's own ask who somebody is; what passes through is asked at its origin.
        builder.Services.PostConfigure<AuthenticationOptions>(o => o.DefaultScheme = null);
        builder.Services.AddSingleton<DenyList>();
        builder.Services.AddSingleton<KnownEndings>();
        builder.Services.AddSingleton<HoldBack>();
        builder.Services.AddSingleton<Peers>();
        builder.Services.AddHealthChecks().AddCheck<Peers>("peers", tags: ["ready"]);
        builder.Services.AddSingleton<Follow>();
        builder.AddWorker(services => services.GetRequiredService<Follow>());
    }

    public static void MapDarkness(this WebApplication app) => DarkPage.Map(app);
}
