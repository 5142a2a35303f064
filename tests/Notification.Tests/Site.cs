using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vigil.Contracts.Publishing;
using Vigil.Hosting;

namespace Vigil.Notification.Tests;

/// <summary>An edition of one test's own: its audience is exactly the readers whom the test has made.</summary>
public sealed class Site(Platform platform, string key)
{
    static int _opened;

    public string Key => key;
    public string Host => $"{key}.localhost";

    public static async Task<Site> Open(Platform platform, string name = "Vigil Test", string language = "en")
    {
        var key = $"site{Interlocked.Increment(ref _opened)}";
        await platform.Wire.Publish(new EditionChanged
        {
            Key = key, Version = 1, Name = name, Hosts = [$"{key}.localhost"], Language = language, TimeZone = "Europe/Berlin", Theme = "ink",
            Sender = new Sender(name, $"news@{key}.example.org"), BaseAddress = $"http://{key}.localhost",
        });
        await Wait.Until(() => platform.Query<string>("select id from notification.mt_doc_edition where id = $1", key), found => found.Count == 1, $"the edition {key}");
        return new(platform, key);
    }

    public Task<Reader> Reader() => new Reader(platform, key).Confirmed();

    /// <summary>Many readers at once, put where a confirmation would have put them.</summary>
    public async Task<IReadOnlyList<string>> Fill(int readers)
    {
        await using var database = await platform.OpenDatabase();
        await using var into = await database.BeginBinaryImportAsync(
            "copy notification.contacts (subscriber, edition, language, sealed, confirmed, countries, topics, requested_at) from stdin (format binary)");
        var addresses = Enumerable.Range(1, readers).Select(n => $"reader{n}@{key}.example.net").ToArray();
        foreach (var address in addresses)
        {
            var id = Guid.NewGuid();
            await into.WriteRowAsync(default, id, key, "En", Installed.Seal.Close(id, address), true, Array.Empty<string>(), Array.Empty<string>(), DateTime.UtcNow);
        }
        await into.CompleteAsync();
        return addresses;
    }

    /// <summary>A story that went live here; its mail is due at once, unless told otherwise.</summary>
    public PublicationWentLive Story(Guid? article = null, long version = 1, DateTimeOffset? mailAt = null, string? headline = null)
    {
        headline ??= Draft.Headline();
        var slug = $"story-{Guid.NewGuid().ToString()[..8]}";
        return new()
        {
            ArticleId = article ?? Guid.NewGuid(), Edition = key, Version = version, At = DateTimeOffset.UtcNow, MailAt = mailAt ?? DateTimeOffset.UtcNow,
            TextHash = Hash(headline), Text = new() { Headline = headline, Standfirst = "Neighbours have looked after one another.", Slug = slug, Language = "en", Countries = ["KP"], Topics = ["neighbours"] },
        };
    }

    public static string Hash(string words) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(words)));

    /// <summary>Says that a story went live, and waits until its mailing has come so far.</summary>
    public async Task<JsonElement> Publish(PublicationWentLive story, string state = "finished")
    {
        await platform.Wire.Publish(story);
        return await Mailing(story.ArticleId, state);
    }

    public async Task<JsonElement> Mailing(Guid article, string state) => (await Wait.Until(() => Mailing(article),
        answer => answer.Status == 200 && answer["state"].GetString() == state, $"a mailing that is {state}")).Body;

    public Task<Reply> Mailing(Guid article) => MailingAt(Vigil.Notification.Mailings.Mailing.IdOf(article, new EditionKey(key)));

    /// <summary>What those are told who were mailed a story.</summary>
    public async Task<JsonElement> FollowUp(Guid article, long version, string state) => (await Wait.Until(() => FollowUp(article, version),
        answer => answer.Status == 200 && answer["state"].GetString() == state, $"a follow-up that is {state}")).Body;

    public Task<Reply> FollowUp(Guid article, long version) => MailingAt(Vigil.Notification.Mailings.Mailing.FollowUpIdOf(article, new EditionKey(key), version));

    Task<Reply> MailingAt(Guid id) => platform.As(Account.Editor).Send(HttpMethod.Get, $"/api/notification/v1/mailings/{id}");

    /// <summary>A story that went live here changes its words, and maybe says so.</summary>
    public static PublicationChanged Change(PublicationWentLive story, long version, string? note = null, DateTimeOffset? mailAt = null, string? headline = null, long? forgetBefore = null)
    {
        headline ??= Draft.Headline();
        return new()
        {
            ArticleId = story.ArticleId, Edition = story.Edition, Version = version, At = DateTimeOffset.UtcNow, TextHash = Hash(headline), Text = story.Text with { Headline = headline },
            Correction = note is null ? null : new(CorrectionClass.Fact, note), MailAt = mailAt, ForgetBefore = forgetBefore,
        };
    }

    /// <summary>Until every sign-up so far has been decided and every mail that came of it has left: what is not there now, never comes.</summary>
    public async Task Settled()
    {
        await Wait.Until(async () => (await platform.Query<long>("select count(*) from notification.sign_ups where edition = $1", key))[0], n => n == 0, "no sign-up waiting");
        await Wait.Until(async () => (await platform.Query<long>(
            "select count(*) from notification.deliveries d join notification.contacts c using (subscriber) where c.edition = $1 and d.state = 0", key))[0], n => n == 0, "no mail waiting");
    }
}
