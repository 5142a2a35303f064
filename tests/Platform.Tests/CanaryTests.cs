using System.Text.Json.Nodes;

namespace Vigil.Journeys;

/// <summary>Streams are for ever, and logs, traces and figures go everywhere: none has a word that anybody wrote.</summary>
[Collection(nameof(Installed))]
public sealed class CanaryTests(Installed installed)
{
    Platform Platform => installed.Platform;

    [Fact]
    public async Task No_word_of_any_request_is_in_a_stream_a_log_or_a_trace()
    {
        var canary = $"canary{Guid.NewGuid():N}";
        var (writer, editor) = (Platform.As(Account.Writer), Platform.As(Account.Editor));
        var edition = $"c{canary[^8..]}";
        (await Platform.As(Account.Admin).Send(HttpMethod.Put, $"/api/publishing/v1/editions/{edition}", new JsonObject
        {
            ["name"] = canary, ["hosts"] = new JsonArray($"{canary}.localhost"), ["language"] = "en", ["timeZone"] = "UTC", ["theme"] = "clay",
            ["sender"] = new JsonObject { ["name"] = canary, ["address"] = $"{canary}@example.org" }, ["baseAddress"] = $"http://{canary}.localhost",
        })).Must(201);
        var reader = await new Reader(Platform, "au", $"{canary}@example.org").Confirmed();

        var id = (await writer.Draft(Everywhere(canary))).Must(201).Id;
        (await writer.Submit(id)).Must(200);
        var returned = (await editor.RequestChanges(id, $"A note, {canary}.")).Must(200);
        (await writer.Revise(id, returned.Version, Everywhere(canary).With("headline", $"Again {canary}"))).Must(200);
        (await writer.Submit(id)).Must(200);
        (await editor.Approve(id)).Must(200);
        (await editor.Publish(id)).Must(200);
        // Another test's story may be under way to this reader, too.
        var mail = await Wait.Until(() => Task.FromResult(reader.News.FirstOrDefault(m => m.Subject.Contains(canary, StringComparison.Ordinal))!), m => m is not null, "the mail");
        (await reader.OneClick(mail)).Must(200);
        (await writer.Revise(id, (await writer.Read(id)).Version, Everywhere(canary).With("headline", $"Once more {canary}"))).Must(200);
        (await writer.Submit(id)).Must(200);
        (await editor.Approve(id)).Must(200);
        (await editor.Correct(id, "fact", $"A note, {canary}.")).Must(200);
        (await editor.Retract(id, $"A notice, {canary}.", $"A reason, {canary}.")).Must(202);
        (await writer.Protect(id)).Must(200);
        (await Platform.As(Account.Safety).LiftProtection(id, $"A reason, {canary}.")).Must(200);
        (await editor.Withdraw(id, $"A reason, {canary}.")).Must(200);
        (await Platform.As(Account.Safety).Erase(id, 1, $"A reason, {canary}.")).Must(200);
        (await Platform.As(Account.Safety).TakeDown(id, $"A reason, {canary}.")).Must(200);
        await Platform.Dark(id, "au", 410);

        // What is refused was sent, too.
        (await writer.Draft(Everywhere(canary).With(canary, canary))).MustBe(400, "request.unknown-member");
        (await writer.Draft(Everywhere(canary).With("slug", $"{canary} {canary}"))).MustBe(422, "value.bad-slug");
        (await writer.Send(HttpMethod.Post, "/api/newsroom/v1/articles", new StringContent($"{{\"headline\": \"{canary}", System.Text.Encoding.UTF8, "application/json"))).Must(400);
        (await writer.List($"?cursor={canary}")).Must(400);
        (await editor.Correct(id, canary, canary)).MustBe(400, "request.malformed");
        (await editor.ScheduleLocally(id, canary)).MustBe(422, "value.bad-local-time");
        (await Platform.Get("au", $"/news/no-{canary}?q={canary}")).Must(404);
        (await Platform.Send(new HttpRequestMessage(HttpMethod.Post, Platform.At($"/u/{canary}", "au.localhost")))).Must(404);

        Assert.NotEmpty(await Platform.InTables(canary));
        Assert.Empty(await Platform.InTables(canary, "mt_event%"));
        Assert.Empty(await Platform.InTables(canary, "mt_streams%"));
        Assert.Empty(Platform.InLogs(canary));

        // An address, its query, what a browser says of itself and where it comes from are not told either; that a request was made is.
        var agent = new HttpRequestMessage(HttpMethod.Get, Platform.At($"/news/no-{canary}?q={canary}#{canary}", "au.localhost"));
        foreach (var header in new[] { "User-Agent", "Referer", "X-Forwarded-For", "traceparent", "tracestate", "baggage", "Cookie", "Authorization" }) agent.Headers.TryAddWithoutValidation(header, $"{canary}={canary}");
        (await Platform.Send(agent)).Must(404);
        await Platform.Send(new HttpRequestMessage(new HttpMethod(canary.ToUpperInvariant()), Platform.At("/", "au.localhost")));
        var reached = installed.Collector.Count;
        await Wait.Until(() => Task.FromResult(installed.Collector.Count), n => n > reached + 20, "all of it told");
        Assert.Empty(installed.Collector.With(canary));
        Assert.Empty(installed.Collector.With(canary.ToUpperInvariant()));
        Assert.Contains("traces", installed.Collector.With("/news/{slug}"));
        Assert.Contains("logs", installed.Collector.With("Now listening on"));
        // The search sees what is there, in each of the three.
        Assert.Equal(["logs", "metrics", "traces"], installed.Collector.With("vigil-publishing").Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>An article with the word in each of its texts.</summary>
    static JsonObject Everywhere(string word)
    {
        var article = Draft.Full($"Headline {word}");
        article["standfirst"] = word;
        article["body"] = $"{word} [{word}](https://example.org/{word})\n\n{{quotation 1}}";
        article["slug"] = word;
        article["byline"]!["name"] = word;
        article["topics"] = new JsonArray(word);
        article["quotations"]![0]!["text"] = word;
        article["quotations"]![0]!["as"] = word;
        article["prayerPoints"] = new JsonObject { ["lead"] = word, ["points"] = new JsonArray(word) };
        article["related"] = new JsonArray(new JsonObject { ["title"] = word, ["url"] = $"https://example.org/{word}", ["call"] = word });
        return article;
    }
}
