using System.Text.RegularExpressions;
using Marten;
using Vigil.Hosting;
using Vigil.Notification.Dispatch;
using Vigil.Notification.Editions;
using Vigil.Notification.Pages;

namespace Vigil.Notification.Subscribers;

/// <summary>
/// A reader asks for an edition's news. The answer never tells whether the address is known: it is given before anybody looks, after the
/// same single insert for every address.
/// </summary>
public static partial class Subscribe
{
    /// <summary>A repeat within this time sends no second mail.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    const int MostPreferences = 20;
    const int LongestTopic = 60;

    public sealed record Command(EditionKey Edition, Language Language, TextHash? Preferences, DateTimeOffset At);

    /// <param name="subscriber">Null: the address was never signed up for this edition.</param>
    public static Decision Decide(Subscriber? subscriber, Command command) => subscriber switch
    {
        { Standing: Standing.Confirmed } => Decision.Nothing,
        { Standing: Standing.Pending } when command.At - subscriber.RequestedAt < Patience => Decision.Nothing,
        _ => Decision.Record(new SubscriptionRequested(command.Edition, command.Language, Frequency.Immediate, Phrases.Wording, command.Preferences, command.At)),
    };

    public sealed record Request(
        string Email, string Edition, IReadOnlyList<string>? Countries = null, IReadOnlyList<string>? Topics = null, string? Language = null, Frequency Frequency = Frequency.Immediate);

    [GeneratedRegex(@"\A[A-Z]{2}\z")]
    private static partial Regex CountryCode();

    [GeneratedRegex(@"\A[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}\z")]
    private static partial Regex LanguageTag();

    public static void Map(WebApplication app)
    {
        app.MapPost("/api/notification/v1/subscriptions", async (Request request, IQuerySession session, IDocumentStore store, Seal seal, TimeProvider clock, Bell bell, CancellationToken ct) =>
        {
            var faults = Faults(request).ToList();
            if (!MailAddress.TryRead(request.Email, out var address)) faults.Add(new("subscription.bad-address", "email"));
            var edition = EditionKey.IsValid(request.Edition) ? await Edition.Find(session, new(request.Edition), ct) : null;
            if (edition is null) faults.Add(new("value.not-known", "edition"));
            if (faults.Count > 0) return Refusals.Problem(faults);
            var preferences = new Preferences(request.Countries ?? [], [.. (request.Topics ?? []).Select(t => t.Trim().ToLowerInvariant())]);
            await SignUps.Add(store, seal, new(edition!.Id), new(address.Value, Phrases.Nearest(request.Language ?? edition.Language), preferences), clock.GetUtcNow(), ct);
            bell.Ring();
            return Results.Json(new { status = "accepted" }, statusCode: StatusCodes.Status202Accepted);
        }).AllowAnonymous();

        app.MapGet("/subscribe", async (HttpContext http, IQuerySession session, CancellationToken ct) =>
            await Edition.At(session, http.Request, ct) is { } edition
                ? Form(edition, Phrases.In(Phrases.Nearest(edition.Language)), null, StatusCodes.Status200OK)
                : Refusals.Problem("edition.unknown-host")).AllowAnonymous();

        // No antiforgery token: there is no session that another site could use, and what the form can do, anybody may do without it.
        app.MapPost("/subscribe", async (HttpContext http, IQuerySession session, IDocumentStore store, Seal seal, TimeProvider clock, Bell bell, CancellationToken ct) =>
        {
            if (await Edition.At(session, http.Request, ct) is not { } edition) return Refusals.Problem("edition.unknown-host");
            var phrases = Phrases.In(Phrases.Nearest(edition.Language));
            var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(ct) : FormCollection.Empty;
            var typed = form["email"].ToString().Trim();
            if (!MailAddress.TryRead(typed, out var address)) return Form(edition, phrases, typed, StatusCodes.Status422UnprocessableEntity);
            // Readers do not see this field; who fills it is a program.
            if (form["website"].ToString().Length == 0)
            {
                await SignUps.Add(store, seal, new(edition.Id), new(address.Value, Phrases.Nearest(edition.Language), new([], [])), clock.GetUtcNow(), ct);
                bell.Ring();
            }
            return Page.Answer(edition, phrases, phrases.CheckTitle, Html.Of($"<p>{phrases.CheckText}</p>"));
        }).AllowAnonymous();
    }

    static IEnumerable<Fault> Faults(Request request)
    {
        // A promise that nothing keeps yet would be worse than a refusal.
        if (request.Frequency is not Frequency.Immediate) yield return new("value.not-known", "frequency");
        if (request.Language is { } language && !LanguageTag().IsMatch(language)) yield return new("value.bad-language", "language");
        foreach (var fault in Each(request.Countries, "countries", (c, at) => CountryCode().IsMatch(c) ? null : new("value.bad-country", at))) yield return fault;
        foreach (var fault in Each(request.Topics, "topics", (t, at) => string.IsNullOrWhiteSpace(t) ? new("text.required", at)
            : t.Any(char.IsControl) ? new("text.bad-character", at) : Fault.OfLength(t, LongestTopic, at))) yield return fault;
    }

    static IEnumerable<Fault> Each(IReadOnlyList<string>? list, string field, Func<string, string, Fault?> check)
    {
        if (list is null) yield break;
        if (list.Count > MostPreferences) { yield return new("list.too-long", field, MostPreferences); yield break; }
        if (list.Distinct().Count() != list.Count) yield return new("list.repeated", field);
        for (var i = 0; i < list.Count; i++)
            if (list[i] is null) yield return new("text.required", $"{field}[{i}]");
            else if (check(list[i], $"{field}[{i}]") is { } fault) yield return fault;
    }

    /// <param name="typed">What was refused as an address, so that it can be put right; null on the first visit.</param>
    static IResult Form(Edition edition, Phrases phrases, string? typed, int status) => Page.Answer(edition, phrases, phrases.SignUpTitle, Html.Of(
        $"""
        <p>{string.Format(null, phrases.SignUpLead, edition.Name)}</p>
        <form class="panel" method="post" action="/subscribe">
        {(typed is null ? null : Html.Of($"<p id=\"email-fault\" role=\"alert\">{phrases.BadAddress}</p>\n"))}<p><label for="email">{phrases.Address}</label>
        <input id="email" name="email" type="email" required maxlength="254" autocomplete="email" spellcheck="false" value="{typed}"{(typed is null ? null : new Html(" aria-invalid=\"true\" aria-describedby=\"email-fault\""))}></p>
        <p hidden><label for="website">{phrases.LeaveEmpty}</label> <input id="website" name="website" tabindex="-1" autocomplete="off"></p>
        <p>{Page.Button(phrases.SignUpButton)}</p>
        <p>{phrases.SignUpPromise}</p>
        </form>
        """), status);
}
