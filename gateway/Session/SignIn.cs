using System.Globalization;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Vigil.Gateway.Session;

/// <summary>To the provider and back: authorization code with PKCE, state and nonce, as a confidential client (RFC 9700).</summary>
static class SignIn
{
    public const string Scheme = "provider";
    /// <summary>What the cookies of a sign-in that is under way are called.</summary>
    public const string Cookies = "__Host-sign-in-";
    const string Path = $"{Session.Path}/sign-in";
    const string Callback = $"{Session.Path}/callback";
    static readonly string[] Scopes = ["openid", "profile", "offline_access"];
    const string Replaces = "replaces";

    public static void Add(WebApplicationBuilder builder, Settings settings)
    {
        builder.Logging.AddFilter("Microsoft.AspNetCore.Authentication", LogLevel.None);
        // The only scheme would be the default of every request otherwise, and nobody is signed in by it.
        AppContext.SetSwitch("Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme", true);
        builder.Services.AddAuthentication().AddOpenIdConnect(Scheme, o =>
        {
            o.MetadataAddress = settings.Metadata;
            o.RequireHttpsMetadata = false;
            o.BackchannelHttpHandler = new Inside(settings);
            o.BackchannelTimeout = TimeSpan.FromSeconds(8);
            o.RefreshInterval = TimeSpan.FromSeconds(30);
            (o.ClientId, o.ClientSecret) = (settings.ClientId, settings.ClientSecret);
            (o.ResponseType, o.ResponseMode) = (OpenIdConnectResponseType.Code, OpenIdConnectResponseMode.Query);
            o.CallbackPath = Callback;
            o.Scope.Clear();
            foreach (var scope in Scopes) o.Scope.Add(scope);
            o.MapInboundClaims = false;
            o.SaveTokens = true;
            o.DisableTelemetry = true;
            o.TokenValidationParameters.ValidIssuer = settings.Issuer.ToString();
            o.DataProtectionProvider = new Seal(Encoding.UTF8.GetBytes(settings.ClientSecret));
            // Sent on the way back from another site, and good for one sign-in.
            foreach (var (cookie, name) in new[] { (o.CorrelationCookie, $"{Cookies}state."), (o.NonceCookie, $"{Cookies}nonce.") })
                (cookie.Name, cookie.Path, cookie.SameSite, cookie.SecurePolicy) = (name, "/", SameSiteMode.Lax, CookieSecurePolicy.Always);
            // What came back becomes a session of ours.
            o.SignInScheme = "none";
            o.Events = new()
            {
                OnMessageReceived = c => { if (!Areas.IsNewsroom(c.HttpContext)) c.SkipHandler(); return Task.CompletedTask; },
                OnTicketReceived = Begin,
                OnRemoteFailure = Explain,
            };
        });
    }

    public static void Map(RouteGroupBuilder session)
    {
        // The framework answers here before any endpoint does; that there is one says on which hosts.
        session.MapGet("/callback", () => Results.Empty);
        session.MapGet("/sign-in", async (HttpContext http, string? @return, string? fresh, Sessions sessions) =>
        {
            var back = Local(@return);
            var properties = new OpenIdConnectChallengeProperties { RedirectUri = back };
            if (int.TryParse(fresh, NumberStyles.None, CultureInfo.InvariantCulture, out var age)) properties.MaxAge = TimeSpan.FromSeconds(age);
            if (SessionId.Of(http.Request) is { } earlier)
            {
                if (properties.MaxAge is null && await sessions.Find(earlier, http.RequestAborted) is not null) return Results.LocalRedirect(back);
                properties.Items[Replaces] = earlier.Hash;
            }
            try { await http.ChallengeAsync(Scheme, properties); }
            catch (InvalidOperationException) { throw new AwayException(); }
            return Results.Empty;
        });
    }

    /// <summary>Where to sign in and come back from.</summary>
    /// <param name="fresh">The greatest age of a sign-in that will do, in seconds; null: any.</param>
    public static string Address(string back, string? fresh = null)
    {
        var query = QueryString.Create("return", back);
        return Path + (fresh is null ? query : query.Add("fresh", fresh));
    }

    /// <summary>Pages of the newsroom alone; anything else leads to the first of them.</summary>
    public static string Local(string? url) =>
        url is not null && RedirectHttpResult.IsLocalUrl(url) && new Uri(new("http://newsroom"), url) is { Host: "newsroom" } address
        && new PathString(address.AbsolutePath).StartsWithSegments(Session.Pages) && !new PathString(address.AbsolutePath).StartsWithSegments(Session.Path) ? address.PathAndQuery : Session.Pages;

    static async Task Begin(TicketReceivedContext c)
    {
        var http = c.HttpContext;
        var (sessions, settings, now) = (http.RequestServices.GetRequiredService<Sessions>(), http.RequestServices.GetRequiredService<Settings>(), http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        string? Say(string claim) => c.Principal!.FindFirstValue(claim);
        var subject = Say("sub")!;
        var life = DateTimeOffset.TryParse(c.Properties!.GetTokenValue("expires_at"), CultureInfo.InvariantCulture, out var ends) ? ends - now : TimeSpan.FromMinutes(1);
        var tokens = new Tokens(Say("preferred_username") ?? Say("name") ?? subject, [], Say("sid"), "", null, default, default)
            .With(c.Properties!.GetTokenValue("access_token")!, c.Properties!.GetTokenValue("refresh_token"), life, settings.RoleClaim, now);
        await sessions.Begin(http, tokens, subject, Say("mark"), c.Properties!.Items.TryGetValue(Replaces, out var earlier) ? earlier : null);
        c.HandleResponse();
        await Page.GoOn(http, Local(c.ReturnUri));
    }

    static async Task Explain(RemoteFailureContext c)
    {
        if (!Areas.IsNewsroom(c.HttpContext)) { c.SkipHandler(); return; }
        c.HandleResponse();
        c.HttpContext.RequestServices.GetRequiredService<ILogger<Sessions>>().LogInformation("A sign-in did not come through ({Fault})", c.Failure?.GetType().Name);
        await Page.Show(c.HttpContext, StatusCodes.Status400BadRequest, "The sign-in did not come through",
            "It took too long, was cancelled, or was begun in another window. Nothing has happened to your account.", ("Sign in again", Session.Pages));
    }
}
