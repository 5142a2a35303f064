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
}
