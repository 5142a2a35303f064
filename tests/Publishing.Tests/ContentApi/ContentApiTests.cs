using System.Text.Json;
using Vigil.Contracts.Authoring;
using Vigil.Kit;

namespace Vigil.Publishing.Tests.ContentApi;

public sealed class ContentApiTests(Installed installed)
{
    const string Articles = "/api/content/v1/editions/au/articles";

    [Theory]
    [InlineData("?limit=0", "limit"), InlineData("?limit=101", "limit"), InlineData("?limit=-1", "limit"), InlineData("?limit=%2B5", "limit"), InlineData("?limit=canary-q7x", "limit"), InlineData("?limit=", "limit"),
     InlineData("?limit=99999999999", "limit"), InlineData("?limit=5&limit=6", "limit"), InlineData("?country=canary-q7x", "country"), InlineData("?country=kp", "country"), InlineData("?country=", "country"),
     InlineData("?country=KP&country=ER", "country"), InlineData("?topic=", "topic"), InlineData("?topic=%00", "topic"), InlineData("?topic=%21%21", "topic"), InlineData("?contry=KP", "contry"), InlineData("?Limit=5", "Limit")]
    public async Task A_bad_query_is_refused_by_name(string query, string field)
    {
        var reply = (await installed.Platform.Get("au", Articles + query)).MustBe(400, "request.bad-query");
        Assert.Equal(field, reply["field"].GetString());
        Assert.DoesNotContain("canary", reply.Text, StringComparison.Ordinal);
    }

    [Theory, InlineData("canary-q7x"), InlineData(""), InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), InlineData("________________________________"), InlineData("%00"), InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%3D%3D")]
    public async Task A_bad_cursor_is_refused(string cursor) =>
        Assert.DoesNotContain("canary", (await installed.Platform.Get("au", $"{Articles}?cursor={cursor}")).MustBe(400, "request.bad-cursor").Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("/api/content/v1/editions/nowhere/articles", "edition.unknown"), InlineData("/api/content/v1/editions/AU/articles", "edition.unknown"), InlineData("/api/content/v1/editions/nowhere/countries", "edition.unknown"),
     InlineData($"{Articles}/there-never-was-one", "publication.unknown"), InlineData($"{Articles}/by-id/no-id", "publication.unknown"),
     InlineData($"{Articles}/by-id/6f1d3c0a-9a53-4e53-8c2b-0d9a7a6c1b11", "publication.unknown"), InlineData("/api/content/v1/nothing", "request.not-found"), InlineData("/api/content/v2/editions/au/articles", "request.not-found")]
    public async Task What_is_not_there_is_said_to_be_unknown(string path, string code) => (await installed.Platform.Get("au", path)).MustBe(404, code);

    [Fact]
    public async Task An_item_has_the_members_that_are_listed_and_no_others()
    {
        var now = DateTimeOffset.UtcNow;
        var story = Installed.Story("au") is var s ? s with
        {
            FirstPublished = now.AddDays(-1),
            Text = s.Text with
            {
                Standfirst = "A standfirst.", Countries = ["KP"], Topics = ["neighbours"], Byline = new(BylineKind.Desk, null), Quotations = [new("We share.", Attribution.Described, "a researcher")],
                PrayerPoints = new("For North Korea:", ["For peace."]), Related = [new("More", "https://example.org/more", "Find out more")], Disclosures = [Disclosure.NamesChanged],
            },
        } : s;
        await installed.Show(story);
        var item = (await installed.Platform.Get("au", $"{Articles}/{story.Text.Slug}")).Must(200);
        Assert.Equal(
            "id version slug url headline standfirst html text language byline countries topics quotations prayerPoints related images disclosures corrections translations published modified retraction".Split(' '),
            item.Body.EnumerateObject().Select(m => m.Name));
        Assert.Equal((story.ArticleId, 4, story.Text.Slug, story.Text.Headline), (item.Id, item["version"].GetInt32(), item["slug"].GetString(), item["headline"].GetString()));
        Assert.Equal("""{"code":"KP","name":"North Korea","slug":"north-korea"}""", Assert.Single(item["countries"].EnumerateArray()).GetRawText());
        Assert.Equal("""{"kind":"desk","name":null}""", item["byline"].GetRawText());
        Assert.Equal("""{"lead":"For North Korea:","points":["For peace."]}""", item["prayerPoints"].GetRawText());
        Assert.Equal("names-changed", item["disclosures"][0].GetString());
        Assert.Equal(TimeSpan.Zero, (story.FirstPublished - item["published"].GetDateTimeOffset()).Duration());
        Assert.Equal(item.Text, (await installed.ById("au", story.ArticleId)).Must(200).Text);
        Assert.Equal(item.Text, (await installed.Platform.Get("au", $"{Articles}?limit=100")).Must(200)["items"].EnumerateArray().Single(a => a.GetProperty("id").GetGuid() == story.ArticleId).GetRawText());
        // Whoever asks at another edition's host gets what the path names.
        Assert.Equal(item.Text, (await installed.Platform.Get("de", $"{Articles}/{story.Text.Slug}")).Must(200).Text);
        (await installed.ById("de", story.ArticleId)).MustBe(404, "publication.unknown");
    }

    [Fact]
    public async Task A_withheld_byline_is_said_to_be_withheld()
    {
        var story = Installed.Story("au");
        await installed.Show(story with { Text = story.Text with { Byline = null } });
        var byline = (await installed.ById("au", story.ArticleId)).Must(200)["byline"];
        Assert.Equal(("withheld", JsonValueKind.Null), (byline.GetProperty("kind").GetString(), byline.GetProperty("name").ValueKind));
    }
}
