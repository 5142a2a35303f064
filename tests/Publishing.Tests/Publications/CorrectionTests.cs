using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Vigil.Contracts.Authoring;
using Vigil.Contracts.Publishing;
using Vigil.Kit;
using Correction = Vigil.Contracts.Authoring.Correction;
using CorrectionClass = Vigil.Contracts.Authoring.CorrectionClass;

namespace Vigil.Publishing.Tests.Publications;

/// <summary>What readers are told of changes, and of which they must not see that they were made.</summary>
public sealed partial class CorrectionTests(Installed installed)
{
    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly XNamespace Atom = "http://www.w3.org/2005/Atom", Content = "http://purl.org/rss/1.0/modules/content/";

    Platform Platform => installed.Platform;

    static ArticleReleased Change(ArticleReleased story, long version, ReleaseKind kind, params Correction[] corrections) => story with
    {
        Version = version, Kind = kind, At = Noon.AddDays(version), TextHash = $"{Guid.NewGuid():N}", Modified = corrections.Length > 0 ? corrections[^1].At : story.Modified,
        Corrections = corrections.Length > 0 ? corrections : story.Corrections,
    };

    async Task<XElement> Item(string edition, ArticleReleased story) => XDocument.Parse((await Platform.Get(edition, "/feeds/news.rss")).Must(200).Text).Descendants("item")
        .Single(i => i.Element("guid")!.Value == $"urn:uuid:{Publishing.Publications.Publication.IdOf(story.ArticleId, edition)}");

