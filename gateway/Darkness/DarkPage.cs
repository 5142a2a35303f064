using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Vigil.Gateway.Session;
using Vigil.Hosting;

namespace Vigil.Gateway.Darkness;

/// <summary>
/// Where staff who may remove, and the command deploy/dark, make a story dark: a page without script, and the same as JSON. It is the gateway's
/// own, so it is there while everything else is away.
/// </summary>
static class DarkPage
{
    public const string Path = "/newsroom/dark";
    const string TakenBack = "/taken-back";
    static readonly string[] Removers = ["editor", "safety", "duty"];

    /// <param name="At">When the story was made dark; the same on every gateway, null: now.</param>
    public sealed record Request(string Address, DateTimeOffset? At = null);

    public sealed record View(IReadOnlyList<Item> Items);

    /// <param name="Words">What the stage means, for people.</param>
    public sealed record Item(string Address, DateTimeOffset At, string By, Stage Stage, string Words);

    public static void Map(WebApplication app)
    {
        var page = app.MapGroup(Path).RequireHost(app.Configuration.NewsroomHosts()).RequireRateLimiting(RateLimits.Newsroom).WithMetadata(new InNewsroom()).AllowAnonymous();
        page.AddEndpointFilter(AdmitRemovers);
        page.MapGet("", async (HttpContext http, DenyList denied) => IsForProgram(http) ? Results.Json(List(denied.Orders), Json.Stored) : await Html(http, denied));
        page.MapPost("", Order);
        page.MapDelete("", (HttpContext http, string? address, DenyList denied, TimeProvider clock) =>
            Back(http, address, denied, clock) is { } fault ? Refusals.Problem([fault]) : Results.Json(List(denied.Orders.Where(o => o.Target == Target.Read(address))), Json.Stored));
        page.MapPost(TakenBack, async (HttpContext http, DenyList denied, TimeProvider clock, CancellationToken ct) => !http.Request.HasFormContentType ? Refusals.Problem("request.not-form")
            : Back(http, (await http.Request.ReadFormAsync(ct))["address"], denied, clock) is { } fault ? await Html(http, denied, Refusals.Of(fault.Code)) : Results.Redirect(Path));
    }

    /// <summary>What it is refused for; null: it is done.</summary>
    static Fault? Back(HttpContext http, string? address, DenyList denied, TimeProvider clock)
    {
        if (Target.Read(address) is not { } target) return new("dark.bad-address", "address");
        var decided = TakeBack.Decide([.. denied.Orders.Where(o => o.Target == target)], new(IsInstallation(http) ? null : Caller(http), clock.GetUtcNow()));
        if (decided is Decision.Refused refused) return refused.Faults[0];
        if (decided is Decision.Recorded recorded) foreach (var back in recorded.Events.Cast<TakeBack.TakenBack>()) denied.Hear(back.Order, new Word.TakenBack(back.At));
        return null;
    }

    static string Caller(HttpContext http) => http.User.FindFirst("sub")!.Value;

    static bool IsInstallation(HttpContext http) => http.User.Identity?.AuthenticationType == Inner.Scheme;

    /// <summary>Another gateway or the command, by what the parts know each other by; staff who may remove, by a token or, from our own page, by their session.</summary>
    static async ValueTask<object?> AdmitRemovers(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var http = call.HttpContext;
        var request = http.Request;
        if (!CrossOrigin.Allows(http)) return Refusals.Problem("request.cross-origin");
        if (request.Headers.Authorization.Count == 0)
        {
            if (SessionId.Of(request) is not { } id || await http.RequestServices.GetRequiredService<Sessions>().Find(id, http.RequestAborted) is not { } held)
                return IsForProgram(http) || !CrossOrigin.IsSafe(request.Method) ? Refusals.Problem("auth.required") : Results.Redirect(SignIn.Address(Path));
            if (!CrossOrigin.IsSafe(request.Method) && CrossOrigin.Fault(request, isProgram: !request.HasFormContentType) is { } fault) return Refusals.Problem(fault);
            request.Headers.Authorization = $"Bearer {held.Tokens.Access}";
        }
        foreach (var scheme in new[] { Inner.Scheme, JwtBearerDefaults.AuthenticationScheme })
            if (await http.AuthenticateAsync(scheme) is { Succeeded: true, Principal: var user })
            {
                if (scheme != Inner.Scheme && !Removers.Any(user.IsInRole)) return PlainPage.Or(http, "auth.forbidden");
                http.User = user;
                return await next(call);
            }
        return Refusals.Problem("auth.required");
    }

