using System.Globalization;
using Vigil.Authoring.Articles;
using Vigil.Hosting;

namespace Vigil.Authoring.Newsroom;

/// <summary>The newsroom's own words, in one place: what the API calls by one name, people know by another.</summary>
public static class Words
{
    public static string Of(Work work) => work switch
    {
        Work.Drafting => "Draft",
        Work.InReview => "In review",
        Work.ChangesRequested => "Changes requested",
        Work.Approved => "Approved",
        Work.Cleared => "Signed off for safety",
        _ => Plain(work),
    };

    public static string Of(Release release) => release switch
    {
        Release.Unreleased => "Not published",
        Release.Scheduled => "Scheduled",
        Release.Live => "Live",
        Release.Withdrawn => "Unpublished",
        Release.Retracted => "Retracted with notice",
        Release.TakenDown => "Taken down for safety",
        _ => Plain(release),
    };

    public static string Of(CorrectionClass correction) => correction switch
    {
        CorrectionClass.Minor => "Minor correction",
        CorrectionClass.Fact => "A fact was corrected",
        CorrectionClass.Clarity => "Made clearer",
        CorrectionClass.Update => "Updated",
        _ => Plain(correction),
    };

    public static string Of(Disclosure disclosure) => disclosure switch
    {
        Disclosure.NamesChanged => "Names were changed",
        Disclosure.DetailsChanged => "Details were changed",
        Disclosure.PlaceWithheld => "The place is withheld",
        _ => Plain(disclosure),
    };

    public static string Of(BylineKind byline) => byline switch
    {
        BylineKind.Named => "A name",
        BylineKind.Desk => "The desk",
        BylineKind.Withheld => "Withheld for safety",
        _ => Plain(byline),
    };

    public static string Of(Attribution attribution) => attribution switch
    {
        Attribution.Named => "By name",
        Attribution.Described => "Described, without a name",
        Attribution.Withheld => "Withheld for safety",
        _ => Plain(attribution),
    };

