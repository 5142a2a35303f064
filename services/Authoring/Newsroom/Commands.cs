using System.Globalization;
using System.Text.Json.Nodes;
using Vigil.Authoring.Articles;
using Vigil.Hosting;

namespace Vigil.Authoring.Newsroom;

/// <summary>How much a command asks of whoever gives it: a click, a page of its own, or a page that warns.</summary>
public enum Weight { Light, Considered, Grave }

/// <summary>How a member of the API's request is asked for. A moment is a time on each site's own clock, or in UTC.</summary>
public enum Kind { Words, Sites, Mail, Revision, Until, Moment, Choice, Account }

/// <param name="Name">The member of the API's request.</param>
public sealed record Field(string Name, Kind Kind, string Label, string? Hint = null, bool Required = false, params IReadOnlyList<(string Value, string Label)> Choices)
{
    /// <summary>The names that it has in the form.</summary>
    public IEnumerable<string> Names => Kind switch { Kind.Mail => [Name, $"{Name}At"], Kind.Moment => ["at", "clock"], _ => [Name] };

    /// <summary>The members that a refusal of it names.</summary>
    public bool IsNamedBy(string? member) => member is not null && (member == Name || member.StartsWith($"{Name}[", StringComparison.Ordinal) || Kind is Kind.Moment && member is "at" or "local");
}

/// <summary>What a confirmation is about: the story, and what its sites are called.</summary>
public sealed record Standing(ArticleView Story, Sites Sites)
{
    public string Live => Sites.Names(Story.LiveIn);
    public int Count => Story.LiveIn.Count();
}

/// <summary>A command of the API as people give it.</summary>
/// <param name="Name">As the API names it in an article's actions; the last part of the form's address.</param>
/// <param name="Label">On the button.</param>
/// <param name="Done">What just happened, once it has.</param>
/// <param name="Tells">What will happen where, a sentence each.</param>
public sealed record CommandForm(string Name, string Label, string Done, Weight Weight, Func<Standing, IEnumerable<string>> Tells, params IReadOnlyList<Field> Fields)
{
    /// <summary>What to consider first.</summary>
    public string? Milder { get; init; }
    public bool Removes { get; init; }
    /// <summary>It brings the story on its way.</summary>
    public bool Onward { get; init; }

    /// <summary>It takes something back that another address set.</summary>
    public string Method { get; init; } = HttpMethods.Post;
    public Func<ArticleView, string?> Path { get; init; } = _ => null;
    public Func<ArticleView, bool>? When { get; init; }
    public Func<ArticleView, JsonObject> Fixed { get; init; } = _ => [];

    public string Address(ArticleView story) => $"{Api.OfArticle}/{Path(story) ?? Name}";

    public bool IsOn(ArticleView story) => When is null ? story.Actions.Contains(Name) : When(story);

    /// <summary>A click is enough.</summary>
    public bool IsImmediate => Weight is Weight.Light && Fields.Count == 0;

    public bool Knows(string name) => Fields.Any(f => f.Names.Contains(name));

    public (JsonObject Body, IReadOnlyList<Fault> Faults) Read(Form form, ArticleView story)
    {
        var body = Fixed(story);
        List<Fault> faults = [];
        foreach (var field in Fields)
            switch (field.Kind)
            {
                case Kind.Words when !string.IsNullOrWhiteSpace(form[field.Name]) || field.Required: body[field.Name] = form[field.Name]; break;
                case Kind.Sites: body[field.Name] = new JsonArray([.. form.All(field.Name)]); break;
                case Kind.Revision when form[field.Name].Length == 0: break;
                case Kind.Revision when form[field.Name] == "notes": body["notes"] = true; break;
                case Kind.Revision when int.TryParse(form[field.Name], NumberStyles.None, CultureInfo.InvariantCulture, out var number): body[field.Name] = number; break;
                case Kind.Revision: faults.Add(new("article.no-such-revision", field.Name)); break;
                case Kind.Mail: body[field.Name] = form[field.Name] != "at" ? form[field.Name] : Instant(form[$"{field.Name}At"]); break;
                case Kind.Until: body[field.Name] = Instant(form[field.Name]); break;
                case Kind.Moment: body[form["clock"] == "utc" ? "at" : "local"] = form["clock"] == "utc" ? Instant(form["at"]) : form["at"]; break;
                case Kind.Choice when field.Choices.Any(c => c.Value == form[field.Name]): body[field.Name] = form[field.Name]; break;
                case Kind.Choice: faults.Add(new("value.not-known", field.Name)); break;
                case Kind.Account when Guid.TryParse(form[field.Name].Trim(), out var account): body[field.Name] = $"{account}"; break;
                case Kind.Account: faults.Add(new("value.not-known", field.Name)); break;
            }
        return (body, faults);
    }

