using Vigil.Contracts.Authoring;
using Vigil.Kit;

namespace Vigil.Publishing.Tests.Publications;

/// <summary>Messages come late, twice and out of order; what readers see is what the newest said.</summary>
public sealed class MessageTests(Installed installed)
{
    Platform Platform => installed.Platform;

    static ArticleReleased Next(ArticleReleased story, long version, string? headline = null) => story with
    {
        Version = version, Kind = ReleaseKind.Update, TextHash = $"{Guid.NewGuid():N}", Text = story.Text with { Headline = headline ?? story.Text.Headline },
    };

    static ArticleTakenDown TakeDown(ArticleReleased story, long version) => new() { ArticleId = story.ArticleId, Version = version, At = story.At };

    static ArticleWithdrawn Withdraw(ArticleReleased story, long version, params string[] editions) =>
        new() { ArticleId = story.ArticleId, Version = version, At = story.At, Editions = editions.Length > 0 ? editions : null };

    static ArticleRetracted Retract(ArticleReleased story, long version, string notice = "We were deceived.", string? reason = null) => new()
    {
        ArticleId = story.ArticleId, Version = version, At = story.At, NoticeHash = $"{Guid.NewGuid():N}", Notice = new(notice, reason),
    };

    Task<Reply> Until(ArticleReleased story, string edition, int status, string? address = null) =>
        Wait.Until(() => address is null ? installed.ById(edition, story.ArticleId) : Platform.Get(edition, address), r => r.Status == status, $"{status} in {edition}");

    [Fact]
    public async Task An_older_release_after_a_newer_one_changes_nothing()
    {
        var story = Installed.Story();
        var newer = Next(story, 9, "The newer");
        var address = await installed.Show(newer);
        await Platform.Wire.Publish(story);
        await installed.Show(Next(story, 12, "The newest"));
        Assert.Contains("The newest", (await Platform.Get("au", address)).Must(200).Text, StringComparison.Ordinal);
        Assert.Equal(["publication.released.v2", "publication.released.v2", "publication.revised.v2", "publication.revised.v2"], await installed.Events(story.ArticleId));
    }

    [Fact]
    public async Task Five_doubles_are_one()
    {
        var (story, id) = (Installed.Story("au"), Guid.NewGuid());
        foreach (var _ in Enumerable.Range(0, 5)) await Platform.Wire.Publish(story, id);
        foreach (var _ in Enumerable.Range(0, 5)) await Platform.Wire.Publish(story);
        await installed.Show(Next(story, 5));
        foreach (var _ in Enumerable.Range(0, 5)) await Platform.Wire.Publish(Withdraw(story, 6));
        await Until(story, "au", 404);
        foreach (var _ in Enumerable.Range(0, 5)) await Platform.Wire.Publish(TakeDown(story, 7));
        await Until(story, "au", 410);
        await installed.Quiet();
        Assert.Equal(["publication.released.v2", "publication.revised.v2", "publication.withdrawn.v1", "publication.taken-down.v1"], await installed.Events(story.ArticleId));
        Assert.Equal((0, 0), (await Platform.Wire.Errors("publishing-releases"), await Platform.Wire.Errors("publishing-endings")));
    }

    [Fact]
    public async Task An_ending_that_comes_before_its_release_wins()
    {
        var (withdrawn, takenDown, erased) = (Installed.Story(), Installed.Story(), Installed.Story());
        await Platform.Wire.Publish(Withdraw(withdrawn, 5));
        await Platform.Wire.Publish(TakeDown(takenDown, 5));
        await Platform.Wire.Publish(new TextErased { ArticleId = erased.ArticleId, Version = 5, TextHash = erased.TextHash });
        await installed.Quiet();
        foreach (var late in new[] { withdrawn, takenDown, erased }) await Platform.Wire.Publish(late);
        await installed.Quiet();
        foreach (var late in new[] { withdrawn, takenDown, erased })
        {
            foreach (var edition in new[] { "au", "de" })
            {
                (await installed.ById(edition, late.ArticleId)).MustBe(404, "publication.unknown");
                (await Platform.Get(edition, $"/news/{late.Text.Slug}")).Must(404);
            }
            Assert.Empty(await installed.Events(late.ArticleId));
        }
        foreach (var ended in new[] { takenDown, erased }) Assert.Empty(await Platform.TablesWith("publishing", ended.Text.Headline));
        await installed.Show(Next(withdrawn, 6));
    }

