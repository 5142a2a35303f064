using Vigil.Identity.SecondFactor;

namespace Vigil.Identity.SignIn;

public static class SignIn
{
    public static void AddSignIn(this WebApplicationBuilder builder, Settings settings)
    {
        Sessions.Sessions.Add(builder);
        // A cookie with this prefix is accepted over TLS only and for this host alone.
        var prefix = settings.RequireHttps ? "__Host-" : "";
        var secure = settings.RequireHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        builder.Services.AddAuthentication().AddCookie(Session.Scheme, o =>
        {
            o.Cookie.Name = $"{prefix}vigil-session";
            o.Cookie.HttpOnly = true;
            o.Cookie.SameSite = SameSiteMode.Lax;
            o.Cookie.SecurePolicy = secure;
            // A client's session that ended for want of use does not come back by itself.
            o.ExpireTimeSpan = settings.SessionIdle;
            o.SlidingExpiration = false;
        });
        builder.Services.AddAuthentication().AddCookie(HalfWay.Scheme, o =>
        {
            o.Cookie.Name = $"{prefix}vigil-half-way";
            o.Cookie.HttpOnly = true;
            o.Cookie.SameSite = SameSiteMode.Strict;
            o.Cookie.SecurePolicy = secure;
            o.ExpireTimeSpan = HalfWay.Longest;
            o.SlidingExpiration = false;
        });
        builder.AddSecondFactor(settings);
        builder.Services.AddAntiforgery(o =>
        {
            o.Cookie.Name = $"{prefix}vigil-form";
            o.Cookie.HttpOnly = true;
            o.Cookie.SameSite = SameSiteMode.Strict;
            o.Cookie.SecurePolicy = secure;
            o.FormFieldName = "form";
            o.HeaderName = null;
            o.SuppressXFrameOptionsHeader = true;
        });
    }

    public static void MapSignIn(this WebApplication app)
    {
        var pages = app.MapGroup("/identity").AllowAnonymous();
        EnterPassword.Map(pages);
        LeaveSession.Map(pages);
        SecondFactor.SecondFactor.Map(pages);
        Sessions.Sessions.Map(app);
    }
}