    // What has no words of its own yet is still said, in those of its name.
    static string Plain(Enum value) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()).Replace('-', ' ');

    public static string Wire(Enum value) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    public static IReadOnlyList<(string Role, string May)> Roles { get; } =
    [
        ("writer", "writes, edits and submits stories"),
        ("editor", "also approves the stories of others, publishes, schedules, corrects, unpublishes, retracts and takes down for safety"),
        ("publisher", "publishes and schedules what was approved"),
        ("duty", "sees what is live; unpublishes and takes down for safety, at any hour"),
        ("safety", "gives the safety sign-off, makes safety edits, unpublishes, takes down for safety, and erases for ever"),
        ("admin", "sets up sites and accounts, and reads along"),
    ];

    /// <summary>What a refusal says here, where it would otherwise speak of requests and of the API's names for things.</summary>
    static readonly Dictionary<string, string> Plainer = new()
    {
        ["auth.required"] = "You are not signed in. Sign in and try again.",
        ["auth.step-up-required"] = "This needs a sign-in of the last five minutes. Sign in again, and repeat it.",
        ["request.malformed"] = "This could not be read. Correct the field that is named, or open the page again.",
        ["request.unknown-member"] = "This form is not one of this version. Open the page again and repeat what you did.",
        ["request.missing-member"] = "This has to be filled in.",
        ["request.too-large"] = "This is more than one megabyte. Shorten it, or divide it into two stories.",
        ["request.bad-precondition"] = "This form is damaged. Open the page again and repeat what you did.",
        ["request.bad-key"] = "This form is damaged. Open the page again and repeat what you did.",
        ["request.bad-cursor"] = "That page of the list is no more. Begin at the top of the desk.",
        ["request.bad-query"] = "The address has something in it that is not known here. Begin at the desk.",
        ["request.not-found"] = "There is nothing at this address. Check it, or begin at the desk.",
        ["request.method-not-allowed"] = "This address does not take that. Begin at the desk.",
        ["precondition.required"] = "This form is damaged. Open the page again and repeat what you did.",
        ["precondition.stale"] = "Somebody changed the story while you had this page open, so nothing was done. Look at what changed; if you still want it, do it again.",
        ["command.key-reused"] = "This form was already sent once with other words. Look at the story as it is now; if you still want this, do it again.",
        ["command.contended"] = "Others are changing this story at the same moment. Try again.",
        ["server.unavailable"] = "A part of Vigil does not answer just now. Reload this page in a moment; nothing is done twice.",
        ["value.bad-time"] = "Give a day and time, in UTC, that is not in the past.",
        ["value.bad-url"] = "Links begin with http:// or https://. Correct this one.",
        ["value.bad-slug"] = "Use up to 80 small letters and digits, joined by single hyphens.",
        ["value.bad-language"] = "Give the language as a short tag, such as en, de or pt-BR.",
        ["value.bad-country"] = "Give countries by their two letters, such as KP for North Korea.",
        ["article.no-such-version"] = "The story has no such version. Look at it as it is now.",
        ["article.unknown"] = "There is no such story here. Look for it on the desk.",
        ["article.unknown-edition"] = "One of these sites does not exist any more. Choose again.",
        ["article.no-edition"] = "No site is chosen. Choose at least one.",
        ["article.not-in-review"] = "The story is not in review. It has to be submitted first.",
        ["article.not-approved"] = "Exactly this text is not approved. An editor who had no hand in it has to approve it first.",
        ["article.live"] = "The story is live. Its new text goes out by “Correct”; the live words can be erased once the story is unpublished or corrected.",
        ["value.bad-local-time"] = "Give a day and a time.",
        ["value.no-such-time"] = "Clocks skip this time at one of these sites. Choose an earlier or a later one.",
        ["article.already-live"] = "The story is live on one of these sites already. Choose sites where it is not.",
        ["article.withdrawn"] = "The story was unpublished there. Two people bring it back by “Publish”; a schedule cannot.",
        ["article.not-cleared"] = "A source is at risk, and exactly this text has no safety sign-off. The safety officer has to give it first.",
        ["article.only-safety"] = "Only the safety officer lifts this. Ask them.",
        ["article.embargoed"] = "The story has an embargo, and nothing of it goes out before. Choose a later time, or have an editor lift it.",
        ["article.scheduled-earlier"] = "The story is scheduled before that time. Schedule it later first, or not at all.",
        ["article.at-or-local"] = "Give a day and a time.",
        ["article.minor-correction"] = "A minor correction has no note. Leave it out, or choose another kind.",
        ["article.correction-mail"] = "An email alert goes out for a corrected fact only. Choose no email, or that kind.",
        ["article.nothing-to-correct"] = "The newest text is the one that is live. Save the corrected text first, and have it approved.",
        ["article.retracted"] = "The story was retracted, and that is final. It can only be taken down for safety.",
        ["article.not-taken-down"] = "The story was not taken down, so it needs no new one. Work on this one.",
        ["article.revision-or-notes"] = "Choose what to erase.",
        ["article.never-released"] = "The story was never published, so there is nothing to take back.",
        ["article.not-live"] = "The story is not live there. Look where it stands.",
        ["article.taken-down"] = "The story was taken down for safety, for ever. Two people can issue its text as a new story.",
    };

    public static string Of(Fault fault) => Plainer.GetValueOrDefault(fault.Code) ?? Refusals.Message(fault);

    public static string Headline(ArticleView story) => story.Erased ? "(erased)" : story.Text is null ? "(not shown)" : string.IsNullOrWhiteSpace(story.Text.Headline) ? "(no headline yet)" : story.Text.Headline;

    /// <summary>In the window's title, which others may read over one's shoulder and which browsers remember: nothing of a story whose source is at risk.</summary>
    public static string Title(ArticleView story) => story.Protected ? $"Story {story.Id.ToString()[..6]}" : Headline(story);

    /// <summary>As a clock shows it there.</summary>
    public static string Wall(DateTimeOffset local) => local.ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Every time in these pages is UTC and says so in the page's head.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Country(string code)
    {
        try { return new RegionInfo(code).EnglishName; }
        catch (ArgumentException) { return code; }
    }

    public static string List(IEnumerable<string> things) => things.ToArray() switch
    {
        [] => "none",
        [var only] => only,
        [.. var first, var last] => $"{string.Join(", ", first)} and {last}",
    };
}