    [GeneratedRegex("<script type=\"application/ld\\+json\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Data();

    async Task<string> Page(string edition, string address) => Regex.Replace((await Platform.Get(edition, address)).Must(200).Text, @"\s+", " ");

    [Fact]
    public async Task Readers_are_told_of_a_correction_wherever_the_story_stands_and_of_a_minor_one_nowhere()
    {
        var edition = await installed.NewEdition();
        var story = Installed.Story(edition) with { FirstPublished = Noon };
        var address = await installed.Show(story);
        await using var changed = await Platform.Wire.Listen<PublicationChanged>();

        // A spelling.
        var minor = Change(story, 5, ReleaseKind.Correction) is var c ? c with { Text = c.Text with { Body = [new("<p>One paragraf.</p>", null, null)] } } : c;
        var before = await Platform.Get(edition, "/feeds/news.rss");
        await installed.Show(minor);
        var page = await Page(edition, address);
        Assert.Contains("One paragraf.", page, StringComparison.Ordinal);
        foreach (var absent in new[] { "modified_time", "CorrectionComment", "class=\"corrections\"" }) Assert.DoesNotContain(absent, page, StringComparison.Ordinal);
        Assert.Equal(XDocument.Parse(before.Text).Descendants("lastBuildDate").Single().Value, XDocument.Parse((await Platform.Get(edition, "/feeds/news.rss")).Text).Descendants("lastBuildDate").Single().Value);
        Assert.Null((await Item(edition, story)).Element(Atom + "updated"));
        Assert.Contains("Nothing has been corrected so far.", await Page(edition, "/corrections"), StringComparison.Ordinal);

        Correction one = new(Noon.AddDays(6), CorrectionClass.Fact, $"one {Guid.NewGuid():N}\nIt was a lamp <b>."), two = new(Noon.AddDays(7), CorrectionClass.Update, $"two {Guid.NewGuid():N}");
        var mail = Noon.AddDays(8);
        await installed.Show(Change(minor, 6, ReleaseKind.Correction, one) with { MailAt = mail });
        await installed.Show(Change(minor, 7, ReleaseKind.Correction, one, two));
        var last = Change(minor, 9, ReleaseKind.Correction, one, two) with { Modified = two.At, MailAt = mail };
        await installed.Show(last);

        page = await Page(edition, address);
        Assert.True(page.IndexOf(two.Note, StringComparison.Ordinal) is var first and > 0 && first < page.IndexOf("<p>It was a lamp &lt;b&gt;.</p>", StringComparison.Ordinal), "The newest note comes first.");
        Assert.Contains("<strong>Correction</strong> <time datetime=\"2026-03-07T23:00:00&#x2B;11:00\">7 March 2026</time>", page, StringComparison.Ordinal);
        Assert.Contains("<strong>Update</strong>", page, StringComparison.Ordinal);
        var data = JsonDocument.Parse(Assert.Single(Data().Matches(page)).Groups[1].Value).RootElement;
        Assert.Equal(("2026-03-01T23:00:00+11:00", "2026-03-08T23:00:00+11:00"), (data.GetProperty("datePublished").GetString(), data.GetProperty("dateModified").GetString()));
        Assert.Equal([("CorrectionComment", two.Note), ("CorrectionComment", one.Note)],
            data.GetProperty("correction").EnumerateArray().Select(x => (x.GetProperty("@type").GetString()!, x.GetProperty("text").GetString()!)));

        var item = (await installed.ById(edition, story.ArticleId)).Must(200);
        Assert.Equal([(two.At, "update", two.Note), (one.At, "fact", one.Note)],
            item["corrections"].EnumerateArray().Select(x => (x.GetProperty("at").GetDateTimeOffset(), x.GetProperty("class").GetString()!, x.GetProperty("note").GetString()!)));
        Assert.Equal((Noon, two.At), (item["published"].GetDateTimeOffset(), item["modified"].GetDateTimeOffset()));

        var told = await Item(edition, story);
        Assert.Equal(two.At, DateTimeOffset.Parse(told.Element(Atom + "updated")!.Value, CultureInfo.InvariantCulture));
        Assert.Equal(Noon, DateTimeOffset.Parse(told.Element("pubDate")!.Value, CultureInfo.InvariantCulture));
        Assert.Contains(two.Note, told.Element(Content + "encoded")!.Value, StringComparison.Ordinal);

        var list = await Page(edition, "/corrections");
        Assert.True(list.IndexOf(two.Note, StringComparison.Ordinal) is var newest and > 0 && newest < list.IndexOf("It was a lamp", StringComparison.Ordinal));
        Assert.Equal(2, Regex.Count(list, Regex.Escape(address)));

        // Said once each: neither by what was minor, nor again by what repeats the notes.
        var heard = await Wait.Until(() => Task.FromResult(changed.Heard.Where(m => m.ArticleId == story.ArticleId).ToArray()), m => m.Length == 4, "four changes announced");
        Assert.Equal([(5, null, null), (6, one.Note, mail), (7, two.Note, null), (9, (string?)null, (DateTimeOffset?)null)], heard.Select(m => ((int)m.Version, m.Correction?.Note, m.MailAt)));
        Assert.All(heard, m => Assert.Null(m.ForgetBefore));

        // Dark, nothing of it is left; back, all of it is.
        await Platform.Wire.Publish(new ArticleWithdrawn { ArticleId = story.ArticleId, Version = 10, At = Noon });
        await Wait.Until(() => Platform.Get(edition, "/corrections"), r => !r.Text.Contains(two.Note, StringComparison.Ordinal), "an empty list of corrections");
        await installed.Show(last with { Version = 11, Kind = ReleaseKind.Update });
        Assert.Contains(two.Note, await Page(edition, "/corrections"), StringComparison.Ordinal);
        await Platform.Wire.Publish(new TextErased { ArticleId = story.ArticleId, Version = 12, TextHash = last.TextHash });
        await Wait.Until(() => Platform.TablesWith("publishing", two.Note), found => found.Count == 0, "the notes gone with the words that they are about");
    }

    [Fact]
    public async Task A_list_of_corrections_pages_newest_first_in_the_words_of_its_edition_retractions_among_them()
    {
        var key = Installed.NewKey();
        var settings = Installed.Settings(key);
        settings["language"] = "de";
        (await installed.Set(key, settings)).Must(201);
        await Wait.Until(() => Platform.Get(key, "/"), r => r.Status == 200, $"the site of {key}");
        var notes = Enumerable.Range(0, 23).Select(n => new Correction(Noon.AddMinutes(n / 2), (CorrectionClass)(n % 3), $"Anmerkung {n:00}.")).ToArray();
        await installed.Show(Change(Installed.Story(key), 5, ReleaseKind.Correction, notes));
        var retracted = Installed.Story(key);
        await installed.Show(retracted);
        await Platform.Wire.Publish(new ArticleRetracted { ArticleId = retracted.ArticleId, Version = 5, At = Noon.AddYears(-1), NoticeHash = $"{Guid.NewGuid():N}", Notice = new("Wir nehmen das zurück.", null) });
        await Wait.Until(() => installed.ById(key, retracted.ArticleId), r => r.Text.Contains("Wir nehmen das zurück.", StringComparison.Ordinal), "the notice");
        List<string> seen = [];
        var path = "/corrections";
        var pages = 0;
        do
        {
            var page = await Page(key, path);
            seen.AddRange(Regex.Matches(page, @"Anmerkung \d\d\.|Wir nehmen das zurück\.").Select(m => m.Value));
            foreach (var word in new[] { "Korrekturen", "Berichtigung", "Klarstellung", "Ergänzung" }) Assert.True(pages > 0 || page.Contains(word, StringComparison.Ordinal), word);
            path = Regex.Match(page, "rel=\"next\" href=\"([^\"]+)\"") is { Success: true } next ? next.Groups[1].Value : "";
            if (path.Length == 0) Assert.Contains("Widerruf", page, StringComparison.Ordinal);
        } while (path.Length > 0 && ++pages < 9);
        Assert.Equal(24, seen.Distinct().Count());
        Assert.Equal((24, 1, "Wir nehmen das zurück."), (seen.Count, pages, seen[^1]));
        (await Platform.Get(key, "/corrections?after=nonsense")).Must(404);
    }

    [Fact]
    public async Task A_protective_correction_looks_like_a_minor_one_and_leaves_no_earlier_word()
    {
        var (word, name) = ($"zq{Guid.NewGuid():N}", $"ann-{Guid.NewGuid():N}");
        var story = Installed.Story("au", "de") is var s ? s with { FirstPublished = Noon, Text = s.Text with { Standfirst = word, Body = [new($"<p>{word}</p>", null, null)], Topics = [word], Slug = name } } : s;
        await installed.Show(story);
        var noted = new Correction(Noon.AddDays(5), CorrectionClass.Fact, $"{word} was misspelt.");
        var second = Change(story, 5, ReleaseKind.Correction, noted);
        await installed.Show(second);
        await Platform.Wire.Publish(new ArticleWithdrawn { ArticleId = story.ArticleId, Version = 6, At = Noon, Editions = ["de"] });
        await Wait.Until(() => installed.ById("de", story.ArticleId), r => r.Status == 404, "dark in de");
        await using var changed = await Platform.Wire.Listen<PublicationChanged>();

        var safe = Draft.Headline("Safer words");
        var text = new ReleasedText { Headline = safe, Body = [new("<p>Somebody said so.</p>", null, null)], Language = "en", Slug = $"safe-{Guid.NewGuid():N}" };
        var kept = new Correction(Noon.AddDays(5), CorrectionClass.Fact, "A name was misspelt.");
        var protective = Change(story, 8, ReleaseKind.Protective) with { Editions = ["au"], Text = text, Modified = kept.At, Corrections = [kept], MailAt = Noon };
        foreach (var _ in Enumerable.Range(0, 3)) await Platform.Wire.Publish(protective);
        var address = await installed.Shown(protective);
        Assert.Equal($"/news/{text.Slug}", address);
        foreach (var forbidden in new[] { word, name, story.Text.Headline }) Assert.Empty(await Platform.TablesWith("publishing", forbidden));
        (await Platform.Get("au", $"/news/{name}")).Must(410);
        (await Platform.Get("de", $"/news/{name}")).Must(404);
        var item = (await installed.ById("au", story.ArticleId)).Must(200);
        Assert.Equal((Noon, kept.At, 1), (item["published"].GetDateTimeOffset(), item["modified"].GetDateTimeOffset(), item["corrections"].GetArrayLength()));

        // What is late does not bring them back, nor what is newer and carries them.
        foreach (var late in new[] { story, second, Change(story, 7, ReleaseKind.Update), second with { Version = 9, Kind = ReleaseKind.Update } }) await Platform.Wire.Publish(late);
        await installed.Quiet();
        foreach (var forbidden in new[] { word, name, story.Text.Headline }) Assert.Empty(await Platform.TablesWith("publishing", forbidden));
        Assert.Contains(safe, (await Platform.Get("au", address)).Must(200).Text, StringComparison.Ordinal);
        var heard = Assert.Single(await Wait.Until(() => Task.FromResult(changed.Heard.Where(m => m.ArticleId == story.ArticleId).ToArray()), m => m.Length > 0, "the change announced"));
        Assert.Equal((8L, 8L, null, (DateTimeOffset?)null), (heard.Version, heard.ForgetBefore!.Value, heard.Correction?.Note, heard.MailAt));
        Assert.DoesNotContain(Platform[Services.Publishing].Log, line => line.Contains(word, StringComparison.Ordinal));

        // A translation has a safe successor at last. Nobody is ever given the address with the name.
        await installed.Show(Change(protective, 12, ReleaseKind.Update) with { Editions = ["au", "de"], Text = text });
        (await Platform.Get("de", address)).Must(200);
        var other = Installed.Story("au");
        Assert.Equal($"/news/{name}-2", await installed.Show(other with { Text = other.Text with { Slug = name } }));
        // Words that keep their wish keep their address.
        Assert.Equal(address, await installed.Show(Change(protective, 13, ReleaseKind.Protective) with { Editions = ["au", "de"], Text = text with { Headline = $"{safe} again" } }));
        Assert.Empty(await Platform.TablesWith("publishing", $"\"{safe}\""));
    }

    [Fact]
    public async Task A_protective_correction_that_comes_late_or_without_its_words_protects_all_the_same()
    {
        var (late, wordless) = (Installed.Story("au"), Installed.Story("au"));
        await installed.Show(late);
        var newest = Change(late, 9, ReleaseKind.Update) with { Text = late.Text with { Headline = Draft.Headline("The newest") } };
        await installed.Show(newest);
        await Platform.Wire.Publish(Change(late, 7, ReleaseKind.Protective) with { Text = late.Text with { Headline = "never shown" } });
        await Wait.Until(() => Platform.TablesWith("publishing", late.Text.Headline), found => found.Count == 0, "the older words gone");
        Assert.Contains(newest.Text.Headline, (await Platform.Get("au", $"/news/{late.Text.Slug}")).Must(200).Text, StringComparison.Ordinal);

        await installed.Show(wordless);
        var protective = Change(wordless, 7, ReleaseKind.Protective) with { Text = wordless.Text with { Headline = "erased on the way" } };
        await Platform.Wire.Publish(new TextErased { ArticleId = wordless.ArticleId, Version = 8, TextHash = protective.TextHash });
        await installed.Quiet();
        await Platform.Wire.Publish(protective);
        await Wait.Until(() => installed.ById("au", wordless.ArticleId), r => r.Status == 404, "dark for want of safe words");
        Assert.Empty(await Platform.TablesWith("publishing", wordless.Text.Headline));
        await installed.Show(Change(wordless, 10, ReleaseKind.Update) with { Text = wordless.Text with { Headline = Draft.Headline("Safe at last") } });
    }
}