    // A browser sends a local time without its zone; the page says that it is UTC.
    static string Instant(string local) => DateTime.TryParseExact(local, ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
        ? at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "none of ours";
}

/// <summary>Every command that has a button, in the order in which they are offered: the milder before the graver.</summary>
public static class Commands
{
    static readonly Field Why = new("reason", Kind.Words, "Reason", "For colleagues only; it is never published.");
    static readonly Field Where = new("editions", Kind.Sites, "Sites", Required: true);
    static readonly Field Mail = new("mail", Kind.Mail, "Email alert", "To readers of these sites who asked for it.");

    public static IReadOnlyList<CommandForm> All { get; } =
    [
        new("submission", "Submit for review", "Submitted for review.", Weight.Light, _ => ["An editor who had no hand in the text can approve it or ask for changes."]) { Onward = true },
        new("approval", "Approve", "Approved.", Weight.Light, _ => ["You sign off exactly this text. If a word of it changes, it needs another review."]) { Onward = true },
        new("clearance", "Safety sign-off", "Signed off for safety.", Weight.Light, _ => ["You sign off that exactly this approved text endangers nobody. If a word of it changes, it needs another review."])
            { Onward = true, When = s => s.Protected && s.Actions.Contains("clearance") },
        new("publication", "Publish", "Published. It appears on the sites within moments.", Weight.Considered, Publishes, Where, Mail) { Onward = true },
        new("correction", "Correct", "Corrected. The new text appears on the sites within moments.", Weight.Considered,
            s => [$"The approved text takes the place of the one that is live on {s.Live}.", "Anything but a minor correction is told to readers by the note below, which stays with the story."],
            new Field("class", Kind.Choice, "What kind", null, true, ("minor", "Minor: spelling, layout, a link"), ("fact", "A fact was wrong"), ("clarity", "It was unclear"), ("update", "There is news")),
            new Field("note", Kind.Words, "Note to readers", "Published beneath the story; none for a minor correction."), new Field("mail", Kind.Mail, "Email alert", "For a corrected fact only.")) { Onward = true },
        new("schedule", "Schedule", "Scheduled.", Weight.Considered, _ => ["The story goes live by itself at this time. Whether it still may is asked again then.", "A site that is scheduled already gets the new time."],
            Where, new Field("at", Kind.Moment, "When", "Day and time, as a clock at the site shows it, or in UTC.", true), Mail),
        new("unschedule", "Drop the schedule", "The schedule was dropped.", Weight.Light, _ => ["Nothing goes live by itself any more."])
            { Method = HttpMethods.Delete, Path = _ => "schedule", When = s => s.Schedule.Any() && s.Actions.Any() },
        new("changes-request", "Request changes", "Sent back with your note.", Weight.Considered, _ => ["The story goes back to its writers with your note."],
            new Field("note", Kind.Words, "What should change", "Writers see this note at the head of the story. It is never published.", Required: true)),
        new("embargo", "Embargo", "The embargo was set.", Weight.Considered, _ => ["Nothing of the story goes out before this time: no page, feed, list or email. It can be written and reviewed all the while."],
            new Field("until", Kind.Until, "Until", "Day and time, UTC.", Required: true)),
        new("unembargo", "Lift the embargo", "The embargo was lifted.", Weight.Considered, _ => ["The story may go out as soon as it is approved, and signed off where a source is at risk."])
            { Path = _ => "embargo", When = s => s.Embargo is not null && s.Actions.Contains("embargo"), Fixed = _ => new() { ["until"] = null } },
        new("protection", "Source at risk", "Marked: a source is at risk.", Weight.Considered,
            _ => ["Only those who had a hand in the story, those it is handed to, and the safety officer see it from now on.", "It goes out only with the safety officer’s sign-off. Only they can lift this."], Why)
            { When = s => !s.Protected && s.Actions.Contains("protection"), Fixed = _ => new() { ["protected"] = true } },
        new("unprotection", "Lift “Source at risk”", "Lifted: no source is at risk any more.", Weight.Considered,
            _ => ["The story is a story like any other again: all the newsroom sees it, and an approval is enough to publish it."], Why with { Required = true })
            { Path = _ => "protection", When = s => s.Protected && s.Actions.Contains("protection"), Fixed = _ => new() { ["protected"] = false } },
        new("assignment", "Hand to a colleague", "Handed over.", Weight.Considered, _ => ["The colleague sees the whole story, even while its source is at risk."],
            new Field("to", Kind.Account, "Account", "The id of their account; an administrator knows it.", Required: true)),
        new("drop", "Drop the request", "The request was dropped.", Weight.Light, _ => ["What waits for a second person is no longer asked for."])
            { Method = HttpMethods.Delete, Path = s => s.Proposal is null ? null : Asks(s.Proposal.Kind), When = s => s.Proposal is not null },
        new("reissue", "Issue as a new story", "Issued as a new story, a draft of its own.", Weight.Considered,
            _ => ["The text becomes a new draft with an address of its own, and needs its own review. What was taken down stays down.", "Two people do this: you ask, and another person completes it within 24 hours."]),
        new("withdrawal", "Unpublish", "Unpublished. It disappears from the sites within moments.", Weight.Considered,
            _ => ["On the sites that you choose the story answers 404, as if it had never been there, and leaves lists, feeds and the content API.", "Email alerts that have not left yet are stopped.", "It can come back: two people publish it again."],
            Where, Why) { Removes = true },
        new("retraction", "Retract with notice", "Retracted. The notice takes the story’s place within moments.", Weight.Grave,
            s => ["The text is taken back for good on every site; its page stays, with the notice below.", s.Story.Proposal is { Kind: ProposalKind.Retraction }
                ? "Somebody asked for this with the words below. If you are another person and leave words and email alert as they are, it happens now; with others you ask anew, in place of theirs."
                : "Two people do this: you ask, and another person with the same notice completes it within 24 hours."],
            new Field("notice", Kind.Words, "Notice to readers", "Published in the story’s place.", Required: true), new Field("reason", Kind.Words, "Reason, published", "Shown below the notice."),
            new Field("mail", Kind.Mail, "Email alert", "To readers who were mailed the story.")) { Removes = true, Milder = "withdrawal" },
        new("takedown", "Take down for safety", "Taken down for safety, for ever.", Weight.Grave,
            s => [s.Count == 0 ? "The story’s addresses answer 410 “removed for good”, for ever." : $"410 “removed for good” on {s.Count} {(s.Count == 1 ? "site" : "sites")}, for ever: {s.Live}.", "The story leaves lists, feeds and the content API. Email alerts that have not left yet are stopped.", "Nobody can undo this, and this story can never be published again."],
            Why) { Removes = true, Milder = "withdrawal" },
        new("erasure", "Erase for ever", "Erased for ever.", Weight.Grave,
            _ => ["The words of one revision, or all notes about the story, are deleted in every service; exactly these words are refused from then on.", "The history keeps that there was something, when, and by whom. Nobody can undo this."],
            new Field("revision", Kind.Revision, "What", Required: true), Why) { Removes = true },
    ];

