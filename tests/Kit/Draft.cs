using System.Text.Json.Nodes;

namespace Vigil.Kit;

/// <summary>Articles as a client sends them, to be changed as a test needs. Each call makes one that no other test has.</summary>
public static class Draft
{
    static int _made;

    /// <summary>A number that no other draft of this process has, and its own slug in every test run.</summary>
    public static string Headline(string words = "A quiet village") => $"{words} {Interlocked.Increment(ref _made)} {Guid.NewGuid().ToString()[..8]}";

    /// <summary>Only what is required, and a body, so that it can be submitted.</summary>
    public static JsonObject Minimal(string? headline = null, params IReadOnlyList<string> editions) => new()
    {
        ["headline"] = headline ?? Headline(),
        ["body"] = "One paragraph.",
        ["language"] = "en",
        ["editions"] = new JsonArray([.. editions.Count > 0 ? editions : ["au", "de"]]),
    };

    /// <summary>Every part that the format has.</summary>
    public static JsonObject Full(string? headline = null, params IReadOnlyList<string> editions)
    {
        var article = Minimal(headline, editions);
        article["standfirst"] = "Neighbours have looked after one another for a year.";
        article["body"] = "The first paragraph, with *emphasis*.\n\n## A heading\n\n{quotation 1}\n\nThe last paragraph, with [a link](https://example.org/more).\n\n{call 1}";
        article["byline"] = new JsonObject { ["kind"] = "named", ["name"] = "Ada Bell" };
        article["countries"] = new JsonArray("KP", "ER");
        article["topics"] = new JsonArray("neighbours");
        article["quotations"] = new JsonArray(new JsonObject { ["text"] = "We share what we have.", ["attribution"] = "described", ["as"] = "a researcher" });
        article["prayerPoints"] = new JsonObject { ["lead"] = "For North Korea:", ["points"] = new JsonArray("For those who wait.", "For those who travel.", "For those who stay.") };
        article["related"] = new JsonArray(new JsonObject { ["title"] = "The year in numbers", ["url"] = "https://example.org/numbers", ["call"] = "Find out more" });
        article["disclosures"] = new JsonArray("names-changed");
        return article;
    }

    /// <summary>Sets a member; null leaves it out.</summary>
    public static JsonObject With(this JsonObject article, string member, JsonNode? value)
    {
        if (value is null) article.Remove(member);
        else article[member] = value;
        return article;
    }
}
