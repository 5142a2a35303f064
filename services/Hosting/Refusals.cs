using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Vigil.Hosting;

/// <summary>Every code that Vigil refuses with, its HTTP status, and what the reader of the refusal can do.</summary>
public static class Refusals
{
    /// <param name="Unit">What is counted, where there can be too much of it.</param>
    public sealed record Refusal(int Status, string Message, string? Unit = null);

    public static FrozenDictionary<string, Refusal> All { get; } = new Dictionary<string, Refusal>
    {
        ["auth.required"] = new(401, "Sign in, or send a valid access token, and try again."),
        ["auth.forbidden"] = new(403, "Your account does not have the role for this. Ask an administrator if it should."),
        ["auth.step-up-required"] = new(401, "This needs a sign-in of the last five minutes. Sign in again, and repeat it."),
        ["request.malformed"] = new(400, "The body is missing or not valid JSON, or a member has a value of the wrong kind. Correct what is named and send it again."),
        ["request.unknown-member"] = new(400, "The request has a member that is not known here. Remove it and send it again."),
        ["request.missing-member"] = new(400, "The request lacks a member that is required. Add it and send it again."),
        ["request.too-large"] = new(413, "The request is larger than this address accepts. Send less."),
        ["request.not-json"] = new(415, "Send the body as application/json."),
        ["request.not-form"] = new(415, "Send the form as application/x-www-form-urlencoded, as a browser does."),
        ["request.unknown-field"] = new(400, "This form has a field that is not known here. Open the page again and repeat what you did."),
        ["request.not-found"] = new(404, "There is nothing at this address. Check it, or begin at the list."),
        ["request.method-not-allowed"] = new(405, "This address does not take that method. Use one that the Allow header names."),
        ["request.too-many"] = new(429, "Too many requests. Wait for the time in Retry-After and try again."),
        ["request.cross-origin"] = new(403, "Another site sent this request. Go to the newsroom's own pages and do it there."),
        ["request.unmarked"] = new(403, "What a page's script does needs the header X-CSRF: 1. Send it."),
        ["request.bad-precondition"] = new(400, "If-Match takes the ETag of the version you read, such as \"3\"."),
        ["request.bad-key"] = new(400, "Idempotency-Key takes 1 to 200 visible ASCII characters."),
        ["request.bad-cursor"] = new(400, "The cursor is not one that this list gave. Start again without it."),
        ["request.bad-query"] = new(400, "A query parameter has a value that is not accepted. Correct the named one."),
        ["precondition.required"] = new(428, "Send If-Match with the ETag of the version you edited, so that nobody's work is overwritten."),
        ["precondition.stale"] = new(412, "Somebody saved a newer version. Read it, merge, and send again with its ETag."),
        ["command.key-reused"] = new(422, "This Idempotency-Key was used for another request. Use a new key for a new command."),
        ["command.contended"] = new(409, "Others are changing this at the same moment. Read it again and repeat the command."),
        ["server.unavailable"] = new(503, "A part of Vigil does not answer just now. Try again shortly; with an Idempotency-Key nothing is done twice."),
        ["server.restoring"] = new(503, "A backup is being put back, and nothing opens before all that was removed since is removed again. Try again later."),
        ["server.fault"] = new(500, "Something went wrong on our side. Try again, and give the trace id to operations if it persists."),
        ["text.required"] = new(422, "This text is required. Fill it in."),
        ["text.too-long"] = new(422, "This text is too long. Shorten it.", "characters"),
        ["text.bad-character"] = new(422, "This text has control characters or broken Unicode. Remove them."),
        ["text.erased"] = new(409, "Exactly this text was erased for ever and cannot be stored again. Leave out what must not be kept."),
        ["list.too-long"] = new(422, "This list has too many entries. Remove some.", "entries"),
        ["list.repeated"] = new(422, "This list names the same thing twice. Remove one."),
        ["value.not-known"] = new(422, "This value is not one of those accepted. Choose one that is."),
        ["value.bad-url"] = new(422, "Links must be absolute http or https addresses. Correct it."),
        ["value.bad-language"] = new(422, "Give the language as a BCP 47 tag, such as en or de-AT."),
        ["value.bad-country"] = new(422, "Give countries as ISO 3166-1 alpha-2 codes, such as KP."),
        ["value.bad-slug"] = new(422, "A slug is 1 to 80 lower-case letters and digits, joined by single hyphens."),
        ["value.bad-local-time"] = new(422, "Give a local time without offset, such as 2026-04-05T09:00."),
        ["value.no-such-time"] = new(422, "Clocks skip this time in the zone of an edition named here. Choose an earlier or a later one."),
        ["value.bad-time"] = new(422, "Give an instant that is not in the past, in RFC 3339 with its offset."),
        ["article.unknown"] = new(404, "There is no such article. Check the id, or look for it on the desk."),
        ["article.no-such-version"] = new(404, "The article has no such version. Ask for one between 1 and its ETag."),
        ["article.unknown-edition"] = new(422, "An edition named here does not exist. Choose from the editions that are set up."),
        ["article.no-edition"] = new(409, "No edition is named. Name at least one."),
        ["article.unknown-media"] = new(422, "An image is named here, and images cannot be published yet. Take it out."),
        ["article.unknown-part"] = new(422, "The body places a part that the article does not have. Correct the number, or add the part."),
        ["article.part-placed-twice"] = new(422, "The body places the same part twice. Keep one."),
        ["article.too-deep"] = new(422, "The body nests quotations, lists or tags too deeply. Flatten it."),
        ["article.too-heavy"] = new(422, "The body has more than 20,000 tags, or a paragraph of more than 20,000 characters. Divide it."),
        ["article.byline-name"] = new(422, "A named byline needs its name, and only a named byline may have one."),
        ["article.attribution"] = new(422, "Say whom a named or described quotation is by; a withheld one says nothing."),
        ["article.not-drafting"] = new(409, "Only a draft can be submitted. Edit it first if it needs another review."),
        ["article.not-in-review"] = new(409, "The article is not in review. It must be submitted first."),
        ["article.not-approved"] = new(409, "This exact text is not approved. Have an editor approve it first."),
        ["article.own-work"] = new(403, "Nobody signs off their own text. Ask another editor."),
        ["article.machine-sign-off"] = new(403, "Machine clients never sign off. A person has to."),
        ["article.live"] = new(409, "The story is live. Its new text goes out by a correction; the live text can be erased once it is withdrawn or replaced."),
        ["article.never-released"] = new(409, "The article was never released, so there is nothing to take back. Leave it as the draft it is."),
        ["article.not-live"] = new(409, "The article is not live there, so there is nothing to correct or withdraw. Look where it stands."),
        ["article.already-live"] = new(409, "The article is live there already. Name editions where it is not."),
        ["article.withdrawn"] = new(409, "The article was withdrawn there. It comes back by a publication that two people ask for, not by a schedule."),
        ["article.not-cleared"] = new(409, "The article is protected, and this exact text is not cleared. Have the safety officer sign it off first."),
        ["article.only-safety"] = new(403, "Only the safety officer lifts the protection of an article. Ask them."),
        ["article.embargoed"] = new(409, "The article has an embargo, and nothing of it goes out before. Choose a later time, or have an editor lift it."),
        ["article.scheduled-earlier"] = new(409, "The article is scheduled before that instant. Schedule it later first, or not at all."),
        ["article.at-or-local"] = new(422, "Give either an instant in at, or a local time in local, for the zone of each edition."),
        ["article.minor-correction"] = new(422, "A minor correction has no note. Leave it out, or choose the class fact, clarity or update."),
        ["article.correction-mail"] = new(422, "Mail goes out for a corrected fact only. Leave it out, or choose the class fact."),
        ["article.nothing-to-correct"] = new(409, "The newest text is the one that is live. Save the corrected text first, and have it approved."),
        ["article.retracted"] = new(409, "The article was retracted, and that is final. It can only be taken down."),
        ["article.not-taken-down"] = new(409, "The article was not taken down, so its text needs no new article. Work on this one."),
        ["article.revision-or-notes"] = new(422, "Say what to erase: either the number of a revision, or notes, with the value true."),
        ["article.taken-down"] = new(409, "The article was taken down for ever. Issue the text as a new article if two people agree."),
        ["article.no-such-revision"] = new(404, "The article has no such revision. Look at its list of revisions."),
        ["edition.unknown"] = new(404, "There is no such edition. Check the key."),
        ["edition.unknown-host"] = new(421, "No site answers at this host name. Check the address."),
        ["edition.bad-key"] = new(422, "An edition's key is 2 to 20 lower-case letters, digits or hyphens and starts with a letter."),
        ["edition.bad-host"] = new(422, "Give plain host names, without scheme, port or path."),
        ["edition.host-taken"] = new(409, "Another edition answers at one of these host names. Remove it there first."),
        ["edition.bad-zone"] = new(422, "Give the time zone by its IANA name, such as Europe/Berlin."),
        ["edition.bad-theme"] = new(422, "Choose one of the themes: ink, sea, clay."),
        ["edition.bad-sender"] = new(422, "Give the sender as a plain mail address."),
        ["publication.unknown"] = new(404, "There is no such story here. Begin at the list of all news."),
        ["publication.gone"] = new(410, "This story was removed for good. Remove what links to it."),
        ["publication.updating"] = new(503, "This list is being brought up to date. Try again in a moment."),
        ["dark.bad-address"] = new(422, "Give the story's address as readers see it, such as https://site.example/news/slug, or edition/slug, or its id."),
        ["dark.unknown"] = new(404, "No order stands for this address. Look at the list of what is dark, and give the address as it stands there."),
        ["dark.not-yours"] = new(403, "Another person made this story dark. Ask them to take it back, or whoever runs the installation."),
        ["dark.withdrawn"] = new(409, "The story is unpublished already. Two people can bring it back, by publishing it again."),
        ["account.unknown"] = new(404, "There is no such account. Look for it in the list of accounts."),
        ["account.name-taken"] = new(409, "An account has this name already. Choose another name."),
        ["account.bad-name"] = new(422, "A user name has lower-case letters, digits and . - _ @ only. Choose another."),
        ["account.own"] = new(403, "Nobody changes their own access. Ask another administrator."),
        ["session.unknown"] = new(404, "The session has ended, or there never was one. Sign in again."),
        ["subscription.bad-address"] = new(422, "Give a plain mail address, such as reader@example.org."),
        ["mailing.unknown"] = new(404, "There is no such mailing. Check the id, or look for it in the list."),
        ["mailing.follow-up"] = new(409, "This mailing is itself a follow-up. Order the notice at the mailing of the story."),
        ["mailing.not-sent"] = new(409, "This mailing has reached nobody, so there is nobody to tell."),
        ["mailing.not-removed"] = new(409, "What was mailed still stands. Withdraw the story, take it down, or correct it protectively first."),
        ["subscription.unknown-link"] = new(404, "This link does not work. Open it from the email again, or sign up once more."),
        ["subscription.link-expired"] = new(410, "This link is too old. Sign up once more to get a new one."),
    }.ToFrozenDictionary();

