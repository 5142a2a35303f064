using System.Text.Json;
using CsCheck;
using Vigil.Hosting;

namespace Vigil.Rules.Tests.Hosting;

/// <summary>What every service leans on.</summary>
public class HostingTests
{
    static readonly Gen<string> Hostile = Gen.OneOf(Gen.String, Gen.String[Gen.Char["abcXYZ019-_=+/ \r\n\t\0\u2028"], 0, 40], Gen.String[Gen.Char["ABCDEFabc-_019"], 32, 32]);

    [Fact]
    public void A_cursor_comes_back_as_what_it_was_made_of() => Gen.Select(Gen.DateTimeOffset, Gen.Guid).Sample((at, id) =>
    {
        var cursor = Cursor.Of(at, id);
        Assert.True(Cursor.TryRead(cursor, out var readAt, out var readId));
        Assert.Equal((at.UtcDateTime, id), (readAt.UtcDateTime, readId));
        Assert.Equal(Uri.EscapeDataString(cursor), cursor);
    });

    /// <summary>Whatever a client makes up is refused, or is a cursor that we could have given.</summary>
    [Fact]
    public void A_made_up_cursor_is_never_more_than_a_cursor() => Hostile.Sample(text =>
    {
        if (Cursor.TryRead(text, out var at, out var id)) Assert.Equal(text, Cursor.Of(at, id));
    });

    [Theory, InlineData(""), InlineData("AAAA"), InlineData("________________________________"), InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
     InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"), InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ")]
    public void What_is_no_cursor_is_refused(string text) => Assert.False(Cursor.TryRead(text, out _, out _));

    enum Sort { ByName, Newest }

    [Fact]
    public void A_name_is_read_as_it_is_written_and_in_no_other_way()
    {
        Assert.True(Cursor.TryName<Sort>("by-name", out var sort));
        Assert.Equal(Sort.ByName, sort);
        Assert.All(new[] { "ByName", "BY-NAME", "by-name ", "0", "1", "", "by-name,newest" }, n => Assert.False(Cursor.TryName<Sort>(n, out _)));
    }

    /// <summary>Ids that stored things have: computed apart from this code, by RFC 9562's rule for version 5.</summary>
    [Theory, InlineData("03beaeb6-f5d7-5556-9803-292d07ec0c32", "vigil"), InlineData("f15b50de-ec88-5927-b1b4-6acd575c7261", "edition", "au"),
     InlineData("7f99da20-75eb-53f4-aa60-f3986637ff5e", "place", "11111111-1111-4111-8111-111111111111", "au")]
    public void A_derived_id_is_the_same_for_ever(string id, params string[] parts) => Assert.Equal(new Guid(id), Uuid.From([.. parts]));

    [Fact]
    public void A_derived_id_takes_an_id_as_its_text()
    {
        var article = new Guid("11111111-1111-4111-8111-111111111111");
        Assert.Equal(Uuid.From("place", article.ToString(), "au"), Uuid.From("place", article, "au"));
        Assert.Equal(Uuid.From("edition", "au"), Uuid.From("edition", new EditionKey("au")));
    }

    [Fact]
    public void Every_derived_id_is_of_version_five_and_its_own() => Gen.Select(Gen.String, Gen.String).Sample((a, b) =>
    {
        var id = Uuid.From(a, b);
        Assert.Equal((5, 8), (id.Version, id.Variant & 0xc));
        Assert.Equal(id, Uuid.From(a, b));
        if (a != b && !(a + b).Contains('\u001f')) Assert.NotEqual(id, Uuid.From(b, a));
        if (!(a + b).Contains('\u001f')) Assert.NotEqual(id, Uuid.From(a + b));
    });

    [Theory, InlineData("au", true), InlineData("de-at", true), InlineData("a2345678901234567890", true), InlineData("a", false), InlineData("a23456789012345678901", false),
     InlineData("2a", false), InlineData("-au", false), InlineData("AU", false), InlineData("aü", false), InlineData("au\n", false), InlineData("\nau", false), InlineData("", false), InlineData("a/b", false)]
    public void An_edition_key_is_small_and_plain(string key, bool valid) => Assert.Equal(valid, EditionKey.IsValid(key));

    [Fact]
    public void A_valid_edition_key_goes_through_addresses_and_JSON_unchanged() => Gen.String[Gen.Char["abz019-_\n"], 2, 3].Sample(key =>
    {
        if (!EditionKey.IsValid(key)) return;
        Assert.Equal(key, Uri.EscapeDataString(key));
        var stored = JsonSerializer.Serialize(new EditionKey(key), Json.Stored);
        Assert.Equal($"\"{key}\"", stored);
        Assert.Equal(new EditionKey(key), JsonSerializer.Deserialize<EditionKey>(stored, Json.Stored));
    });
}
