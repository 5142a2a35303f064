using Marten;
using Microsoft.Extensions.DependencyInjection;
using Vigil.Contracts.Authoring;
using Vigil.Hosting;
using Vigil.Kit;

namespace Vigil.Publishing.Tests;

/// <summary>Alone and last, since every page is away for a moment; what all other tests left behind is rebuilt.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class RebuildTests(Installed installed)
{
    static readonly string[] Tables = ["mt_doc_publicarticle", "mt_doc_listing", "mt_doc_correctionline", "mt_doc_retractedarticle", "mt_doc_editionsite"];

    [Fact]
    public async Task A_rebuild_gives_the_same_rows()
    {
        var (kept, changed, withdrawn, takenDown, erased) = (Installed.Story(), Installed.Story(), Installed.Story(), Installed.Story(), Installed.Story());
        var (guarded, retracted, silenced) = (Installed.Story(), Installed.Story(), Installed.Story());
        foreach (var story in new[] { kept, changed, withdrawn, takenDown, erased, guarded, retracted, silenced }) await installed.Show(story with { Text = story.Text with { Countries = ["KP"], Topics = ["neighbours"] } });
        await installed.Show(changed with { Version = 5, TextHash = $"{Guid.NewGuid():N}", Kind = ReleaseKind.Correction, At = changed.At.AddMinutes(1), Modified = changed.At, Corrections = [new(changed.At, CorrectionClass.Fact, "Rebuilt.")] });
        await installed.Show(guarded with { Version = 5, TextHash = $"{Guid.NewGuid():N}", Kind = ReleaseKind.Protective, Text = guarded.Text with { Headline = "Guarded", Slug = $"g-{Guid.NewGuid():N}" } });
        foreach (var (story, hash) in new[] { (retracted, $"{Guid.NewGuid():N}"), (silenced, $"{Guid.NewGuid():N}") })
        {
            await installed.Platform.Wire.Publish(new ArticleRetracted { ArticleId = story.ArticleId, Version = 5, At = story.At, NoticeHash = hash, Notice = new("Taken back.", "A reason.") });
            if (story == silenced) foreach (var words in new[] { hash, story.TextHash }) await installed.Platform.Wire.Publish(new TextErased { ArticleId = story.ArticleId, Version = 6, TextHash = words });
        }
        await installed.Platform.Wire.Publish(new ArticleWithdrawn { ArticleId = withdrawn.ArticleId, Version = 5, At = withdrawn.At });
        await installed.Platform.Wire.Publish(new ArticleTakenDown { ArticleId = takenDown.ArticleId, Version = 5, At = takenDown.At });
        await installed.Platform.Wire.Publish(new TextErased { ArticleId = erased.ArticleId, Version = 5, TextHash = erased.TextHash });
        await installed.Quiet();
        var before = await Rows();
        Assert.Contains(before, row => row.Contains($"{kept.ArticleId}", StringComparison.Ordinal));
        Assert.DoesNotContain(before, row => new[] { withdrawn, takenDown, erased }.Any(s => row.Contains($"{s.ArticleId}", StringComparison.Ordinal)));

        foreach (var words in new[] { "Rebuilt.", "Guarded", "Taken back." }) Assert.Contains(before, row => row.Contains(words, StringComparison.Ordinal));
        Assert.DoesNotContain(before, row => row.Contains(guarded.Text.Headline, StringComparison.Ordinal) || row.Contains(silenced.Text.Headline, StringComparison.Ordinal));

        // Rows that no event knows must go, and rows that are lost must come back.
        await installed.Platform.Query<int>("delete from publishing.mt_doc_listing where ctid in (select ctid from publishing.mt_doc_listing limit 3)");
        await installed.Platform.Query<int>("update publishing.mt_doc_publicarticle set data = jsonb_set(data, '{slug}', '\"wrong\"') where data->>'article' = $1 and data->>'edition' = 'au'", $"{kept.ArticleId}");
        await Rebuild();
        Assert.Equal(before, await Rows());
        Assert.Empty(await installed.Platform.Wire.Errors());
    }

    async Task<IReadOnlyList<string>> Rows() =>
        [.. (await Task.WhenAll(Tables.Select(t => installed.Platform.Query<string>($"select (to_jsonb(x) - 'mt_version' - 'mt_last_modified')::text from publishing.{t} x order by id::text")))).SelectMany(r => r)];

    /// <summary>With the service's own store, but none of its processes' work.</summary>
    async Task Rebuild()
    {
        var builder = Service.Create("publishing", [$"--ConnectionStrings:Postgres={installed.Platform.ConnectionOf(Services.Publishing)}"]);
        builder.AddStore("publishing", Hosting.Announcements.None, Publishing.Editions.Editions.Register, Publishing.Publications.Publications.Register);
        await using var app = builder.Build();
        using var daemon = await app.Services.GetRequiredService<IDocumentStore>().BuildProjectionDaemonAsync();
        foreach (var projection in new[] { "public-rows", "edition-sites" }) await daemon.RebuildProjectionAsync(projection, TestContext.Current.CancellationToken);
    }
}
