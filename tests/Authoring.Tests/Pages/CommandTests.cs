using System.Text;
using Vigil.Contracts.Publishing;
using Vigil.Kit;

namespace Vigil.Authoring.Tests.Pages;

/// <summary>Commands given by the forms of the pages: the API's own, once, and never on what was not seen.</summary>
public sealed class CommandTests(Installed installed)
{
    Visitor As(Account account) => Visitor.As(installed.Platform, account);

    [Fact]
    public async Task A_story_lives_and_ends_by_the_pages_alone()
    {
        var (writer, editor, editor2, duty) = (As(Account.Writer), As(Account.Editor), As(Account.Editor2), As(Account.Person("duty of the pages", "duty")));
        var headline = Draft.Headline("By the pages");
        var story = await writer.Press((await writer.Open("/newsroom/articles/new")).Must(200), "Save", ("headline", headline), ("body", "One *word*.\r\n\r\nAnother."),
            // Another test may have set up one more.
            ("editions", "au"), ("editions", "de"));
        Assert.Equal((200, headline, "Saved."), (story.Reply.Status, story.Heading, story.Notice));
        Assert.Equal("One <em>word</em>.", story.Document.QuerySelector(".prose p")!.InnerHtml);
        var id = Guid.Parse(story.Document.QuerySelector("form[action$=submission]")!.GetAttribute("action")!.Split('/')[3]);
        Assert.Subset(story.Buttons.ToHashSet(), new HashSet<string> { "Submit for review", "Edit", "Source at risk…" });

        story = await writer.Press(story, "Submit for review");
        Assert.Equal("Submitted for review.", story.Notice);
        Assert.DoesNotContain("Submit for review", story.Buttons);
        Assert.Contains("Needs approval by you", Row(await editor.Desk("?work=in-review"), id));

        story = await editor.Press(await editor.Article(id, "/changes-request"), "Request changes", ("note", "Say who she is."));
        Assert.Contains("Say who she is.", story.Notice);
        story = await writer.Press(await writer.Article(id, "/edit"), "Save", ("body", "Better."));
        story = await writer.Press(story, "Submit for review");
        story = await editor.Press(await editor.Article(id), "Approve");
        Assert.Subset(story.Buttons.ToHashSet(), new HashSet<string> { "Publish…", "Schedule…", "Embargo…", "Edit" });

        var confirmation = await editor.Article(id, "/publication");
        Assert.Equal("Publish", confirmation.Heading);
        story = await editor.Press(confirmation, "Publish", ("mail", "none"));
        Assert.StartsWith("Published.", story.Notice);
        Assert.Equal(["Unpublish…", "Retract with notice…", "Take down for safety…"], story.Buttons.SkipWhile(b => b != "Unpublish…"));
        Assert.Null((await installed.Release(id)).MailAt);

        story = await duty.Press(await duty.Article(id, "/withdrawal"), "Unpublish", ("reason", "A doubt."));
        Assert.StartsWith("Unpublished.", story.Notice);
        // Without its words, but not out of reach.
        Assert.Equal("(not shown)", story.Heading);
        Assert.Contains("Take down for safety…", story.Buttons);
        // Two people bring it back.
        story = await editor.Press(await editor.Article(id, "/publication"), "Publish");
        Assert.StartsWith("Asked. A second person has to complete it.\nPublish: asked for by you.", story.Notice);
        Assert.Contains("Needs you as the second person", Row(await editor2.Desk("?release=withdrawn"), id));
        story = await editor2.Press(await editor2.Article(id, "/publication"), "Publish");
        Assert.StartsWith("Published.", story.Notice);

        confirmation = await duty.Article(id, "/takedown");
        Assert.Contains("on 2 sites, for ever: Vigil Australia and Vigil Deutschland", confirmation.Document.QuerySelector(".tells")!.TextContent);
        Assert.EndsWith("/withdrawal", confirmation.Document.QuerySelector(".milder a")!.GetAttribute("href"));
        story = await duty.Press(confirmation, "Take down for safety", ("reason", "A relative was questioned."));
        Assert.Equal("Taken down for safety, for ever.", story.Notice);
        story = await editor.Article(id);
        // How far the text had come is no news any more.
        Assert.Equal("Taken down for safety", story.Document.QuerySelector(".states")!.TextContent.Trim());
        Assert.Contains("Issue as a new story…", story.Buttons);
        Assert.DoesNotContain("Publish…", story.Buttons);
    }

