using System.Text;
using Vigil.Kit;

namespace Vigil.Authoring.Tests.Pages;

/// <summary>Who sees which page, and what a page may do.</summary>
public sealed class PageTests(Installed installed)
{
    // Of whom no other test has emptied anything.
    static readonly IReadOnlyList<Account> Accounts = [.. Account.All.Select(a => a == Account.Machine ? a : a with { Subject = Account.Person($"{a.Name} of the pages").Subject }), Account.Person("reader"), Account.Person("stranger", "Editor", "root")];

    /// <summary>Each account opens each page of a live story, and tries to end it; without a token nobody sees anything.</summary>
    [Fact]
    public async Task Every_role_and_page_does_what_the_table_says()
    {
        var live = await installed.Live();
        var table = new StringBuilder();
        foreach (var account in Accounts.Append(null))
        {
            var visitor = account is null ? new Visitor(installed.Platform, null) : Visitor.As(installed.Platform, account);
            var story = await visitor.Article(live);
            var answers = new List<string>();
            foreach (var path in new[] { "", "/articles/new", $"/articles/{live}/edit" }) answers.Add($"{(await visitor.Open($"/newsroom{path}")).Reply.Status}");
            var fresh = await installed.Live();
            answers.Add($"{(await visitor.Post($"/newsroom/articles/{fresh}/takedown", [new("reason", "x"), new("version", "4"), new("key", $"{fresh}")])).Reply.Status}");
            table.Append($"{account?.Name ?? "no token"}: desk {answers[0]}, new {answers[1]}, edit {answers[2]}, take down {answers[3]}, story {story.Reply.Status} [{string.Join(", ", story.Buttons)}]\n");
        }
        Approved.Is("Authoring.Tests/Pages/roles.approved.txt", table.ToString());
    }

    [Fact]
    public async Task A_page_is_kept_by_nobody_and_may_run_nothing()
    {
        var editor = Visitor.As(installed.Platform, Account.Editor);
        var id = await installed.Drafted();
        foreach (var page in new[] { await editor.Desk(), await editor.Article(id), await editor.Article(id, "/edit"), await editor.Article(Guid.NewGuid()), await editor.Open("/newsroom/nothing") })
        {
            Assert.Contains("no-store", page.Reply.Headers["Cache-Control"]);
            Assert.Equal(("text/html; charset=utf-8", "nosniff", "no-referrer"), (page.Reply.Headers["Content-Type"], page.Reply.Headers["X-Content-Type-Options"], page.Reply.Headers["Referrer-Policy"]));
            Assert.Contains("default-src 'none'; style-src 'self'; form-action 'self'", page.Reply.Headers["Content-Security-Policy"]);
        }
        var sheet = await editor.Open((await editor.Desk()).Document.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!);
        Assert.Equal(("text/css; charset=utf-8", "public, max-age=31536000, immutable"), (sheet.Must(200).Reply.Headers["Content-Type"], sheet.Reply.Headers["Cache-Control"]));
    }

    [Theory, InlineData("/newsroom/articles/{none}", 404, "article.unknown"), InlineData("/newsroom/articles/{none}/edit", 404, "article.unknown"), InlineData("/newsroom/articles/{none}/approval", 404, "article.unknown"),
     InlineData("/newsroom/articles/{id}/nothing", 404, "request.not-found"), InlineData("/newsroom/nothing", 404, "request.not-found"), InlineData("/newsroom?work=canary", 400, "request.bad-query"),
     InlineData("/newsroom?cursor=canary", 400, "request.bad-cursor"), InlineData("/newsroom?mine=canary", 400, "request.bad-query")]
    public async Task What_is_not_there_is_said_in_plain_words(string path, int status, string code)
    {
        var page = (await Visitor.As(installed.Platform, Account.Editor).Open(path.Replace("{none}", $"{Guid.NewGuid()}").Replace("{id}", $"{await installed.Drafted()}"))).Must(status);
        Assert.Equal(code, page.Document.QuerySelector("code")!.TextContent);
        Assert.DoesNotContain("canary", page.Reply.Text);
        Assert.DoesNotContain("Sign in and try again", page.Reply.Text);
    }

