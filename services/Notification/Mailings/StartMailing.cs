using Marten;
using Npgsql;
using Vigil.Hosting;
using Vigil.Notification.Dispatch;
using Vigil.Notification.Editions;

namespace Vigil.Notification.Mailings;

/// <summary>
/// A mailing is due, its words and its edition are here: its audience is frozen, in one transaction with the fact. A removal in the same
/// moment wins, and nothing is frozen.
/// </summary>
public static class StartMailing
{
    public static bool IsReady(Mailing mailing, DateTimeOffset at) => mailing is { Stage: Stage.Waiting, Text: not null } && mailing.Due <= at;

    public static Decision Decide(Mailing mailing, int audience, DateTimeOffset at) =>
        IsReady(mailing, at) ? Decision.Record(new MailingStarted(audience, at)) : Decision.Nothing;

    /// <summary>False: not now.</summary>
    public static async Task<bool> Run(IDocumentStore store, Guid id, DateTimeOffset at, CancellationToken ct)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await IsOurs(transaction, id, ct)) return false;
        await using var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
        var stream = await session.Events.FetchForWriting<Mailing>(id, ct);
        if (stream.Aggregate is not { } mailing || !IsReady(mailing, at)) return false;
        if (await Edition.Find(session, mailing.Edition, ct) is null) return false;
        if (await Freeze(session, transaction, mailing, ct) is not { } audience) return false;
        if (Decide(mailing, audience, at) is not Decision.Recorded { Events: var events }) return false;
        stream.AppendMany(events);
        await session.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Null: not now.</summary>
    static async Task<int?> Freeze(IDocumentSession session, NpgsqlTransaction transaction, Mailing mailing, CancellationToken ct)
    {
        if (mailing.Occasion is not Occasion.Story)
        {
            var story = Mailing.IdOf(mailing.Article, mailing.Edition);
            // A mail with the earlier words that is on the wire right now counts as soon as its answer is there.
            return await Delivery.IsAnyBeingHanded(transaction, story, mailing.ArticleVersion, ct) ? null
                : await Delivery.FreezeServed(transaction, mailing.Id, story, mailing.Edition, mailing.ArticleVersion, ct);
        }
        return await Story.Find(session, mailing.Text!.Value, mailing.Edition, ct) is { } words
            ? await Delivery.FreezeAudience(transaction, mailing.Id, mailing.Edition, words.Countries, words.Topics, ct)
            : null;
    }

    // Two processes at once would both be right, but one of them in vain; a removal does not wait for this lock.
    static async Task<bool> IsOurs(NpgsqlTransaction transaction, Guid id, CancellationToken ct)
    {
        await using var @lock = new NpgsqlCommand("select pg_try_advisory_xact_lock($1)", transaction.Connection, transaction)
        {
            Parameters = { new() { Value = BitConverter.ToInt64(id.ToByteArray()) } },
        };
        return (bool)(await @lock.ExecuteScalarAsync(ct))!;
    }
}