    /// <summary>What the newest commands need of a form: a kind, a moment, a colleague, a whole story.</summary>
    [Fact]
    public async Task Every_kind_of_field_reaches_its_command()
    {
        var (editor, editor2, safety) = (As(Account.Editor), As(Account.Editor2), As(Account.Person("officer of every field", "safety")));
        var id = await installed.Approved();
        var story = await editor.Press(await editor.Article(id, "/embargo"), "Embargo", ("until", "2999-01-01T08:00"));
        Assert.Contains("Embargo until 1 Jan 2999, 08:00", story.Document.QuerySelector(".side")!.TextContent);
        var refused = (await editor.Post(await editor.Article(id, "/schedule"), "Schedule", ("at", "2998-01-01T08:00"))).Must(409);
        Assert.Equal(("article.embargoed", "2998-01-01T08:00"), (refused.Codes, refused.Typed("at")));
        Assert.Equal("value.bad-local-time", (await editor.Post(await editor.Article(id, "/schedule"), "Schedule", ("at", ""))).Must(422).FaultsAt("at"));
        story = await editor.Press(await editor.Article(id, "/schedule"), "Schedule", ("at", "2999-01-02T08:00"), ("clock", "utc"));
        Assert.Contains("goes live 2 Jan 2999, 08:00", story.Document.QuerySelector(".side")!.TextContent);
        Assert.Equal("The schedule was dropped.", (await editor.Press(story, "Drop the schedule")).Notice);
        Assert.Equal("value.bad-time", (await editor.Post(await editor.Article(id, "/embargo"), "Embargo", ("until", ""))).Must(422).FaultsAt("until"));
        Assert.Equal("The embargo was lifted.", (story = await editor.Press(await editor.Article(id, "/unembargo"), "Lift the embargo")).Notice);
        Assert.DoesNotContain("Lift the embargo…", story.Buttons);

        (await editor.Post(await editor.Article(id, "/assignment"), "Hand to a colleague", ("to", "somebody"))).Must(422);
        Assert.Equal("Handed over.", (await editor.Press(await editor.Article(id, "/assignment"), "Hand to a colleague", ("to", $"{Account.Editor2.Id}"))).Notice);
        var (writer, unseen) = (As(Account.Writer), await installed.InReview());
        Assert.Contains("Hand it to an editor, who can then approve it.", (await writer.Press(await writer.Article(unseen, "/protection"), "Source at risk")).Notice);
        story = await editor.Press(await editor.Article(id, "/protection"), "Source at risk");
        Assert.Contains("whom it was handed to see it: colleague ", story.Notice);
        Assert.Equal(("Source at risk", $"Story {id.ToString()[..6]} – Vigil newsroom"), (story.Document.QuerySelector(".at-risk")!.TextContent, story.Document.Title));
        var lifts = new HashSet<string> { "Source at risk…", "Lift “Source at risk”…" };
        Assert.Equal(["Lift “Source at risk”…"], (await safety.Article(id)).Buttons.Where(lifts.Contains));
        Assert.DoesNotContain((await editor.Article(id)).Buttons, lifts.Contains);
        Assert.Equal("article.only-safety", (await editor.Post(await editor.Article(id, "/unprotection"), "Lift “Source at risk”", ("reason", "In vain."))).Must(403).Codes);
        (await safety.Post(await safety.Article(id, "/unprotection"), "Lift “Source at risk”")).Must(422);
        Assert.Equal("Lifted: no source is at risk any more.", (await safety.Press(await safety.Article(id, "/unprotection"), "Lift “Source at risk”", ("reason", "She is safe."))).Notice);
        await editor.Press(await editor.Article(id, "/protection"), "Source at risk");
        Assert.StartsWith("Signed off for safety.", (await safety.Press(await safety.Article(id), "Safety sign-off")).Notice);
        await editor.Press(await editor.Article(id, "/publication"), "Publish", ("mail", "none"));

        Assert.Equal("article.nothing-to-correct", (await editor.Post(await editor.Article(id, "/correction"), "Correct", ("class", "minor"))).Must(409).Codes);
        var edited = await safety.Press(await safety.Article(id, "/protective-correction"), "Publish this and erase all before it", ("headline", Draft.Headline("Safer")), ("body", "Safer."));
        Assert.StartsWith("The new text is live, and all before it is erased.", edited.Notice);
        Assert.Contains("Say when.", (await editor2.Press(await editor2.Article(id, "/changes-request"), "Request changes", ("note", "Say when."))).Notice);
        Assert.Contains("Needs changes by you", Row(await As(Account.Writer).Desk("?release=live"), id));

        // As Publishing says once its pages answer.
        await installed.Platform.Wire.Publish(new PublicationWentLive { ArticleId = id, Edition = "au", Version = 1, At = DateTimeOffset.UtcNow, TextHash = "of-a-test", Text = new() { Headline = "Safer", Slug = "safer", Language = "en" } });
        async Task<AngleSharp.Dom.IElement> Place() => (await Wait.Until(async () => (await safety.Article(id)).Document.QuerySelector(".places a + .small"), place => place is not null, "the story's place"))!;
        Assert.Equal("live", (await Place()).TextContent);
        await editor.Press(await editor.Article(id, "/withdrawal"), "Unpublish");
        Assert.Equal("on its way out", (await Place()).TextContent);

        await editor.Press(await editor.Article(id, "/retraction"), "Retract with notice", ("notice", "We were wrong."), ("reason", "A source erred."));
        var second = await editor2.Article(id, "/retraction");
        Assert.Equal(("We were wrong.", "A source erred."), (second.Typed("notice"), second.Typed("reason")));
        Assert.StartsWith("The request was dropped.", (await editor.Press(await editor.Article(id), "Drop the request")).Notice);
        await editor.Press(await editor.Article(id, "/retraction"), "Retract with notice", ("notice", "We were wrong."));
        Assert.StartsWith("Retracted.", (await editor2.Press(await editor2.Article(id, "/retraction"), "Retract with notice")).Notice);
        Assert.Equal("shows the notice", (await Place()).TextContent);
        // Nobody waits for a text any more. That its source is at risk still holds.
        Assert.DoesNotContain("Say when.", (await safety.Article(id)).Notice);
        Assert.DoesNotContain("Needs changes", Row(await As(Account.Writer).Desk("?release=retracted"), id));
        Assert.Equal(["Retracted with notice", "Source at risk"], (await safety.Article(id)).Document.QuerySelectorAll(".states .chip").Select(c => c.TextContent));
    }

