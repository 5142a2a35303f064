using System.Text;

namespace Vigil.Gateway.Tests;

public sealed class GuardTests(Installed installed)
{
    const string Edition = "au.localhost";

    Door Door => installed.Door;

    static string Word() => $"w{Guid.NewGuid():n}";

    [Theory]
    [InlineData("/subscribe", Edition, 8 * 1024)]
    [InlineData("/api/notification/v1/subscriptions", Edition, 8 * 1024)]
    [InlineData("/identity/sign-in", null, 8 * 1024)]
    [InlineData("/api/newsroom/v1/articles", null, 1_000_000)]
    public async Task A_body_has_a_size_that_its_address_accepts(string path, string? host, int limit)
    {
        foreach (var chunked in new[] { false, true })
        {
            var (fits, exceeds) = (Word(), Word());
            // The frames of chunks count as well.
            var most = chunked ? limit * 9 / 10 : limit;
            (await Post(fits, most)).Must(200);
            Assert.Equal(most, Door.Origin.With(fits)!.Body.Length);
            (await Refused(exceeds)).MustBe(413, "request.too-large");
            if (!chunked) Assert.Null(Door.Origin.With(exceeds));

            // Whoever still sends when the gateway has answered and closed may find the connection broken before the answer is read.
            async Task<Reply> Refused(string word)
            {
                for (var tries = 1; ; tries++)
                    try { return await Post(word, limit + 1); }
                    catch (HttpRequestException e) when (tries < 10 && e.InnerException is IOException) { }
            }

            Task<Reply> Post(string word, int size)
            {
                var request = new HttpRequestMessage(HttpMethod.Post, Door.Platform.At($"{path}?{word}", host)) { Content = new StringContent(new string('a', size), Encoding.ASCII, "application/json") };
                request.Headers.TransferEncodingChunked = chunked;
                request.Headers.Authorization = new("Bearer", "of-a-test");
                return Door.Platform.Send(request);
            }
        }
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "anything")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1.evil.example")]
    public async Task Another_site_changes_nothing_in_the_newsroom(string header, string value)
    {
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch })
        {
            var word = Word();
            (await Door.Send(method, $"/api/newsroom/v1/articles?{word}", null, null, (header, value))).MustBe(403, "request.cross-origin");
            Assert.Null(Door.Origin.With(word));
        }
        // Reading by a link from elsewhere is fine, and so are the public forms, which have no session to abuse.
        (await Door.Get("/newsroom", null, (header, value))).Must(200);
        (await Door.Send(HttpMethod.Post, "/subscribe", Edition, null, (header, value))).Must(200);
    }

    [Fact]
    public async Task The_newsroom_s_own_pages_and_programs_may()
    {
        var own = $"http://127.0.0.1:{Door.Gateway.Port}";
        foreach (var headers in new (string, string)[][] { [], [("Sec-Fetch-Site", "same-origin")], [("Sec-Fetch-Site", "none")], [("Origin", own)], [("Origin", own), ("Sec-Fetch-Site", "same-origin")] })
            (await Door.Send(HttpMethod.Post, "/newsroom/articles", null, null, headers)).Must(200);
        (await Door.Send(HttpMethod.Post, "/newsroom/articles", null, null, ("Origin", own), ("Sec-Fetch-Site", "cross-site"))).MustBe(403, "request.cross-origin");
    }

    [Fact]
    public async Task Every_kind_of_answer_has_the_security_headers_and_says_nothing_of_the_server()
    {
        Reply[] answers =
        [
            await Door.Get("/news", Edition), await Door.Get("/newsroom"), await Door.Get("/nowhere", Edition), await Door.Get("/newsroom", Edition), await Door.Get("/health/live"),
            await Door.Send(HttpMethod.Post, "/subscribe", Edition, new StringContent(new string('a', 9000))),
            await Door.Send(HttpMethod.Post, "/newsroom/articles", null, null, ("Origin", "https://evil.example")),
            await Door.Send(HttpMethod.Delete, "/news", Edition),
        ];
        Assert.Equal([200, 200, 404, 404, 200, 413, 403, 404], answers.Select(a => a.Status));
        foreach (var answer in answers)
        {
            Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
            Assert.Contains(answer.Headers["Referrer-Policy"], new[] { "no-referrer", "same-origin" });
            Assert.Equal("same-origin", answer.Headers["Cross-Origin-Opener-Policy"]);
            Assert.Equal("same-origin", answer.Headers["Cross-Origin-Resource-Policy"]);
            Assert.Contains("camera=()", answer.Headers["Permissions-Policy"], StringComparison.Ordinal);
            var policy = answer.Headers["Content-Security-Policy"];
            Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("Server", answer.Headers.Keys);
            Assert.DoesNotContain("X-Powered-By", answer.Headers.Keys);
        }
        Assert.Equal(["no-referrer", "same-origin"], answers[..2].Select(a => a.Headers["Referrer-Policy"]));
        Assert.DoesNotContain("script-src", answers[0].Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", answers[1].Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("no-store", answers[1].Headers["Cache-Control"]);
        Assert.DoesNotContain("Cache-Control", answers[0].Headers.Keys);
    }
}