    /// <summary>Neither in a list, nor in a count, nor by its address, nor as a form.</summary>
    [Fact]
    public async Task A_story_whose_source_is_at_risk_is_not_there_for_others()
    {
        var (author, other) = (Account.Person($"at risk {Guid.NewGuid()}", "writer"), Visitor.As(installed.Platform, Account.Person($"curious {Guid.NewGuid()}", "writer", "editor")));

        var headline = Draft.Headline("Nobody may know");
        var id = (await installed.Platform.As(author).Draft(Draft.Minimal(headline))).Must(201).Id;
        var before = await other.Desk();
        (await installed.Platform.As(author).Do(id, "protection", new() { ["protected"] = true })).Must(200);
        var after = await other.Desk();
        Assert.Contains(headline, before.Reply.Text);
        Assert.DoesNotContain(headline, after.Reply.Text);
        foreach (var path in new[] { "", "/edit", "/protection", "/protective-correction" }) Assert.Contains(((await other.Article(id, path)).Reply.Status, path), new[] { (404, path) });
        (await other.Post($"/newsroom/articles/{id}/submission", [new("version", "2"), new("key", "k")])).Must(404);
        Assert.Equal(headline, (await Visitor.As(installed.Platform, author).Article(id)).Heading);
        Assert.Equal(1, (await Visitor.As(installed.Platform, author).Desk("?mine=true")).Document.QuerySelectorAll(".desk li").Length);

    }

    [Fact]
    public async Task The_desk_filters_counts_and_pages()
    {
        var account = Account.Person($"desk {Guid.NewGuid()}", "writer", "editor");
        var (me, page) = (installed.Platform.As(account), Visitor.As(installed.Platform, account));
        Assert.Contains("No story is like that", (await page.Desk("?mine=true")).Document.QuerySelector(".empty")!.TextContent);
        var ids = new List<Guid>();
        for (var i = 0; i < 52; i++) ids.Add((await me.Draft(Draft.Minimal())).Must(201).Id);
        (await me.Submit(ids[^1])).Must(200);
        (await me.Submit(ids[^2])).Must(200);
        (await installed.Editor.Approve(ids[^2])).Must(200);

        var first = (await page.Desk("?mine=true")).Must(200);
        Assert.Equal(["All 52", "Draft 50", "In review 1", "Approved 1", "All 52", "Not published 52"], first.Document.QuerySelectorAll(".filters a").Select(a => a.TextContent.Trim()).Where(t => char.IsAsciiDigit(t[^1])));
        var older = await page.Open(first.Document.QuerySelector("[rel=next]")!.GetAttribute("href")!);
        Assert.Equal([ids[^2], ids[^1], .. ids.Take(50).Reverse()], new[] { first, older }.SelectMany(p => p.Document.QuerySelectorAll(".desk h2 a").Select(a => Guid.Parse(a.GetAttribute("href")!.Split('/')[3]))));
        Assert.All(first.Document.QuerySelectorAll(".changed .by"), by => Assert.Equal("by you", by.TextContent));
        Assert.Equal(ids[^2], Guid.Parse(Assert.Single((await page.Desk("?mine=true&work=approved")).Document.QuerySelectorAll(".desk h2 a")).GetAttribute("href")!.Split('/')[3]));
        // Nobody is asked to approve their own.
        Assert.DoesNotContain("Needs approval", (await page.Desk("?mine=true&work=in-review")).Reply.Text);
    }

    /// <summary>A command that the API takes and no page gives would be one for programs alone.</summary>
    [Fact]
    public void Every_command_has_its_button() => Assert.Equal(Vigil.Authoring.Articles.Articles.Offers.Select(o => o.Name).Order(StringComparer.Ordinal),
        Vigil.Authoring.Newsroom.Commands.All.Where(c => c.Method == "POST").Select(c => c.Name).Except(["unembargo", "unprotection"]).Concat(["revision", Vigil.Authoring.Newsroom.Commands.SafetyEdit]).Order(StringComparer.Ordinal));

    /// <summary>People know things by other names than the API does.</summary>
    [Fact]
    public void Refusals_speak_the_newsrooms_words()
    {
        string[] spoken = ["article.", "text.", "value.", "list.", "precondition.", "command.", "request."];
        foreach (var code in Vigil.Hosting.Refusals.All.Keys.Where(c => spoken.Any(s => c.StartsWith(s, StringComparison.Ordinal))))
        {
            var said = Vigil.Authoring.Newsroom.Words.Of(new Vigil.Hosting.Fault(code));
            Assert.False(System.Text.RegularExpressions.Regex.IsMatch(said, @"If-Match|ETag|JSON|Idempotency|RFC|\b[Ww]ithdraw|\b[Ee]dition|\bslug\b|API|BCP|ISO"), $"{code}: {said}");
        }
    }
}