    [Fact]
    public async Task Who_is_on_duty_and_overtaken_is_told_and_loses_nothing()
    {
        var (id, duty) = (await installed.Live(), As(Account.Person("duty who is overtaken", "duty")));
        var page = await duty.Article(id, "/takedown");
        (await installed.Writer.Revise(id, await installed.Events(id), Draft.Full())).Must(200);
        var refused = (await duty.Post(page, "Take down for safety", ("reason", "She is named."))).Must(412);
        Assert.Equal(("precondition.stale", "She is named."), (refused.Codes, refused.Typed("reason")));
        Assert.Equal("Taken down for safety, for ever.", (await duty.Press(refused, "Take down for safety")).Notice);
    }

    static string Row(Shown desk, Guid id) => desk.Document.QuerySelector($"a[href$=\"{id}\"]")!.Closest("li")!.TextContent;

    [Fact]
    public async Task A_doubled_click_and_a_reload_do_nothing_twice()
    {
        var writer = As(Account.Writer);
        var (blank, headline) = (await writer.Open("/newsroom/articles/new"), Draft.Headline());
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => writer.Post(blank, "Save", ("headline", headline), ("body", "Once."))));
        var address = Assert.Single(answers.Select(a => a.Must(303).Reply.Headers["Location"]).Distinct());
        var id = Guid.Parse(address.Split('/', '?')[3]);
        Assert.Equal(1, await installed.Events(id));

        var story = await writer.Open(address);
        foreach (var _ in Enumerable.Range(0, 2)) (await writer.Post(story, "Submit for review")).Must(303);
        var editor = As(Account.Editor);
        var seen = await editor.Article(id);
        (await editor.Post(seen, "Approve")).Must(303);
        (await installed.Writer.Revise(id, 3, Draft.Full())).Must(200);
        (await installed.Writer.Submit(id)).Must(200);
        // Sent again much later, it still means what it meant, and signs off no other words.
        (await editor.Post(seen, "Approve")).Must(303);
        Assert.Equal("in-review", (await installed.Editor.Read(id))["work"].GetString());
        Assert.Equal(5, await installed.Events(id));
    }

    [Fact]
    public async Task What_was_not_seen_is_not_signed_off()
    {
        var (id, editor) = (await installed.InReview(), As(Account.Editor));
        var seen = await editor.Article(id);
        (await installed.Writer.Revise(id, 2, Draft.Full())).Must(200);
        (await installed.Writer.Submit(id)).Must(200);
        var refused = (await editor.Post(seen, "Approve")).Must(412);
        Assert.Equal("precondition.stale", refused.Codes);
        Assert.Contains("The text was changed (revision 1, now 2).", refused.Notice);
        Assert.Equal(4, await installed.Events(id));
        // The page shows what is new; pressing again means that.
        Assert.Equal("Approved.", (await editor.Press(refused, "Approve")).Notice);
    }

    [Fact]
    public async Task A_refusal_keeps_what_was_typed()
    {
        var (id, editor) = (await installed.InReview(), As(Account.Editor));
        var note = new string('n', 2001);
        var refused = (await editor.Post(await editor.Article(id, "/changes-request"), "Request changes", ("note", note))).Must(422);
        Assert.Equal((note, "text.too-long", "text.too-long"), (refused.Typed("note"), refused.Codes, refused.FaultsAt("note")));
        Assert.Equal("#note", refused.Document.QuerySelector(".refusal a")!.GetAttribute("href"));

        var live = await installed.Live();
        var page = await editor.Article(live, "/withdrawal");
        var version = page.Typed("version");
        (await installed.Editor.Withdraw(live, null, "au")).Must(200);
        refused = (await editor.Post(page, "Unpublish", ("reason", "My reason."))).Must(412);
        Assert.Equal("My reason.", refused.Typed("reason"));
        Assert.NotEqual(version, refused.Typed("version"));
        Assert.Contains("It is now live on Vigil Deutschland", refused.Notice);

        refused = (await editor.Post($"/newsroom/articles/{live}/withdrawal", Form("reason", "My reason.", "version", refused.Typed("version"), "key", $"{Guid.NewGuid()}"))).Must(409);
        Assert.Equal(("article.no-edition", "My reason."), (refused.FaultsAt("editions"), refused.Typed("reason")));
    }

    [Theory, InlineData("", 422), InlineData("2001-01-01T00:00", 422), InlineData("nonsense", 422), InlineData("2999-01-01T09:30", 303)]
    public async Task An_email_alert_leaves_at_an_instant(string at, int status)
    {
        var (id, editor) = (await installed.Approved(), As(Account.Editor));
        var answer = (await editor.Post(await editor.Article(id, "/publication"), "Publish", ("mail", "at"), ("mailAt", at))).Must(status);
        if (status == 303) Assert.Equal(DateTimeOffset.Parse("2999-01-01T09:30Z"), (await installed.Release(id)).MailAt);
        else Assert.Equal(("value.bad-time", at), (answer.FaultsAt("mail"), answer.Typed("mailAt")));
    }

    static KeyValuePair<string, string>[] Form(params string[] fields) => [.. fields.Chunk(2).Select(f => KeyValuePair.Create(f[0], f[1]))];

    [Fact]
    public async Task Words_are_erased_by_their_revision()
    {
        var (id, safety) = (await installed.Drafted(), As(Account.Safety));
        var (first, second) = (Draft.Headline("First"), Draft.Headline("Second"));
        (await installed.Writer.Revise(id, 1, Draft.Full(first))).Must(200);
        (await installed.Writer.Revise(id, 2, Draft.Full(second))).Must(200);
        var story = await safety.Press(await safety.Article(id, "/erasure"), "Erase for ever", ("revision", "2"));
        Assert.Equal("Erased for ever.", story.Notice);
        Assert.DoesNotContain(first, story.Reply.Text);
        Assert.Equal(["3 Second", "2 (erased)"], story.Document.QuerySelectorAll(".history li").Take(2).Select(s => string.Join(' ', s.TextContent.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries).Take(2))));
        Assert.Equal("article.revision-or-notes", (await safety.Post(await safety.Article(id, "/erasure"), "Erase for ever")).Must(422).FaultsAt("revision"));
        Assert.Equal(["", "3", "1", "notes"], (await safety.Article(id, "/erasure")).Document.QuerySelectorAll("#revision option").Select(o => o.GetAttribute("value")));
    }

    /// <summary>By it the gateway knows that it has to ask for a newer sign-in.</summary>
    [Fact]
    public async Task A_form_that_needs_a_newer_sign_in_says_so_in_its_header()
    {
        var id = await installed.Drafted();
        var stale = new Visitor(installed.Platform, installed.Platform.Issuer.Token(Account.Safety, TimeSpan.FromMinutes(6)));
        var refused = (await stale.Post($"/newsroom/articles/{id}/erasure", Form("revision", "1", "version", "1", "key", $"{Guid.NewGuid()}"))).Must(401);
        Assert.Equal("auth.step-up-required", refused.Codes);
        Assert.Contains("error=\"insufficient_user_authentication\"", refused.Reply.Headers.GetValueOrDefault("WWW-Authenticate", ""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version=2&key=k1&note=x&surprise=1", 400, "request.unknown-field"), InlineData("version=2&key=%20&note=x", 400, "request.bad-key"), InlineData("version=2&note=x", 400, "request.bad-key"),
     InlineData("version=x&key=k2&note=x", 400, "request.bad-precondition"), InlineData("key=k3&note=x", 428, "precondition.required"), InlineData("version=2&key=k4&note=%FF%FE", 400, "request.malformed"),
     InlineData("version=2&key=k5&note=%00", 422, "text.bad-character"), InlineData("version=2&key=k6", 422, "text.required")]
    public async Task A_form_that_no_page_made_is_refused(string body, int status, string code)
    {
        var (id, editor) = (await installed.InReview(), As(Account.Editor));
        var page = (await editor.Send(HttpMethod.Post, $"/newsroom/articles/{id}/changes-request", Visitor.Raw(Encoding.ASCII.GetBytes(body)))).Must(status);
        Assert.Contains(code, page.Document.QuerySelectorAll("code").Select(c => c.TextContent));
        Assert.Equal(2, await installed.Events(id));
    }

    [Theory, InlineData("application/json", "{}"), InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n--x--\r\n"), InlineData("text/plain", "note=x")]
    public async Task What_is_no_form_is_refused(string type, string body)
    {
        var (id, editor) = (await installed.InReview(), As(Account.Editor));
        (await editor.Send(HttpMethod.Post, $"/newsroom/articles/{id}/changes-request", Visitor.Raw(Encoding.ASCII.GetBytes(body), type))).Must(415);
        Assert.Equal(2, await installed.Events(id));
    }

    [Fact]
    public async Task A_form_that_is_too_large_is_refused()
    {
        var (id, editor) = (await installed.InReview(), As(Account.Editor));
        (await editor.Send(HttpMethod.Post, $"/newsroom/articles/{id}/changes-request", Visitor.Raw([.. "note="u8, .. Enumerable.Repeat((byte)'a', 1_000_001)]))).Must(413);
    }
}
