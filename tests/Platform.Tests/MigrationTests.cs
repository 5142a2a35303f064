using Npgsql;
using Vigil.Hosting;

namespace Vigil.Journeys;

/// <summary>The step that brings a schema up to date, on one that has something which this version does not know: it only adds.</summary>
[Collection(nameof(Installed))]
public sealed class MigrationTests(Installed installed)
{
    Platform Platform => installed.Platform;

    [Theory]
    [InlineData("create index of_another_version on publishing.mt_doc_listing ((data ->> 'list'))", "select exists (select from pg_indexes where indexname = 'of_another_version')")]
    [InlineData("alter table notification.contacts add column of_another_version int", "select exists (select from information_schema.columns where column_name = 'of_another_version')")]
    public async Task What_it_does_not_know_is_dropped_only_when_it_is_told_to(string make, string isThere)
    {
        var service = Platform[make.Contains("publishing", StringComparison.Ordinal) ? Services.Publishing : Services.Notification];
        await Platform.Query<int>(make);
        await Assert.ThrowsAsync<InvalidOperationException>(() => service.Migrate());
        Assert.Contains(service.Log, line => line.Contains("This would be lost: ", StringComparison.Ordinal));
        Assert.Equal([true], await Platform.Query<bool>(isThere));
        await service.Migrate("--allow-destructive");
        Assert.Equal([false], await Platform.Query<bool>(isThere));
    }

    /// <summary>While the version before goes on, what it prepared may no longer fit: once it is told so, and then it is prepared anew.</summary>
    [Fact]
    public async Task A_statement_that_it_outdates_is_tried_again()
    {
        await using var connection = await Platform.OpenDatabase();
        async Task Do(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        await Do("create temp table changing (n int)");
        await using var prepared = new NpgsqlCommand("select * from changing", connection);
        await prepared.PrepareAsync(TestContext.Current.CancellationToken);
        await prepared.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await Do("alter table changing add column m int");
        Assert.True(Store.IsRace(await Assert.ThrowsAsync<PostgresException>(() => prepared.ExecuteNonQueryAsync(TestContext.Current.CancellationToken))));
        await prepared.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        // Under the same code comes what it will never do.
        var never = await Assert.ThrowsAsync<PostgresException>(() => Do("select count(*) from changing for update"));
        Assert.Equal((PostgresErrorCodes.FeatureNotSupported, false), (never.SqlState, Store.IsRace(never)));
    }
}