    static async Task<IResult> Order(HttpContext http, DenyList denied, Follow follow, TimeProvider clock, CancellationToken ct)
    {
        Request? request;
        try
        {
            request = http.Request.HasFormContentType ? new((await http.Request.ReadFormAsync(ct))["address"].ToString()) : await http.Request.ReadFromJsonAsync<Request>(ct);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or InvalidOperationException)
        {
            return Refusals.Problem(e is InvalidOperationException ? "request.not-json" : "request.malformed");
        }
        var at = request?.At ?? clock.GetUtcNow();
        if (Target.Read(request?.Address) is not { } target)
            return http.Request.HasFormContentType ? await Html(http, denied, Refusals.Of("dark.bad-address")) : Refusals.Problem("dark.bad-address", "address");
        // In force from here on, whatever comes of asking.
        var order = await follow.Begin(denied.Add(new(request!.Address.Trim(), target, at, Caller(http))), ct);
        return http.Request.HasFormContentType ? Results.Redirect(Path) : Results.Json(Show(order), Json.Stored);
    }

    static bool IsForProgram(HttpContext http) => !http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    static View List(IEnumerable<DarkOrder> orders) => new([.. orders.OrderByDescending(o => o.At).Select(Show)]);

    static Item Show(DarkOrder o) => new(o.Address, o.At, o.By, o.Stage, o.Stage switch
    {
        Stage.Asked => "Dark at this gateway. It will be unpublished as soon as the rest answers.",
        Stage.Unknown => "Dark at this gateway. No story is known at this address: check it. A day after it was given, this order lapses.",
        Stage.Several => "Dark at this gateway. Several stories have this address in different sites: give the full address of the one you mean.",
        Stage.Found => "Dark at this gateway. It is being unpublished.",
        Stage.Refused => $"Dark at this gateway. It was not unpublished: {(Refusals.All.TryGetValue(o.Code!, out var refusal) ? refusal.Message : o.Code)}",
        Stage.Withdrawn => "Dark at this gateway, and unpublished. The sites have not all heard it yet.",
        Stage.TakenBack => "Taken back. Unless it was unpublished meanwhile, it is shown again.",
        Stage.Lapsed => "Dark no more: for a day no story was known at this address.",
        _ => "Unpublished on every site. Unless it was retracted or taken down, two people can bring it back.",
    });

    static async Task<IResult> Html(HttpContext http, DenyList denied, Refusals.Refusal? fault = null)
    {
        var encode = HtmlEncoder.Default;
        var rows = string.Concat(List(denied.Orders).Items.Select(order => string.Create(CultureInfo.InvariantCulture,
            $"<li><strong>{encode.Encode(order.Address)}</strong> <time datetime=\"{order.At:O}\">{order.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC</time><br>{encode.Encode(order.Words)}{Button(order)}</li>")));
        string Button(Item order) => order.By != Caller(http) || order.Stage is Stage.Withdrawn or Stage.Lifted or Stage.TakenBack or Stage.Lapsed ? "" : $"""
            <form method="post" action="{Path}{TakenBack}"><input type="hidden" name="address" value="{encode.Encode(order.Address)}"><button class="second">Take back {encode.Encode(order.Address)}</button></form>
            """;
        await Page.Write(http, fault?.Status ?? StatusCodes.Status200OK, "Make a story dark", $"""
            <p>For emergencies in which the newsroom does not answer. The story's page is gone at once, on every site. Lists that still show it wait until it is unpublished, which happens by itself as soon as everything is back.</p>
            <form method="post" action="{Path}">
            <label for="address">Address of the story, as readers see it</label>
            <input id="address" name="address" required autocomplete="off" spellcheck="false" aria-describedby="hint{(fault is null ? "" : " fault")}"{(fault is null ? "" : " aria-invalid=\"true\"")}>
            <p id="hint">For example https://site.example/news/a-story</p>
            {(fault is null ? "" : $"<p id=\"fault\" role=\"alert\">{encode.Encode(fault.Message)}</p>")}
            <button>Make it dark</button>
            </form>
            <h2>Orders</h2>
            {(rows.Length == 0 ? "<p>None.</p>" : $"<ul>{rows}</ul>")}
            """);
        return Results.Empty;
    }
}
