using System.Security.Cryptography;
using System.Text.Json;
using Marten;
using Npgsql;
using Vigil.Hosting;
using Vigil.Notification.Dispatch;

namespace Vigil.Notification.Subscribers;

/// <summary>How many mails strangers can have sent to one address a day, and to one domain an hour. Beyond it nothing happens, silently.</summary>
public sealed record SignUpLimits(int PerAddress, int PerDomain)
{
    public static SignUpLimits From(IConfiguration configuration) =>
        new(configuration.GetValue("Notification:SignUps:PerAddress", 3), configuration.GetValue("Notification:SignUps:PerDomain", 200));
}

/// <summary>Works off the sign-ups after their senders were answered: each in one transaction, from its row to the confirmation mail's.</summary>
public sealed class TakeSignUps(IDocumentStore store, Seal seal, SignUpLimits limits, Bell bell, ILogger<TakeSignUps> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var rung = bell.Next;
            try
            {
                while (await TakeOne(stoppingToken)) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!Store.IsRace(e)) log.LogWarning("Sign-ups wait ({Fault})", e.GetType().Name);
            }
            await Bell.Wait(rung, stoppingToken);
        }
    }

    async Task<bool> TakeOne(CancellationToken ct)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await SignUps.Take(transaction, ct) is not { } waiting) return false;
        var mailed = await Handle(waiting, transaction, ct);
        await transaction.CommitAsync(ct);
        if (mailed) bell.Ring();
        return true;
    }

    async Task<bool> Handle(SignUps.Waiting waiting, NpgsqlTransaction transaction, CancellationToken ct)
    {
        if (Open(waiting) is not { } signUp || !MailAddress.TryRead(signUp.Address, out var address)) return false;
        await using var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
        var key = seal.Find(waiting.Edition, address);
        var known = await session.LoadAsync<KnownAddress>(key, ct);
        var id = known?.Subscriber ?? Guid.NewGuid();
        var stream = known is null ? null : await session.Events.FetchForWriting<Subscriber>(id, ct);

        var texts = await session.WriteTexts(id, ct);
        TextHash? preferences = signUp.Preferences is { Countries: [], Topics: [] } ? null : texts.Hash(signUp.Preferences);
        if (Subscribe.Decide(stream?.Aggregate, new(waiting.Edition, signUp.Language, preferences, waiting.At)) is not Decision.Recorded { Events: var events }) return false;
        if (await IsTooMany(transaction, address, waiting.At, ct)) return false;

        if (stream is null)
        {
            session.Insert(new KnownAddress(key, id));
            session.Events.StartStream<Subscriber>(id, events);
        }
        else stream.AppendMany(events);
        await texts.Store(session, ct);
        new Contact(id, waiting.Edition, signUp.Language, seal.Close(id, address.Value), Confirmed: false, signUp.Preferences, waiting.At).Put(session);
        session.LastModifiedBy = id.ToString();
        var requests = (stream?.Aggregate?.Requests ?? 0) + 1;
        await session.SaveChangesAsync(ct);
        await Delivery.PutConfirmation(transaction, id, requests, ct);
        return true;
    }

    SignUps.SignUp? Open(SignUps.Waiting waiting)
    {
        try { return JsonSerializer.Deserialize<SignUps.SignUp>(seal.Open(waiting.Id, waiting.Sealed), Json.Stored); }
        catch (CryptographicException)
        {
            log.LogError("A sign-up was sealed under another secret and is dropped");
            return null;
        }
    }

    async Task<bool> IsTooMany(NpgsqlTransaction transaction, MailAddress address, DateTimeOffset at, CancellationToken ct)
    {
        var day = new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero);
        return await SignUps.Count(transaction, seal.Find("address", address.Normal), day, ct) > limits.PerAddress
            || await SignUps.Count(transaction, seal.Find("domain", address.Domain), day.AddHours(at.UtcDateTime.Hour), ct) > limits.PerDomain;
    }
}
