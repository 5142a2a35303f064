using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.Json;
using Vigil.Hosting;

namespace Vigil.Gateway.Darkness;

/// <summary>
/// Authoring's endings of late, as they are told over HTTP: what Publishing still shows of a story that has ended since is held back here.
/// </summary>
sealed class KnownEndings
{
    const int Most = 20_000;
    const string Everywhere = "";

    /// <summary>What an ended story answers with, by kind of ending. What ends no story is null, and every kind of the lane is listed.</summary>
    public static FrozenDictionary<string, int?> Answers { get; } = new Dictionary<string, int?>
    {
        ["authoring:article-withdrawn:v1"] = 404,
        ["authoring:article-taken-down:v1"] = 410,
        ["authoring:article-retracted:v1"] = 503,
        ["authoring:text-erased:v1"] = null,
    }.ToFrozenDictionary();

    sealed record Ending(long Version, int Answer);

    sealed record Message(Guid ArticleId, long Version, string[]? Editions = null);

    readonly ConcurrentDictionary<(Guid Article, string Edition), Ending> _endings = new();
    readonly ConcurrentQueue<(Guid, string)> _age = new();

    public void Hear(Told told)
    {
        // An unknown kind is taken for one that ends everything: better a page too few.
        if ((Answers.TryGetValue(told.Kind, out var answer) ? answer : 503) is not { } status || told.Message.Deserialize<Message>(Json.Stored) is not { } ending) return;
        foreach (var edition in ending.Editions ?? [Everywhere])
        {
            if (!_endings.ContainsKey((ending.ArticleId, edition))) _age.Enqueue((ending.ArticleId, edition));
            _endings.AddOrUpdate((ending.ArticleId, edition), _ => new(ending.Version, status), (_, before) => before.Version > ending.Version ? before : new(ending.Version, status));
        }
        while (_endings.Count > Most && _age.TryDequeue(out var oldest)) _endings.TryRemove(oldest, out _);
    }

    /// <summary>What to answer with instead of this; null: it is still to be shown.</summary>
    public int? Ended(Shown story) => Of(story, Everywhere) ?? Of(story, story.Edition);

    int? Of(Shown story, string edition) => _endings.TryGetValue((story.Article, edition), out var ending) && story.Version < ending.Version ? ending.Answer : null;
}