    /// <summary>The one command whose form is the story's own.</summary>
    public const string SafetyEdit = "protective-correction";

    /// <summary>What comes of it for who has emptied too many stories lately.</summary>
    public const string SafetyDark = "dark-instead";

    public static CommandForm? Find(string name) => All.FirstOrDefault(c => c.Name == name);

    /// <summary>What just happened, by the name that an address gives it.</summary>
    public static string? Said(string? done) => done switch
    {
        "saved" => "Saved.",
        "nothing" => "It was so already; nothing was changed.",
        "asked" => "Asked. A second person has to complete it.",
        SafetyEdit => "The new text is live, and all before it is erased.",
        SafetyDark => "Unpublished, and nothing is erased: three stories in ten minutes are the most that one person empties alone. The new text is saved as a draft; two people bring the story back.",
        _ => Find(done ?? "")?.Done,
    };

    public static IEnumerable<CommandForm> On(ArticleView story) => All.Where(c => c.IsOn(story));

    /// <summary>The command by which a second person completes what a first asked for.</summary>
    public static string Asks(ProposalKind kind) => kind switch
    {
        ProposalKind.Republication => "publication",
        ProposalKind.Retraction => "retraction",
        ProposalKind.Reissue => "reissue",
        _ => "takedown",
    };

    static IEnumerable<string> Publishes(Standing s)
    {
        if (s.Story.Release is Release.Withdrawn)
            yield return s.Story.Proposal is null
                ? "The story was unpublished, so two people bring it back: you ask, and another person completes it within 24 hours."
                : "Somebody asked to bring this story back. If you are another person and choose the same sites and email alert, it goes live now.";
        else
            yield return "Exactly the approved text goes live on the sites that you choose, with its feeds and the content API.";
        if (s.Count > 0) yield return $"It is live already on {s.Live}, and stays so.";
    }
}

/// <summary>The sites that there are, by their keys.</summary>
public sealed record Sites(IReadOnlyList<Editions.KnownEdition> All)
{
    public string Name(string key) => All.FirstOrDefault(e => e.Id == key)?.Name ?? key;
    public string Names(IEnumerable<string> keys) => Words.List(keys.Select(Name));

    public static async Task<Sites> Read(Marten.IQuerySession session, CancellationToken ct) => new([.. (await Marten.QueryableExtensions.ToListAsync(session.Query<Editions.KnownEdition>(), ct)).OrderBy(e => e.Name, StringComparer.Ordinal)]);
}
