using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Vigil.Hosting;

namespace Vigil.Gateway.Darkness;

/// <summary>
/// The other gateways, whose orders hold here, too. One that has just begun is not ready before it has heard them: until then it would show what
/// is dark everywhere else. One that does not answer is not waited for longer than a start may take.
/// </summary>
sealed class Peers(DenyList denied, IHttpClientFactory clients, Inner inner, IConfiguration configuration, TimeProvider clock) : IHealthCheck
{
    /// <summary>What a gateway is called by the other parts.</summary>
    public const string Name = "gateway";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly Uri[] _peers = configuration.GetSection("Gateway:Peers").Get<Uri[]>() ?? [];
    readonly string _newsroom = configuration["Gateway:NewsroomHosts:0"] ?? "";
    readonly long _began = clock.GetTimestamp();
    volatile bool _heard;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        _heard || _peers.Length == 0 || clock.GetElapsedTime(_began) > Patience ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The other gateways have not been heard."));

    public async Task Learn(CancellationToken ct)
    {
        var answers = await Task.WhenAll(_peers.Select(peer => LearnFrom(peer, ct)));
        if (answers.All(answered => answered)) _heard = true;
    }

    /// <summary>A name may stand for several. False: not all of them answered.</summary>
    async Task<bool> LearnFrom(Uri peer, CancellationToken ct)
    {
        IPAddress[] addresses;
        try { addresses = await Dns.GetHostAddressesAsync(peer.DnsSafeHost, ct); }
        catch (SocketException) { return false; }
        var answers = await Task.WhenAll(addresses.Select(address => LearnAt(new UriBuilder(peer) { Host = $"{address}", Path = DarkPage.Path }.Uri, ct)));
        return answers.All(answered => answered);
    }

    async Task<bool> LearnAt(Uri address, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Host = _newsroom } };
            request.Headers.Authorization = new("Bearer", inner.TokenFor(Name));
            request.Headers.Accept.ParseAdd("application/json");
            using var answer = await clients.CreateClient(Inner.Scheme).SendAsync(request, ct);
            if (!answer.IsSuccessStatusCode || await answer.Content.ReadFromJsonAsync<DarkPage.View>(Json.Stored, ct) is not { } theirs) return false;
            foreach (var told in theirs.Items)
                if (Target.Read(told.Address) is { } target) Take(new(told.Address, target, told.At, told.By), told.Stage);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || e is OperationCanceledException && !ct.IsCancellationRequested) { return false; }
    }

    // What has lapsed or was lifted there does so here by itself, by Publishing's word.
    void Take(DarkOrder theirs, Stage stage)
    {
        if (stage is Stage.TakenBack) denied.Hear(theirs.Id, new Word.TakenBack(clock.GetUtcNow()));
        else if (stage is not (Stage.Lifted or Stage.Lapsed)) denied.Learn(theirs);
    }
}
