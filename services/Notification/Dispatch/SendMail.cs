using System.Collections.Concurrent;
using System.Security.Cryptography;
using Marten;
using MimeKit;
using Vigil.Hosting;
using Vigil.Notification.Editions;
using Vigil.Notification.Mailings;
using Vigil.Notification.Subscribers;

namespace Vigil.Notification.Dispatch;

/// <summary>
/// Sends what is due: one worker per connection, any number of processes. Confirmations go first, then the mailings in the order in which
/// they started. Memory holds one claim per worker, whatever the size of the audience.
/// </summary>
public sealed class SendMail(IDocumentStore store, Ledger ledger, Restores restores, Seal seal, Outlets outlets, Unwritten unwritten, Bell bell, Trouble trouble, TimeProvider clock, ILogger<SendMail> log) : BackgroundService
{
    // Where the last claim of a mailing ended; only a hint, shared by the workers.
    readonly ConcurrentDictionary<Guid, Guid> _after = new();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, outlets.Connections).Select(_ => Task.Run(() => Work(stoppingToken), CancellationToken.None)));

    async Task Work(CancellationToken ct)
    {
        await using var outlet = outlets.New();
        List<Result> results = [];
        while (!ct.IsCancellationRequested)
        {
            var rung = bell.Next;
            try
            {
                await trouble.Wait(ct);
                if (await Round(outlet, results, ct)) continue;
                await outlet.Rest();
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.LogWarning("A round of mail was cut short ({Fault})", e.GetType().Name);
                rung = Task.Delay(TimeSpan.FromSeconds(5), ct);
            }
            catch (OperationCanceledException) { break; }
            finally { unwritten.Add(results); }
            await Bell.Wait(rung, ct);
        }
        try { await unwritten.Write(CancellationToken.None); }
        catch (Exception e) { log.LogWarning("Results were not written before the end ({Fault})", e.GetType().Name); }
    }

    /// <summary>True: there may be more to do at once.</summary>
    async Task<bool> Round(IOutlet outlet, List<Result> results, CancellationToken ct)
    {
        await unwritten.Write(ct);
        if (await Take(Delivery.Confirmations, null, 0, ct) is { } confirmations)
        {
            await using var _ = confirmations;
            await Send(confirmations, outlet, results, await PrepareConfirmations(confirmations, ct), cause: null, ct);
            return true;
        }
        await using var session = store.QuerySession();
        foreach (var mailing in await session.Query<Mailing>().Where(m => m.IsSending).OrderBy(m => m.StartedAt).ToListAsync(ct))
            if (mailing.Text is not null && await Take(mailing.Id, mailing.Text, mailing.ArticleVersion, ct) is { } stories)
            {
                await using var _ = stories;
                // Without its words this mailing waits, and keeps no other one waiting.
                if (await PrepareStories(stories, mailing, session, ct) is not { } write) { await stories.Release(ct); continue; }
                await Send(stories, outlet, results, write, mailing.Cause, ct);
                return true;
            }
        return false;
    }

    async Task<Claim?> Take(Guid mailing, TextHash? text, long version, CancellationToken ct)
    {
        var after = _after.GetValueOrDefault(mailing);
        var claim = await Claim.Take(store, mailing, text, version, after, ct);
        if (claim is null && after != Guid.Empty) claim = await Claim.Take(store, mailing, text, version, Guid.Empty, ct);
        if (claim is null)
        {
            _after.TryRemove(mailing, out Guid _);
            return null;
        }
        _after[mailing] = claim.Rows[^1].Subscriber;
        try { await claim.Note(ledger, await restores.Know(ct), seal, ct); }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            await using var _ = claim;
            await claim.Release(ct);
            trouble.Met($"the ledger takes nothing ({e.GetType().Name})");
            return null;
        }
        return claim;
    }

    /// <summary>Makes the mail for a row, or says why there is none; null where the mail cannot be made yet.</summary>
    delegate (MimeMessage? Mail, Reason Why) Writer(Delivery row);

    async Task<Writer?> PrepareStories(Claim claim, Mailing mailing, IQuerySession session, CancellationToken ct)
    {
        if (await Edition.Find(session, mailing.Edition, ct) is not { } edition || await Words(mailing, edition, session, ct) is not { } write) return null;
        var contacts = await Contact.Find(claim.Connection, claim.Rows.Select(r => r.Subscriber), ct);
        return row =>
        {
            if (!contacts.TryGetValue(row.Subscriber, out var contact)) return (null, Reason.Unsubscribed);
            return Open(contact) is { } address
                ? (write(row, contact, address, Links.ToLeave(seal, row.Subscriber, mailing.Edition)), Reason.None)
                : (null, Reason.Unreadable);
        };
    }

    /// <summary>How a mailing's mails are written; null where the words for it are not there.</summary>
    async Task<Func<Delivery, Contact, string, string, MimeMessage>?> Words(Mailing mailing, Edition edition, IQuerySession session, CancellationToken ct)
    {
        if (mailing.Occasion is Occasion.Notice) return (row, contact, address, leave) => Letter.Notice(row, edition, contact.Language, address, leave, clock.GetUtcNow());
        if (mailing.Occasion is Occasion.Story)
            return await Story.Find(session, mailing.Text!.Value, mailing.Edition, ct) is { } words
                ? (row, _, address, leave) => Letter.Story(row, edition, words, address, leave, clock.GetUtcNow())
                : null;
        if (await Story.Find<FollowUpWords>(session, FollowUpWords.IdOf(mailing.Text!.Value, mailing.Edition, mailing.ArticleVersion), ct) is not { } told) return null;
        var story = mailing.Story is { } known ? await Story.Find<Story>(session, FollowUp.StoryIdOf(known, mailing.Edition, mailing.ArticleVersion), ct) : null;
        return (row, contact, address, leave) => Letter.FollowUp(row, edition, contact.Language, told, story, address, leave, clock.GetUtcNow());
    }

    async Task<Writer?> PrepareConfirmations(Claim claim, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        var contacts = await Contact.Find(claim.Connection, claim.Rows.Select(r => r.Subscriber), ct);
        var editions = (await session.LoadManyAsync<Edition>(ct, contacts.Values.Select(c => c.Edition.Value).Distinct().ToArray())).ToDictionary(e => e.Id);
        return row =>
        {
            if (!contacts.TryGetValue(row.Subscriber, out var contact) || !editions.TryGetValue(contact.Edition.Value, out var edition)) return (null, Reason.Unsubscribed);
            if (Open(contact) is not { } address) return (null, Reason.Unreadable);
            var confirm = Links.ToConfirm(seal, new(row.Subscriber, row.Request, contact.RequestedAt));
            return (Letter.Confirmation(row, edition, contact.Language, address, confirm, Links.ToLeave(seal, row.Subscriber, contact.Edition), clock.GetUtcNow()), Reason.None);
        };
    }

    string? Open(Contact contact)
    {
        try { return seal.Open(contact.Subscriber, contact.Sealed); }
        catch (CryptographicException)
        {
            log.LogError("An address was sealed under another secret");
            return null;
        }
    }

    /// <param name="results">Left with what is not written down yet.</param>
    /// <param name="cause">The trace that the mails come of.</param>
    async Task Send(Claim claim, IOutlet outlet, List<Result> results, Writer? write, string? cause, CancellationToken ct)
    {
        using var activity = Telemetry.Later("send mail", cause);
        foreach (var row in claim.Rows)
        {
            if (ct.IsCancellationRequested || write is null) break;
            if (claim.MayHaveLeft(row)) { results.Add(new(row, claim.Mark, DeliveryState.Failed, Reason.Unsure)); continue; }
            var (mail, why) = Write(write, row);
            if (mail is null) { results.Add(new(row, claim.Mark, DeliveryState.Skipped, why)); continue; }
            using (mail)
            {
                if (!await IsOpen(outlet, ct)) break;
                // From here to the answer nothing is broken off, also when the process is asked to stop.
                var begun = await claim.Begin(row, results, CancellationToken.None);
                results.Clear();
                if (!begun)
                {
                    if (await Hinder(claim, row, results, ct)) break;
                    continue;
                }
                var answer = await outlet.Hand(row.Letter, mail);
                var result = Judge(row with { Attempts = row.Attempts + 1 }, claim.Mark, answer);
                results.Add(result);
                Telemetry.Mailed(result.State is DeliveryState.Pending ? "later" : result.State.ToString().ToLowerInvariant());
                if (answer is Answer.Broken)
                {
                    trouble.Met("the relay broke off");
                    break;
                }
                trouble.Over();
            }
        }
        await Claim.Record(store, results, CancellationToken.None);
        results.Clear();
        await claim.Release(CancellationToken.None);
    }

    /// <summary>A mail that cannot be made for one reader keeps no other reader waiting.</summary>
    (MimeMessage? Mail, Reason Why) Write(Writer write, Delivery row)
    {
        try { return write(row); }
        catch (Exception e)
        {
            log.LogError("A mail could not be composed ({Fault})", e.GetType().Name);
            return (null, Reason.Unreadable);
        }
    }

    async Task<bool> IsOpen(IOutlet outlet, CancellationToken ct)
    {
        try
        {
            await outlet.Open(ct);
            return true;
        }
        catch (Exception e) when (SmtpOutlet.IsTrouble(e))
        {
            trouble.Met(e.GetType().Name);
            return false;
        }
    }

    /// <summary>True: none of the claim's other rows can be sent either.</summary>
    static async Task<bool> Hinder(Claim claim, Delivery row, List<Result> results, CancellationToken ct)
    {
        switch (await claim.Look(row, ct))
        {
            case Claim.Hindrance.Halted: return true;
            case Claim.Hindrance.Unwanted: results.Add(new(row, claim.Mark, DeliveryState.Skipped, Reason.Unsubscribed)); return false;
            default: return false;
        }
    }

    /// <param name="row">Its attempts include this one.</param>
    public static Result Judge(Delivery row, Guid mark, Answer answer) => answer switch
    {
        Answer.Accepted => new(row, mark, DeliveryState.Sent),
        Answer.Refused refused => new(row, mark, DeliveryState.Failed, refused.Reason),
        _ when Delivery.PauseAfter(row.Attempts) is { } pause => new(row, mark, DeliveryState.Pending, Pause: pause, Unsure: answer is Answer.Broken { Unsure: true }),
        _ => new(row, mark, DeliveryState.Failed, answer is Answer.Broken { Unsure: true } ? Reason.Unsure : Reason.GaveUp),
    };
}