    [Fact]
    public async Task Withdrawn_is_as_if_it_had_never_been_and_comes_back_at_its_address()
    {
        var story = Installed.Story();
        var address = await installed.Show(story);
        await Platform.Wire.Publish(Withdraw(story, 5, "de"));
        await Until(story, "de", 404, address);
        (await Platform.Get("au", address)).Must(200);
        await Platform.Wire.Publish(Withdraw(story, 6));
        await Until(story, "au", 404, address);
        Assert.Equal((await Platform.Get("au", "/news/there-never-was-one")).Text, (await Platform.Get("au", address)).Text);
        foreach (var list in new[] { "/", "/news", "/feeds/news.rss", "/api/content/v1/editions/au/articles?limit=100" })
            Assert.DoesNotContain(story.Text.Headline, (await Platform.Get("au", list)).Must(200).Text, StringComparison.Ordinal);
        // Another wants its address meanwhile.
        Assert.Equal($"{address}-2", await installed.Show(Installed.Story("au") is var other ? other with { Text = other.Text with { Slug = story.Text.Slug } } : other));
        Assert.Equal(address, await installed.Show(Next(story, 8)));
    }

    [Fact]
    public async Task An_edition_that_a_release_no_longer_names_goes_dark()
    {
        var story = Installed.Story();
        var address = await installed.Show(story);
        await installed.Show(Next(story, 5) with { Editions = ["de"] });
        (await Platform.Get("au", address)).Must(404);
        (await Platform.Get("de", address)).Must(200);
    }

    [Fact]
    public async Task A_takedown_leaves_no_word_and_keeps_the_address_shut()
    {
        var word = $"zq{Guid.NewGuid():N}";
        var story = Installed.Story() is var s ? s with
        {
            Text = new()
            {
                Headline = word, Standfirst = word, Body = [new($"<p>{word}</p>", null, null)], Language = "en", Slug = word, Byline = new(BylineKind.Named, word), Countries = ["KP"], Topics = [word],
                Quotations = [new(word, Attribution.Described, word)], PrayerPoints = new(word, [word]), Related = [new(word, $"https://{word}.example", word)],
            },
        } : s;
        await installed.Show(story);
        var second = Next(story, 5, $"{word} again");
        var address = await installed.Show(second);
        Assert.Empty((await Platform.TablesWith("publishing", word)).Intersect(["publishing.mt_events", "publishing.mt_streams", "publishing.mt_doc_slugreservation"]));
        await Platform.Wire.Publish(TakeDown(story, 6));
        await Until(story, "au", 410, address);
        Assert.Empty(await Platform.TablesWith("publishing", word));
        Assert.DoesNotContain(Platform[Services.Publishing].Log, line => line.Contains(word, StringComparison.Ordinal));

        foreach (var edition in new[] { "au", "de" })
        {
            var gone = (await Platform.Get(edition, address)).Must(410);
            Assert.DoesNotContain(word, gone.Text, StringComparison.Ordinal);
            (await installed.ById(edition, story.ArticleId)).MustBe(410, "publication.gone");
            (await Platform.Get(edition, $"/api/content/v1/editions/{edition}/articles/{word}")).MustBe(410, "publication.gone");
            foreach (var list in new[] { "/news", "/feeds/news.rss", $"/api/content/v1/editions/{edition}/articles?limit=100" })
                Assert.DoesNotContain(word, (await Platform.Get(edition, list)).Must(200).Text, StringComparison.Ordinal);
            (await Platform.Get(edition, $"/topics/{word}")).Must(404);
        }
        var other = Installed.Story("au");
        Assert.Equal($"/news/{word}-2", await installed.Show(other with { Text = other.Text with { Slug = word } }));
        (await Platform.Get("au", address)).Must(410);

        // No release brings it back, however new.
        await Platform.Wire.Publish(Next(story, 20));
        await installed.Quiet();
        (await installed.ById("au", story.ArticleId)).Must(410);
    }

