using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Vigil.Journeys;

/// <summary>deploy/dark by itself, told to gateways that are not as they should be.</summary>
public sealed class DarkCommandTests : IDisposable
{
    readonly string _run = Directory.CreateTempSubdirectory("vigil-dark-").FullName;
    string DenyList => Path.Combine(_run, "dark");

    public void Dispose() => Directory.Delete(_run, recursive: true);

    /// <summary>Answers every order alike, and keeps who asked and for what.</summary>
    sealed class Gateway : IDisposable
    {
        readonly HttpListener _listener = new();

        public string Url { get; } = $"http://127.0.0.1:{Ports.Free()}";
        public ConcurrentQueue<(string Token, string Address)> Told { get; } = new();

        public Gateway(int status, string body)
        {
            _listener.Prefixes.Add(Url + "/");
            _listener.Start();
            _ = Task.Run(async () =>
            {
                while (true)
                {
                    var call = await _listener.GetContextAsync();
                    var token = call.Request.Headers["Authorization"]!;
                    if (call.Request.HasEntityBody)
                    {
                        var order = await JsonDocument.ParseAsync(call.Request.InputStream);
                        Told.Enqueue((token, order.RootElement.GetProperty("address").GetString()!));
                    }
                    // A token that is made in another second is another one.
                    for (var issued = IssuedAt(token); DateTimeOffset.UtcNow.ToUnixTimeSeconds() <= issued;) await Task.Delay(20);
                    call.Response.StatusCode = status;
                    await call.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                    call.Response.Close();
                }
            });
        }

        static long IssuedAt(string token)
        {
            var part = token.Split('.')[1].Replace('-', '+').Replace('_', '/');
            return JsonDocument.Parse(Convert.FromBase64String(part.PadRight((part.Length + 3) / 4 * 4, '='))).RootElement.GetProperty("iat").GetInt64();
        }

        public void Dispose() => _listener.Close();
    }

    Task<string> Dark(IEnumerable<string> gateways, params string[] addresses)
    {
        var secret = Path.Combine(_run, "inner");
        File.WriteAllText(secret, Convert.ToBase64String(new byte[32]));
        return Script.Run("deploy/dark", addresses, new Dictionary<string, string>
        {
            ["VIGIL_RUN"] = _run, ["VIGIL_INNER_SECRET"] = secret, ["VIGIL_DENY_LIST"] = DenyList, ["VIGIL_GATEWAYS"] = string.Join(' ', gateways),
        });
    }

    string?[] Left() => !Directory.Exists(DenyList) ? [] : [.. Directory.GetFiles(DenyList, "*.json").Select(f => JsonDocument.Parse(File.ReadAllText(f)).RootElement.GetProperty("address").GetString()).Order()];

    const string Agreed = """{"address":"/news/a","at":"2026-11-26T08:00:00Z","by":"deploy/dark","stage":"asked","words":"Dark at this gateway."}""";

    [Fact]
    public async Task One_that_refuses_keeps_no_other_from_being_told_and_finds_the_order_left()
    {
        using Gateway refuses = new(429, """{"code":"request.too-many","title":"Too many requests."}"""), agrees = new(200, Agreed);
        var nobody = $"http://127.0.0.1:{Ports.Free()}";

        var complaint = (await Assert.ThrowsAsync<InvalidOperationException>(() => Dark([refuses.Url, nobody, agrees.Url], "/news/a", "a story", "/news/b"))).Message;

        Assert.Equal(["/news/a", "/news/b"], agrees.Told.Select(t => t.Address));
        Assert.Equal(["/news/a", "/news/b"], refuses.Told.Select(t => t.Address));
        Assert.Equal(["/news/a", "/news/b"], Left());
        Assert.Equal(4, agrees.Told.Concat(refuses.Told).Select(t => t.Token).Distinct().Count());
        foreach (var words in new[] { $"{refuses.Url} refused '/news/a': Too many requests.", "'a story' is no address", $"/news/b: {nobody} does not answer" }) Assert.Contains(words, complaint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_all_agree_it_ends_well_and_leaves_nothing()
    {
        using var agrees = new Gateway(200, Agreed);
        Assert.Contains("/news/a: Dark at this gateway.", await Dark([agrees.Url], "/news/a"), StringComparison.Ordinal);
        Assert.Empty(Left());
    }

    [Theory, InlineData("unknown", "No story is known at this address: check it."), InlineData("several", "Several stories have this address."), InlineData("refused", "It was not unpublished."), InlineData("lapsed", "Dark no more.")]
    public async Task An_address_that_means_no_single_story_does_not_end_well(string stage, string words)
    {
        using var gateway = new Gateway(200, $$"""{"address":"/news/a","at":"2026-11-26T08:00:00Z","by":"deploy/dark","stage":"{{stage}}","words":"{{words}}"}""");
        Assert.Contains($"/news/a: {words}", (await Assert.ThrowsAsync<InvalidOperationException>(() => Dark([gateway.Url], "/news/a"))).Message, StringComparison.Ordinal);
        Assert.Empty(Left());
    }

    [Fact]
    public async Task What_is_dark_is_listed_for_each_gateway()
    {
        using Gateway dark = new(200, $"[{Agreed}]"), light = new(200, "[]");
        Assert.Equal($"At {dark.Url}:\n/news/a: Dark at this gateway.\nAt {light.Url} nothing is dark.\n", await Dark([dark.Url, light.Url]));
    }

    [Fact]
    public async Task What_no_gateway_would_ever_read_is_not_left()
    {
        using var refuses = new Gateway(422, """{"title":"This is no address of a story.","code":"dark.bad-address","field":"address","errors":[{"code":"dark.bad-address","field":"address","message":"This is no address of a story."}]}""");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Dark([refuses.Url], "/news/"));
        Assert.Empty(Left());
    }
}
