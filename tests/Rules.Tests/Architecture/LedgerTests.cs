using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Vigil.Hosting;
using Vigil.Kit;

namespace Vigil.Rules.Tests.Architecture;

/// <summary>What a restore must not bring back is in the ledger, and the ledger has nothing that says who or what it is about.</summary>
public partial class LedgerTests
{
    [Fact]
    public void What_takes_something_from_readers_and_who_leaves_is_kept()
    {
        Assert.Empty(Forgotten(Part.Authoring, ending: null));
        Assert.Empty(Forgotten(Part.Notification, "subscription.ended.v1"));
    }

    [Fact]
    public void An_ending_that_is_not_is_reported() => Assert.Contains("publication.taken-down.v1", Forgotten(Part.Publishing, ending: null));

    static IEnumerable<string> Forgotten(Part part, string? ending)
    {
        var kept = part.Services.GetRequiredService<Announcements>().Ledger?.Events ?? [];
        return part.Store.Events.AllKnownEventTypes().Where(e => ending is null ? Ending().IsMatch(e.EventTypeName) : e.EventTypeName == ending)
            .Where(e => !kept.Contains(e.EventType)).Select(e => e.EventTypeName);
    }

    [GeneratedRegex(@"withdrawn|retracted|taken-down|-erased\b")]
    private static partial Regex Ending();

    [Fact]
    public void Its_columns_hold_ids_numbers_and_times_or_are_known_to_hold_no_words() => Assert.Empty(Wordy(File.ReadAllText(Path.Combine(Approved.Root, "deploy/postgres/init.sql"))));

    [Theory]
    [InlineData("CREATE TABLE IF NOT EXISTS ledger.removals (event uuid, reason text);")]
    [InlineData("CREATE TABLE ledger.readers (address text PRIMARY KEY);")]
    [InlineData("CREATE TABLE ledger.removals (data jsonb);")]
    public void A_column_that_may_hold_words_is_reported(string sql) => Assert.Single(Wordy(sql));

    // Kinds of removals, keys of editions, salted hashes of texts, names of our services.
    static readonly HashSet<string> Known = ["removals.kind", "removals.editions", "removals.text", "reapplied.service"];

    static IEnumerable<string> Wordy(string sql) =>
        from Match table in Table().Matches(sql)
        from Match column in Column().Matches(table.Groups[2].Value)
        let name = $"{table.Groups[1].Value}.{column.Groups[1].Value}"
        where column.Groups[2].Value is not ("uuid" or "bigint" or "boolean" or "timestamptz") && !Known.Contains(name)
        select $"{name} is {column.Groups[2].Value}";

    [GeneratedRegex(@"CREATE TABLE (?:IF NOT EXISTS )?ledger\.(\w+) \(([^;]*)\);")]
    private static partial Regex Table();

    [GeneratedRegex(@"(?:^|,)\s*(\w+) ([a-z]+(?:\[\])?)")]
    private static partial Regex Column();
}