    [Fact]
    public async Task A_retraction_leaves_its_notice_and_the_headline_and_no_other_word_for_ever()
    {
        var (word, headline, notice, reason) = ($"zq{Guid.NewGuid():N}", Draft.Headline(), $"notice {Guid.NewGuid():N}", $"reason {Guid.NewGuid():N}");
        var story = Installed.Story() is var s ? s with
        {
            Text = s.Text with
            {
                Headline = headline, Standfirst = word, Body = [new($"<p>{word}</p>", null, null)], Byline = new(BylineKind.Named, word), Countries = ["KP"],
                Quotations = [new(word, Attribution.Described, word)], PrayerPoints = new(word, [word]), Related = [new(word, $"https://{word}.example", word)],
            },
        } : s;
        var address = await installed.Show(story);
        // Dark in one edition: its page answers again, with the notice.
        await Platform.Wire.Publish(Withdraw(story, 5, "de"));
        await Until(story, "de", 404, address);
        await using var ended = await Platform.Wire.Listen<Contracts.Publishing.PublicationEnded>();
        var retraction = Retract(story, 6, $"{notice}\n\n<script>", reason);
        foreach (var _ in Enumerable.Range(0, 3)) await Platform.Wire.Publish(retraction);
        foreach (var edition in new[] { "au", "de" })
        {
            var page = (await Wait.Until(() => Platform.Get(edition, address), r => r.Text.Contains(notice, StringComparison.Ordinal), $"the notice in {edition}")).Must(200);
            foreach (var said in new[] { headline, reason, "noindex", "\"creativeWorkStatus\":\"Retracted\"", "&lt;script&gt;" }) Assert.Contains(said, page.Text, StringComparison.Ordinal);
            var item = (await installed.ById(edition, story.ArticleId)).Must(200);
            Assert.Equal((headline, "", "", $"{notice}\n\n<script>", reason),
                (item["headline"].GetString(), item["html"].GetString(), item["text"].GetString(), item["retraction"].GetProperty("notice").GetString(), item["retraction"].GetProperty("reason").GetString()));
            Assert.Equal(item.Text, (await Platform.Get(edition, $"/api/content/v1/editions/{edition}{address.Replace("/news/", "/articles/", StringComparison.Ordinal)}")).Must(200).Text);
            foreach (var list in new[] { "/", "/news", "/countries", $"/api/content/v1/editions/{edition}/articles?limit=100" })
                Assert.DoesNotContain(headline, (await Platform.Get(edition, list)).Must(200).Text, StringComparison.Ordinal);
        }
        Assert.Empty(await Platform.TablesWith("publishing", word));
        // Nothing brings it back: neither what was late, nor what is newer, nor what says it again.
        await Platform.Wire.Publish(story);
        await Platform.Wire.Publish(Next(story, 5) with { Editions = ["au", "de", "fr"] });
        await Platform.Wire.Publish(Next(story, 20));
        await Platform.Wire.Publish(Withdraw(story, 21));
        await Platform.Wire.Publish(retraction);
        await installed.Quiet();
        Assert.Empty(await Platform.TablesWith("publishing", word));
        Assert.Contains(notice, (await Platform.Get("au", address)).Must(200).Text, StringComparison.Ordinal);
        Assert.Equal(["publication.released.v2", "publication.released.v2", "publication.withdrawn.v1", "publication.retracted.v1", "publication.retracted.v1"], await installed.Events(story.ArticleId));
        var told = await Wait.Until(() => Task.FromResult(ended.Heard.Where(m => m.ArticleId == story.ArticleId && m.Ending is Contracts.Publishing.Ending.Retracted).ToArray()), m => m.Length >= 2, "two endings announced");
        Assert.Equal(["au", "de"], told.Select(m => m.Edition).Order());
        Assert.All(told, m => Assert.Equal((retraction.NoticeHash, reason, headline, address, (string?)null), (m.NoticeHash, m.Notice!.Reason, m.Text!.Headline, $"/news/{m.Text.Slug}", m.Text.Standfirst)));

        // Words can be erased from it, one by one, and it can still be taken down.
        await Platform.Wire.Publish(new TextErased { ArticleId = story.ArticleId, Version = 22, TextHash = retraction.NoticeHash });
        await Wait.Until(() => Platform.TablesWith("publishing", notice), found => found.Count == 0, "the notice erased");
        Assert.Contains(headline, (await Platform.Get("au", address)).Must(200).Text, StringComparison.Ordinal);
        await Platform.Wire.Publish(new TextErased { ArticleId = story.ArticleId, Version = 23, TextHash = story.TextHash });
        await Wait.Until(() => Platform.TablesWith("publishing", headline), found => found.Count == 0, "the headline erased");
        Assert.DoesNotContain(headline, (await Platform.Get("au", address)).Must(200).Text, StringComparison.Ordinal);
        await Platform.Wire.Publish(TakeDown(story, 24));
        foreach (var edition in new[] { "au", "de" }) await Until(story, edition, 410, address);
        (await installed.ById("au", story.ArticleId)).MustBe(410, "publication.gone");
    }

