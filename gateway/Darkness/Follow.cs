using System.Text.Json;
using Vigil.Hosting;

namespace Vigil.Gateway.Darkness;

/// <summary>
/// Carries orders on, each second and for as long as it takes: shares them with the other gateways, has the stories withdrawn once it is known
/// which they are and Authoring answers, and learns from Publishing when that shows. Hears Authoring's endings as well. None of it waits for another.
/// </summary>
sealed class Follow(DenyList denied, Peers peers, KnownEndings endings, IHttpClientFactory clients, Inner inner, IConfiguration configuration, TimeProvider clock, ILogger<Follow> log) : BackgroundService
{
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    sealed record Found(IReadOnlyList<Guid> Articles, long Heard);

    sealed record Withdrawn(long Sequence);

    sealed record Problem(string? Code);

    readonly Uri[] _authoring = OriginsOf(configuration, "authoring");
    readonly Uri[] _publishing = OriginsOf(configuration, "publishing");
    long? _heard;

    HttpClient Http => clients.CreateClient(Inner.Scheme);

    static Uri[] OriginsOf(IConfiguration configuration, string cluster) =>
        [.. configuration.GetSection($"ReverseProxy:Clusters:{cluster}:Destinations").GetChildren().Select(d => new Uri(d["Address"]!))];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Each(Glance, _ => { denied.Look(clock.GetUtcNow()); return Task.CompletedTask; }, stoppingToken),
        Each(Beat, peers.Learn, stoppingToken), Each(Beat, Carry, stoppingToken), Each(Beat, Hear, stoppingToken));

    async Task Each(TimeSpan time, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        using var beat = new PeriodicTimer(time, clock);
        do
        {
            try
            {
                await work(ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.LogWarning("Darkness is carried on at the next beat ({Fault})", e.GetType().Name);
            }
        }
        while (await beat.WaitForNextTickAsync(ct));
    }

    async Task Hear(CancellationToken ct)
    {
        if (await Http.AskForLane(inner, _authoring, "endings", _heard, Peers.Name, ct) is not { } page) return;
        foreach (var told in page.Items) endings.Hear(told);
        _heard = page.Next;
    }

    /// <summary>Asks whose address it is at once, so that a mistyped one is told as such. Where nobody answers, the beat goes on asking.</summary>
    public async Task<DarkOrder> Begin(DarkOrder order, CancellationToken ct)
    {
        if (order.Target.Slug is null) return order;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            // One that hangs must not keep another from being asked.
            await foreach (var answer in Task.WhenEach(_publishing.Select(instance => Ask(order, instance, patience.Token))))
                if (await answer is { } found)
                {
                    Learn(order, found);
                    break;
                }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested) { }
        return denied.Find(order.Id) ?? order;
    }

    void Learn(DarkOrder order, Found found)
    {
        if (order.Target.Slug is not null) denied.Hear(order.Id, new Word.Stories(found.Articles, clock.GetUtcNow()));
    }

    async Task Carry(CancellationToken ct)
    {
        foreach (var order in denied.Open.ToArray())
        {
            if (await Ask(order, ct) is { } found)
            {
                Learn(order, found);
                // The answer to the question before, so that it holds for an ending that was acknowledged before it was asked.
                denied.Hear(order.Id, new Word.Applied(found.Heard, clock.GetUtcNow()));
            }
            if (denied.Find(order.Id) is { Article: { } article, Sequence: null, OverAt: null } && await Withdraw(order, article, ct) is { } word)
                denied.Hear(order.Id, word);
        }
    }

    async Task<Found?> Ask(DarkOrder order, CancellationToken ct)
    {
        foreach (var instance in _publishing)
            if (await Ask(order, instance, ct) is { } found) return found;
        return null;
    }

    async Task<Found?> Ask(DarkOrder order, Uri instance, CancellationToken ct)
    {
        var query = order.Target switch
        {
            { Slug: null } => "",
            { Slug: var slug, Edition: { } edition } => $"?slug={slug}&edition={edition}",
            { Slug: var slug, Host: { } host } => $"?slug={slug}&host={Uri.EscapeDataString(host)}",
            { Slug: var slug } => $"?slug={slug}",
        };
        try
        {
            using var request = inner.Request(HttpMethod.Get, instance, $"/stories{query}", Peers.Name);
            using var answer = await Http.SendAsync(request, ct);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<Found>(Json.Stored, ct) : null;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || e is OperationCanceledException && !ct.IsCancellationRequested) { return null; }
    }

    async Task<Word?> Withdraw(DarkOrder order, Guid article, CancellationToken ct)
    {
        foreach (var instance in _authoring)
            try
            {
                using var request = inner.Request(HttpMethod.Post, instance, $"/articles/{article}/withdrawal", order.By);
                request.Headers.Add("Idempotency-Key", $"{order.Id}");
                using var answer = await Http.SendAsync(request, ct);
                if (answer.IsSuccessStatusCode) return await answer.Content.ReadFromJsonAsync<Withdrawn>(Json.Stored, ct) is { } done ? new Word.Acknowledged(done.Sequence) : null;
                if ((int)answer.StatusCode < 500) return new Word.Refused((await answer.Content.ReadFromJsonAsync<Problem>(ct))?.Code ?? "server.fault");
            }
            catch (Exception e) when (e is HttpRequestException or JsonException || e is OperationCanceledException && !ct.IsCancellationRequested) { }
        return null;
    }
}
