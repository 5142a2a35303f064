using System.Net;
using System.Text.Json;
using Vigil.Hosting;

namespace Vigil.Gateway.Darkness;

/// <summary>
/// Carries orders on, each second and for as long as it takes: shares them with the other gateways, has the stories withdrawn once Authoring
/// answers, and learns from Publishing when that shows. Hears Authoring's endings as well. None of it waits for another.
/// </summary>
sealed class Follow(DenyList denied, KnownEndings endings, IHttpClientFactory clients, Inner inner, IConfiguration configuration, TimeProvider clock, ILogger<Follow> log) : BackgroundService
{
    const string Name = "gateway";
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    sealed record Found(IReadOnlyList<Guid> Articles, long Heard);

    sealed record Withdrawn(long Sequence);

    sealed record Problem(string? Code);

    readonly Uri[] _authoring = OriginsOf(configuration, "authoring");
    readonly Uri[] _publishing = OriginsOf(configuration, "publishing");
    readonly Uri[] _peers = configuration.GetSection("Gateway:Peers").Get<Uri[]>() ?? [];
    readonly string _newsroom = configuration["Gateway:NewsroomHosts:0"] ?? "";
    long? _heard;

    HttpClient Http => clients.CreateClient(Inner.Scheme);

    static Uri[] OriginsOf(IConfiguration configuration, string cluster) =>
        [.. configuration.GetSection($"ReverseProxy:Clusters:{cluster}:Destinations").GetChildren().Select(d => new Uri(d["Address"]!))];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Each(Glance, _ => { denied.Look(clock.GetUtcNow()); return Task.CompletedTask; }, stoppingToken),
        Each(Beat, Learn, stoppingToken), Each(Beat, Carry, stoppingToken), Each(Beat, Hear, stoppingToken));

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
        if (await Http.AskForLane(inner, _authoring, "endings", _heard, Name, ct) is not { } page) return;
        foreach (var told in page.Items) endings.Hear(told);
        _heard = page.Next;
    }

    /// <summary>The orders of the other gateways. A name may stand for several of them.</summary>
    async Task Learn(CancellationToken ct)
    {
        foreach (var peer in _peers)
            foreach (var address in await Addresses(peer, ct))
                try
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(peer) { Host = address, Path = DarkPage.Path }.Uri) { Headers = { Host = _newsroom } };
                    request.Headers.Authorization = new("Bearer", inner.TokenFor(Name));
                    request.Headers.Accept.ParseAdd("application/json");
                    using var answer = await Http.SendAsync(request, ct);
                    if (!answer.IsSuccessStatusCode || await answer.Content.ReadFromJsonAsync<DarkPage.View>(Json.Stored, ct) is not { } theirs) continue;
                    foreach (var order in theirs.Items.Where(o => o.Stage is not Stage.Lifted))
                        if (Target.Read(order.Address) is { } target) denied.Add(new(order.Address, target, order.At, order.By));
                }
                catch (Exception e) when (e is HttpRequestException or JsonException || e is OperationCanceledException && !ct.IsCancellationRequested) { }
    }

    static async Task<IEnumerable<string>> Addresses(Uri peer, CancellationToken ct)
    {
        try { return (await Dns.GetHostAddressesAsync(peer.DnsSafeHost, ct)).Select(a => $"{a}"); }
        catch (System.Net.Sockets.SocketException) { return []; }
    }

    async Task Carry(CancellationToken ct)
    {
        foreach (var order in denied.Open.ToArray())
        {
            var found = await Ask(order, ct);
            if (found is not null && order.Target.Slug is not null) denied.Hear(order.Id, new Word.Stories(found.Articles));
            // The answer to the question before, so that it holds for an ending that was acknowledged before it was asked.
            if (found is not null) denied.Hear(order.Id, new Word.Applied(found.Heard, clock.GetUtcNow()));
            if (denied.Orders.FirstOrDefault(o => o.Id == order.Id) is { Article: { } article, Sequence: null, LiftedAt: null } && await Withdraw(order, article, ct) is { } word)
                denied.Hear(order.Id, word);
        }
    }

    async Task<Found?> Ask(DarkOrder order, CancellationToken ct)
    {
        var query = order.Target switch
        {
            { Slug: null } => "",
            { Slug: var slug, Edition: { } edition } => $"?slug={slug}&edition={edition}",
            { Slug: var slug, Host: { } host } => $"?slug={slug}&host={Uri.EscapeDataString(host)}",
            { Slug: var slug } => $"?slug={slug}",
        };
        foreach (var instance in _publishing)
            try
            {
                using var request = inner.Request(HttpMethod.Get, instance, $"/stories{query}", Name);
                using var answer = await Http.SendAsync(request, ct);
                if (answer.IsSuccessStatusCode) return await answer.Content.ReadFromJsonAsync<Found>(Json.Stored, ct);
            }
            catch (Exception e) when (e is HttpRequestException or JsonException || e is OperationCanceledException && !ct.IsCancellationRequested) { }
        return null;
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