    [Fact]
    public async Task A_retraction_that_comes_before_its_release_or_after_its_own_erasure_ends_the_story_all_the_same()
    {
        var (early, silent) = (Installed.Story("au"), Installed.Story("au"));
        await Platform.Wire.Publish(Retract(early, 5));
        await installed.Quiet();
        await Platform.Wire.Publish(early);
        var address = await installed.Show(silent);
        var retraction = Retract(silent, 5, "unsayable");
        await Platform.Wire.Publish(new TextErased { ArticleId = silent.ArticleId, Version = 6, TextHash = retraction.NoticeHash });
        await installed.Quiet();
        await Platform.Wire.Publish(retraction);
        await installed.Quiet();
        (await Platform.Get("au", $"/news/{early.Text.Slug}")).Must(404);
        Assert.Empty(await Platform.TablesWith("publishing", early.Text.Headline));
        Assert.Contains("This story has been retracted", (await Platform.Get("au", address)).Must(200).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("One paragraph", (await Platform.Get("au", address)).Text, StringComparison.Ordinal);
        Assert.Empty(await Platform.TablesWith("publishing", "unsayable"));
    }

    [Fact]
    public async Task Erased_words_go_from_every_page_and_do_not_come_back()
    {
        var word = $"zq{Guid.NewGuid():N}";
        var story = Installed.Story() is var s ? s with { Text = s.Text with { Headline = word, Standfirst = word } } : s;
        var address = await installed.Show(story);
        await Platform.Wire.Publish(new TextErased { ArticleId = story.ArticleId, Version = 5, TextHash = story.TextHash });
        await Until(story, "au", 404, address);
        Assert.Empty(await Platform.TablesWith("publishing", word));
        await Platform.Wire.Publish(story with { Version = 6 });
        await installed.Quiet();
        Assert.Empty(await Platform.TablesWith("publishing", word));
        // Other words of the same story may stand there.
        Assert.Equal(address, await installed.Show(Next(story, 7, "Other words") is var n ? n with { Text = n.Text with { Standfirst = null } } : n));
    }

    [Fact]
    public async Task Ten_with_one_wish_get_ten_addresses()
    {
        var wish = $"w-{Guid.NewGuid():N}";
        var stories = Enumerable.Range(0, 10).Select(_ => Installed.Story("au") is var s ? s with { Text = s.Text with { Slug = wish } } : s).ToArray();
        await Task.WhenAll(stories.Select(s => Platform.Wire.Publish(s)));
        var addresses = await Task.WhenAll(stories.Select(installed.Shown));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"/news/{wish}{(i == 1 ? "" : $"-{i}")}").Order(), addresses.Order());
        foreach (var (story, address) in stories.Zip(addresses)) Assert.Contains(story.Text.Headline, (await Platform.Get("au", address)).Must(200).Text, StringComparison.Ordinal);
    }
}
