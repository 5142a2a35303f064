using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using JasperFx;
using Marten;
using Marten.Events.Daemon.Internals;

namespace Vigil.Hosting;

/// <summary>The salted SHA-256 of a text, in hexadecimal: all that a stream ever says about words.</summary>
[JsonConverter(typeof(TextHashJson))]
public readonly record struct TextHash(string Value)
{
    public override string ToString() => Value;
}

/// <summary>
/// Words, kept beside the streams and addressed by their hash. <see cref="Json"/> is null once they are erased:
/// the row that stays refuses the same words for ever.
/// </summary>
public sealed record Text(string Id, Guid Owner, string? Json);

/// <summary>The random salt of one owner's hashes. It goes when nothing of the owner may stay; until then erased words are refused by it.</summary>
public sealed record TextSalt(Guid Id, byte[] Salt);

/// <summary>Texts loaded by hash; a missing or erased one is null, never an exception.</summary>
public sealed class TextLookup(IReadOnlyDictionary<string, Text> texts)
{
    public T? Find<T>(TextHash hash) where T : class =>
        texts.TryGetValue(hash.Value, out var text) && text.Json is { } json ? JsonSerializer.Deserialize<T>(json, Json.Stored) : null;

    public bool Stands(TextHash hash) => texts.TryGetValue(hash.Value, out var text) && text.Json is not null;
}

/// <summary>Hashes one owner's new texts and puts them into the transaction that cites them.</summary>
public sealed class TextBatch(Guid owner, byte[] salt, bool isNew)
{
    readonly Dictionary<string, Text> _pending = [];

    public TextHash Hash<T>(T words) where T : class
    {
        var json = JsonSerializer.Serialize(words, Json.Stored);
        return Keep(new TextHash(Convert.ToHexStringLower(HMACSHA256.HashData(salt, System.Text.Encoding.UTF8.GetBytes(json)))), json);
    }

    /// <summary>Takes a text under the hash that its first keeper gave it.</summary>
    public TextHash Keep<T>(TextHash hash, T words) where T : class => Keep(hash, JsonSerializer.Serialize(words, Json.Stored));

    TextHash Keep(TextHash hash, string json)
    {
        _pending[hash.Value] = new Text(hash.Value, owner, json);
        return hash;
    }

    /// <summary>False when one of the texts was erased before: then nothing may be stored.</summary>
    public async Task<bool> Store(IDocumentSession session, CancellationToken ct)
    {
        if (_pending.Count == 0) return true;
        if (isNew) session.Insert(new TextSalt(owner, salt));
        var known = (await session.LoadManyAsync<Text>(ct, _pending.Keys)).ToDictionary(t => t.Id);
        if (known.Values.Any(t => t.Json is null)) return false;
        foreach (var text in _pending.Values.Where(t => !known.ContainsKey(t.Id))) session.Insert(text);
        return true;
    }
}

public static class Texts
{
    public static void Register(StoreOptions store)
    {
        store.Schema.For<Text>().Index(t => t.Owner);
        store.Schema.For<TextSalt>();
    }

    public static async Task<TextBatch> WriteTexts(this IQuerySession session, Guid owner, CancellationToken ct) =>
        await session.LoadAsync<TextSalt>(owner, ct) is { } known ? new(owner, known.Salt, isNew: false) : NewTexts(owner);

    public static TextBatch NewTexts(Guid owner) => new(owner, RandomNumberGenerator.GetBytes(32), isNew: true);

    public static async Task<TextLookup> ReadTexts(this IQuerySession session, IEnumerable<TextHash> hashes, CancellationToken ct)
    {
        var found = new Dictionary<string, Text>();
        // Inline views are written before the texts of their own transaction can be read back. The daemon's batches have none.
        if (session is IDocumentSession { PendingChanges: not ProjectionUpdateBatch } writing)
            foreach (var text in writing.PendingChanges.InsertsFor<Text>()) found[text.Id] = text;
        var ids = hashes.Select(h => h.Value).Where(h => !found.ContainsKey(h)).Distinct().ToArray();
        if (ids.Length > 0) foreach (var text in await session.LoadManyAsync<Text>(ct, ids)) found[text.Id] = text;
        return new(found);
    }

    /// <summary>Those of the texts that are there and not erased, each once.</summary>
    public static async Task<IReadOnlyList<TextHash>> StandingTexts(this IQuerySession session, IEnumerable<TextHash> hashes, CancellationToken ct)
    {
        var all = hashes.Distinct().ToArray();
        var texts = await session.ReadTexts(all, ct);
        return [.. all.Where(texts.Stands)];
    }

    /// <summary>Replaces texts by tombstones, known or not.</summary>
    public static void EraseTexts(this IDocumentSession session, Guid owner, IEnumerable<TextHash> hashes) =>
        session.Store(hashes.Select(h => new Text(h.Value, owner, null)).ToArray());

    public static async Task EraseAllTexts(this IDocumentSession session, Guid owner, CancellationToken ct)
    {
        var all = await session.Query<Text>().Where(t => t.Owner == owner).Select(t => t.Id).ToListAsync(ct);
        session.EraseTexts(owner, all.Select(id => new TextHash(id)));
        session.Delete<TextSalt>(owner);
    }
}

sealed class TextHashJson : JsonConverter<TextHash>
{
    public override TextHash Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetString()!);
    public override void Write(Utf8JsonWriter writer, TextHash value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
