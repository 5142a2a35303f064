using Vigil.Kit;

namespace Vigil.Publishing.Tests.Publications;

[Collection(nameof(Alone))]
public sealed class ListingTests(Installed installed)
{
    [Fact]
    public async Task Countries_without_stories_cost_nothing_however_many_stories_others_have()
    {
        var edition = await installed.NewEdition();
        // As they come: one after the other, each in several lists.
        object lists = Enumerable.Range(0, 8).Select(i => $"{edition}/topic/{i}").Append(edition).Append($"{edition}/country/KP").ToArray();
        await installed.Platform.Query<int>("""
            insert into publishing.mt_doc_listing (id, data, list, published, publication)
            select list || '/' || i, '{}', list, now() + (i - 1000) * interval '1 minute', gen_random_uuid() from generate_series(1, 1000) i, unnest($1) list order by i, list
            """, lists);
        try
        {
            await installed.Platform.Query<int>("analyze publishing.mt_doc_listing");
            var before = await Read();
            // A connection tells what it read once a second, and may have to tell of earlier pages yet.
            var (probes, lines) = await Wait.Until(async () =>
            {
                (await installed.Platform.Get(edition, "/countries")).Must(200);
                var now = await Read();
                return (Probes: now.Probes - before.Probes, Lines: now.Lines - before.Lines);
            }, read => read.Probes > 1000, "what was read of the lists");
            Assert.True(lines < 10 * probes, $"{probes} probes read {lines} lines");
        }
        finally
        {
            await installed.Platform.Query<int>("delete from publishing.mt_doc_listing where list = any($1)", lists);
        }
    }

    async Task<(long Probes, long Lines)> Read() => await installed.Platform.Query<long[]>("""
        select array[t.seq_scan + t.idx_scan, t.seq_tup_read + (select sum(idx_tup_read) from pg_stat_user_indexes i where i.relid = t.relid)]::bigint[] from pg_stat_user_tables t where relname = 'mt_doc_listing'
        """) is [[var probes, var lines]] ? (probes, lines) : throw new InvalidOperationException("PostgreSQL counts nothing.");
}
