using System.Text.Json;
using JasperFx.Events;
using Marten;
using Marten.Events;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Vigil.Hosting;

/// <summary>A message of a lane as it goes over HTTP.</summary>
/// <param name="Sequence">Its place in the sender's store.</param>
/// <param name="Kind">Its URN, as on the broker.</param>
public sealed record Told(long Sequence, string Kind, JsonElement Message);

/// <param name="Next">Nothing up to here can still come; what lies beyond it is told again.</param>
public sealed record LanePage(IReadOnlyList<Told> Items, long Next);

/// <summary>
/// The same messages that the relay hands to the broker, for whoever asks: so that an ending is heard within a second while the broker is
/// away. Commits become visible out of order, so the cursor stays where the store's own high-water mark is, and not where the page ends.
/// </summary>
public static class Lanes
{
    const int Most = 500;
    // Without a cursor: enough to know what others may still not have heard.
    const long Recent = 10_000;

    public static string PathOf(string lane) => $"/{lane}";

    public static void MapLane(this WebApplication app, string name, Announcements announcements)
    {
        var lane = announcements.Lanes.Single(l => l.Name == name);
        app.MapGet(Inner.Path + PathOf(name), async (long? after, IQuerySession session, Restores restores, CancellationToken ct) =>
        {
            var schema = session.DocumentStore.Options.Events.DatabaseSchemaName;
            // Read before the events: everything up to it is then among them.
            var mark = (await session.QueryAsync<long>($"select coalesce(max(last_seq_id), 0) from {schema}.mt_event_progression where name = 'HighWaterMark'", ct))[0];
            // A cursor from before a restore is none of this store's.
            var from = after <= mark ? after.Value : Math.Max(0, mark - Recent);
            var told = await restores.Know(ct);
            var events = await session.Events.QueryAllRawEvents().Where(e => e.Sequence > from && e.EventTypesAre(lane.Events)).OrderBy(e => e.Sequence).Take(Most).ToListAsync(ct);
            var texts = await session.ReadTexts(events.SelectMany(announcements.Cites), ct);
            Told[] items = [.. from e in events
                              let message = announcements.For(told.Fact(e), texts)
                              where message is not null
                              select new Told(e.Sequence, MessageUrn.ForTypeString(message.GetType()), JsonSerializer.SerializeToElement(message, message.GetType(), Json.Stored))];
            return new LanePage(items, Math.Max(from, events.Count == Most ? Math.Min(mark, events[^1].Sequence) : mark));
        }).RequireAuthorization(Inner.Policy);
    }

    /// <summary>Asks the sender's instances, one after the other until one answers; null when none does.</summary>
    /// <param name="after">Null: what was told lately.</param>
    public static async Task<LanePage?> AskForLane(this HttpClient http, Inner inner, IEnumerable<Uri> sender, string lane, long? after, string asker, CancellationToken ct)
    {
        foreach (var instance in sender)
            try
            {
                using var request = inner.Request(HttpMethod.Get, instance, $"{PathOf(lane)}{(after is null ? "" : $"?after={after}")}", asker);
                using var answer = await http.SendAsync(request, ct);
                if (answer.IsSuccessStatusCode) return await System.Net.Http.Json.HttpContentJsonExtensions.ReadFromJsonAsync<LanePage>(answer.Content, Json.Stored, ct);
            }
            catch (Exception e) when (e is HttpRequestException or JsonException || e is OperationCanceledException && !ct.IsCancellationRequested) { }
        return null;
    }

    /// <summary>Hears a lane of another service over HTTP as well, where Inner:{sender} names its instances: the queue's handlers do not mind hearing twice.</summary>
    public static void HearLane(this WebApplicationBuilder builder, string service, string sender, Queue queue)
    {
        builder.AddInner();
        var instances = builder.Configuration.GetSection($"Inner:{sender}").Get<Uri[]>() ?? [];
        builder.AddWorker(s => ActivatorUtilities.CreateInstance<Hearing>(s, service, sender, queue, instances));
    }
}

/// <summary>How far a lane has been heard and acted upon.</summary>
public sealed record Heard(string Id, long Sequence)
{
    public static void Register(StoreOptions store) => store.Schema.For<Heard>();

    public static string IdOf(string sender, string lane) => $"{sender}-{lane}";
}

sealed class Hearing(string service, string sender, Queue queue, Uri[] instances, IDocumentStore store, IHttpClientFactory http, Inner inner, TimeProvider clock, ILogger<Hearing> log) : BackgroundService
{
    const int Again = 20;
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    readonly string _id = Heard.IdOf(sender, queue.Name);
    // What fails for another reason than the hour is tried again, some at each beat, and nothing waits for it. A new process leaves it to the broker.
    readonly OrderedDictionary<long, Told> _failed = [];
    long? _heard;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (instances.Length == 0)
        {
            log.LogWarning("No address of {Sender} is set: its {Lane} come over the broker alone", sender, queue.Name);
            return;
        }
        using var beat = new PeriodicTimer(Beat, clock);
        do
        {
            try
            {
                await Hear(stoppingToken);
                await TryAgain(stoppingToken);
            }
            catch (Exception e) when (Store.IsOutage(e) || Store.IsRace(e) || e is OperationCanceledException && !stoppingToken.IsCancellationRequested) { }
        }
        while (await beat.WaitForNextTickAsync(stoppingToken));
    }

    async Task Hear(CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        var after = _heard ??= (await session.LoadAsync<Heard>(_id, ct))?.Sequence ?? 0;
        while (await http.CreateClient(Inner.Scheme).AskForLane(inner, instances, queue.Name, after, service, ct) is { } page)
        {
            // A store that was put back gives the same numbers to others.
            if (page.Next < after) _failed.Clear();
            foreach (var told in page.Items.Where(t => !_failed.ContainsKey(t.Sequence)))
                if (await Take(told, ct) is { } fault)
                {
                    _failed.Add(told.Sequence, told);
                    log.LogError("What {Sender} told at {Sequence} could not be handled ({Fault})", sender, told.Sequence, fault.GetType().Name);
                }
            // Not at every beat: only what was acted upon has to be remembered.
            if (page.Next != after && (page.Items.Count > 0 || Math.Abs(page.Next - after) > 1000))
            {
                session.Store(new Heard(_id, page.Next));
                await session.SaveChangesAsync(ct);
                _heard = page.Next;
            }
            if (page.Next == after) return;
            after = page.Next;
            if (page.Items.Count == 0) return;
        }
    }

    async Task TryAgain(CancellationToken ct)
    {
        foreach (var told in _failed.Values.Take(Again).ToArray())
        {
            var fault = await Take(told, ct);
            _failed.Remove(told.Sequence);
            // Behind the others.
            if (fault is not null) _failed.Add(told.Sequence, told);
        }
    }

    /// <summary>Why it could not be handled; null: it was.</summary>
    async Task<Exception?> Take(Told told, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
            try
            {
                await queue.Take(told.Kind, told.Message, store, ct);
                return null;
            }
            catch (Exception e) when (Store.IsRace(e) && tries < 8) { }
            catch (Exception e) when (!Store.IsOutage(e) && e is not OperationCanceledException) { return e.GetBaseException(); }
    }
}