    public static Refusal Of(string code) => All[code];

    public static string Message(Fault fault) => Of(fault.Code) is var refusal && fault.Most is { } most
        ? string.Create(CultureInfo.InvariantCulture, $"{refusal.Message} It may have {most:N0} {refusal.Unit}.") : refusal.Message;

    /// <summary>An RFC 9457 problem document: the first fault gives type, title and status; <c>errors</c> lists all of them.</summary>
    public static IResult Problem(IReadOnlyList<Fault> faults, IDictionary<string, object?>? more = null)
    {
        var first = Of(faults[0].Code);
        var extensions = new Dictionary<string, object?>(more ?? new Dictionary<string, object?>()) { ["code"] = faults[0].Code };
        if (faults[0].Field is { } field) extensions["field"] = field;
        if (faults.Count > 1 || faults[0].Field is not null)
            extensions["errors"] = faults.Select(f => new Error(f.Code, f.Field, Message(f), f.Most)).ToArray();
        return Results.Problem(title: first.Message, statusCode: first.Status, type: $"urn:vigil:problem:{faults[0].Code}", extensions: extensions);
    }

    sealed record Error(string Code, string? Field, string Message, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Most);

    /// <summary>A query parameter that should have been one of these names.</summary>
    public static IResult BadName<T>(string field) where T : struct, Enum => Problem([new Fault("request.bad-query", field)], new Dictionary<string, object?> { ["accepted"] = Cursor.NamesOf(typeof(T)) });

    public static IResult Problem(string code, string? field = null) => Problem([new Fault(code, field)]);
}
