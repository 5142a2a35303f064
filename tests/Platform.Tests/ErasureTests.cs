using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Vigil.Hosting;
using Vigil.Publishing.Editions;
using Vigil.Publishing.Publications;

namespace Vigil.Journeys;

/// <summary>Words that are erased are gone from every service for ever, and everything else goes on.</summary>
public sealed class ErasureTests : IAsyncLifetime
{
    Platform? _platform;

    Platform Platform => _platform!;

    // Of its own: a rebuild would pull the rows from under other tests.
    public async ValueTask InitializeAsync() => _platform = await Platform.Start(Services.Authoring | Services.Publishing | Services.Notification);

    public ValueTask DisposeAsync() => _platform?.DisposeAsync() ?? default;

    [Fact]
    public async Task An_erased_text_leaves_no_trace_and_stops_nothing()
    {
        var words = $"elderberry{Guid.NewGuid():N}";
        var kept = await Platform.Publish(Draft.Full());
        var id = await Platform.Publish(Draft.Full($"About {words}"), mail: $"{DateTimeOffset.UtcNow.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}");
        await Platform.Live(id, "au");
        await Platform.Live(id, "de");
        await Wait.Until(() => Platform.InTables(words), t => t.Any(name => name.StartsWith("notification.", StringComparison.Ordinal)), "the mailing's words");
        (await Platform.As(Account.Safety).Erase(id, 1)).MustBe(409, "article.live");
        (await Platform.As(Account.Editor).Erase(id, 1)).MustBe(403, "auth.forbidden");

        (await Platform.As(Account.Safety).Withdraw(id)).Must(200);
        (await Platform.As(Account.Safety).Erase(id, 1)).Must(200);
        await Wait.Until(() => Platform.InTables(words), t => t.Count == 0, "no trace of the words");

        var article = (await Platform.As(Account.Safety).Read(id)).Must(200);
        Assert.True(article["erased"].GetBoolean());
        var revision = Assert.Single((await Platform.As(Account.Writer).Revisions(id)).Must(200)["items"].EnumerateArray());
        Assert.True(revision.GetProperty("erased").GetBoolean());

        // The relays go on, for others and for this story, which two people bring back with other words.
        await Platform.Live(await Platform.Publish(Draft.Full()), "au");
        var other = Draft.Headline("Other words");
        (await Platform.As(Account.Writer).Revise(id, article.Version, Draft.Full(other))).Must(200);
        (await Platform.As(Account.Writer).Submit(id)).Must(200);
        (await Platform.As(Account.Editor).Approve(id)).Must(200);
        (await Platform.As(Account.Publisher).Publish(id, "none")).Must(202);
        var back = (await Platform.As(Account.Editor2).Publish(id, "none")).Must(200);
        Assert.Equal(other, (await Platform.Live(id, "de", back.Version))["headline"].GetString());

        var before = await Rows();
        await Rebuild();
        Assert.Equal(before, await Rows());
        Assert.Contains(before, row => row.Contains($"{kept}", StringComparison.Ordinal));
        Assert.Empty(await Platform.InTables(words));
    }

    async Task<IReadOnlyList<string>> Rows() =>
    [
        .. await Platform.Query<string>("select data::text from publishing.mt_doc_publicarticle order by id"),
        .. await Platform.Query<string>("select data::text from publishing.mt_doc_listing order by id"),
    ];

    /// <summary>Makes Publishing's public rows anew from its streams and texts.</summary>
    async Task Rebuild()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["ConnectionStrings:Postgres"] = Platform.ConnectionOf(Services.Publishing);
        builder.AddStore("publishing", Announcements.None, Editions.Register, Publications.Register);
        await using var app = builder.Build();
        using var daemon = await app.Services.GetRequiredService<IDocumentStore>().BuildProjectionDaemonAsync();
        await daemon.RebuildProjectionAsync("public-rows", TestContext.Current.CancellationToken);
    }
}
