using System.Diagnostics;

namespace Vigil.Gateway.Tests;

public sealed class RouteTests(Installed installed)
{
    const string Edition = "au.localhost";

    Door Door => installed.Door;

    static string Word() => $"w{Guid.NewGuid():n}";

    [Theory]
    [InlineData("/newsroom")]
    [InlineData("/newsroom/articles")]
    [InlineData("/api/newsroom/v1/articles")]
    [InlineData("/api/publishing/v1/editions/au")]
    [InlineData("/api/notification/v1/mailings")]
    [InlineData("/development/mail")]
    [InlineData("/identity/sign-in")]
    [InlineData("/identity/accounts")]
    [InlineData("/connect/authorize")]
    [InlineData("/.well-known/openid-configuration")]
    public async Task Staff_addresses_answer_on_the_newsroom_s_hosts_only(string path)
    {
        var word = Word();
        (await Door.Get($"{path}?{word}")).Must(200);
        Assert.NotNull(Door.Origin.With(word));
        foreach (var host in new[] { Edition, "de.localhost", "evil.example", "localhost.evil.example" })
        {
            var other = Word();
            (await Door.Get($"{path}?{other}", host)).MustBe(404, "request.not-found");
            // Neither by a header that claims the newsroom's host.
            (await Door.Get($"{path}?{other}", host, ("X-Forwarded-Host", "127.0.0.1"), ("X-Original-Host", "127.0.0.1"), ("Forwarded", "host=127.0.0.1"))).MustBe(404, "request.not-found");
            Assert.Null(Door.Origin.With(other));
        }
    }

    [Theory]
    [InlineData("GET", "/admin")]
    [InlineData("GET", "/health")]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/api")]
    [InlineData("GET", "/api/newsroom/v2/articles")]
    [InlineData("GET", "/api/content/v1/editions/au/articles/a/b/c")]
    [InlineData("GET", "/news/a/b")]
    [InlineData("GET", "/feeds/news.exe")]
    [InlineData("GET", "/connect/introspect")]
    [InlineData("GET", "/.git/config")]
    [InlineData("POST", "/")]
    [InlineData("DELETE", "/news")]
    [InlineData("PUT", "/subscribe")]
    [InlineData("GET", "/api/notification/v1/subscriptions")]
    [InlineData("GET", "/connect/token")]
    public async Task What_is_not_listed_reaches_no_origin(string method, string path)
    {
        foreach (var host in new[] { null, Edition })
        {
            var word = Word();
            var answer = await Door.Send(new HttpMethod(method), $"{path}?{word}", host);
            Assert.InRange(answer.Status, 404, 405);
            Assert.Null(Door.Origin.With(word));
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/news")]
    [InlineData("/news/a-story")]
    [InlineData("/feeds/news.rss")]
    [InlineData("/sitemap.xml")]
    [InlineData("/subscribe")]
    [InlineData("/api/content/v1/editions/au/articles")]
    public async Task Public_addresses_answer_on_every_host_and_keep_its_name(string path)
    {
        foreach (var host in new[] { Edition, "news.example.org" })
        {
            var word = Word();
            Assert.Equal("from the origin", (await Door.Get($"{path}?{word}", host)).Must(200).Text);
            Assert.Equal($"{host}:{Door.Gateway.Port}", Door.Origin.With(word)!.Headers["Host"]);
            Assert.Equal($"{path}?{word}", Door.Origin.With(word)!.Target);
        }
    }

    [Fact]
    public async Task Nothing_that_a_client_says_about_its_way_here_is_believed()
    {
        var word = Word();
        (await Door.Get($"/news?{word}", Edition, ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Prefix", "/evil"), ("Forwarded", "for=203.0.113.7"))).Must(200);
        var headers = Door.Origin.With(word)!.Headers;
        Assert.Equal("127.0.0.1", headers["X-Forwarded-For"]);
        Assert.Equal("http", headers["X-Forwarded-Proto"]);
        Assert.Equal($"{Edition}:{Door.Gateway.Port}", headers["X-Forwarded-Host"]);
        Assert.DoesNotContain("X-Forwarded-Prefix", headers.Keys);
        Assert.DoesNotContain("Forwarded", headers.Keys);
    }

    [Fact]
    public async Task Only_listed_headers_pass()
    {
        var word = Word();
        (await Door.Get($"/news?{word}", Edition,
            ("Accept", "text/html"), ("Accept-Language", "de"), ("If-None-Match", "\"1\""), ("Authorization", "Bearer x"), ("Cookie", "a=b"),
            ("X-Real-IP", "203.0.113.7"), ("X-Original-URL", "/newsroom"), ("X-HTTP-Method-Override", "DELETE"), ("X-Anything", "x"), ("TE", "trailers"), ("Proxy-Authorization", "x"),
            ("Keep-Alive", "timeout=5"), ("Connection", "X-Hop"), ("X-Hop", "x"), ("Referer", "https://elsewhere.example/secret"), ("User-Agent", "somebody"))).Must(200);
        var passed = Door.Origin.With(word)!.Headers.Keys.Order(StringComparer.OrdinalIgnoreCase);
        Assert.Equal(new[] { "Accept", "Accept-Language", "Authorization", "Cookie", "Host", "If-None-Match", "traceparent", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto" }, passed.Where(h => h is not "Connection"), StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_trace_from_outside_is_not_gone_on_with()
    {
        const string theirs = "0af7651916cd43dd8448eb211c80319c";
        var word = Word();
        (await Door.Get($"/news?{word}", Edition, ("traceparent", $"00-{theirs}-b7ad6b7169203331-01"), ("tracestate", "evil=1"), ("baggage", "user=evil"), ("Request-Id", "|evil."), ("Correlation-Context", "a=evil"))).Must(200);
        var headers = Door.Origin.With(word)!.Headers;
        var ours = ActivityContext.Parse(headers["traceparent"], null);
        Assert.NotEqual(theirs, $"{ours.TraceId}");
        Assert.DoesNotContain(headers, h => h.Value.Contains("evil", StringComparison.Ordinal));

        var refusal = await Door.Get("/nowhere", Edition, ("traceparent", $"00-{theirs}-b7ad6b7169203331-01"));
        Assert.DoesNotContain(theirs, refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_alive_and_ready()
    {
        foreach (var path in new[] { "/health/live", "/health/ready" }) Assert.Equal("healthy", (await Door.Get(path, Edition)).Must(200)["status"].GetString());
    }
}
