namespace Vigil.Gateway.Tests;

/// <summary>Requests that two programs in a row could read in two ways, written byte by byte.</summary>
public sealed class SmugglingTests(Installed installed)
{
    Door Door => installed.Door;

    const string Head = "Host: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n";

    public static TheoryData<string, string> Ambiguous => new()
    {
        { "two lengths", $"POST /subscribe?WORD HTTP/1.1\r\n{Head}Content-Length: 5\r\nContent-Length: 50\r\n\r\na=bcdGET /smuggled?WORD HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" },
        { "a list of lengths", $"POST /subscribe?WORD HTTP/1.1\r\n{Head}Content-Length: 5, 5\r\n\r\na=bcd" },
        { "length and chunks", $"POST /subscribe?WORD HTTP/1.1\r\n{Head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /news?WORD HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" },
        { "an unknown encoding", $"POST /subscribe?WORD HTTP/1.1\r\n{Head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" },
        { "chunked and more", $"POST /subscribe?WORD HTTP/1.1\r\n{Head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" },
        { "a negative length", $"POST /subscribe?WORD HTTP/1.1\r\n{Head}Content-Length: -1\r\n\r\na" },
        { "a slash as an escape", "GET /assets/..%2f..%2fnewsroom?WORD HTTP/1.1\r\nHost: au.localhost\r\nConnection: close\r\n\r\n" },
        { "a slash as an escape in large letters", "GET /news/a%2Fb?WORD HTTP/1.1\r\nHost: au.localhost\r\nConnection: close\r\n\r\n" },
        { "a backslash as an escape", "GET /assets/..%5c..%5Cnewsroom?WORD HTTP/1.1\r\nHost: au.localhost\r\nConnection: close\r\n\r\n" },
        { "a folded header", "GET /news?WORD HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n folded: yes\r\n\r\n" },
        { "white space before the colon", "GET /news?WORD HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n" },
        { "no host", "GET /news?WORD HTTP/1.1\r\n\r\n" },
        { "two hosts", "GET /news?WORD HTTP/1.1\r\nHost: au.localhost\r\nHost: 127.0.0.1\r\n\r\n" },
        { "a host that is none", "GET /news?WORD HTTP/1.1\r\nHost: a/b\r\n\r\n" },
        { "NUL in a header", "GET /news?WORD HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: a\0b\r\n\r\n" },
        { "NUL in the path", "GET /news/a\0?WORD HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" },
        { "bare line feeds in a header", "GET /news?WORD HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: a\rX: b\r\n\r\n" },
        { "a tunnel", "CONNECT 127.0.0.1:5432 HTTP/1.1\r\nHost: 127.0.0.1:5432\r\nConnection: close\r\n\r\n" },
        { "another's address", "GET http://evil.example/news?WORD HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n" },
        { "a staff address by absolute form", "GET http://127.0.0.1/newsroom?WORD HTTP/1.1\r\nHost: au.localhost\r\nConnection: close\r\n\r\n" },
        { "an asterisk", "OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n" },
        { "no protocol", "GET /news?WORD\r\n\r\n" },
        { "a protocol of tomorrow", "GET /news?WORD HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n" },
        { "a method that is none", "GE(T /news?WORD HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" },
        { "a line without end", $"GET /news/{new string('a', 9000)}?WORD HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" },
        { "many headers", $"GET /news?WORD HTTP/1.1\r\nHost: 127.0.0.1\r\n{string.Concat(Enumerable.Range(0, 70).Select(n => $"X-{n}: x\r\n"))}\r\n" },
        { "much header", $"GET /news?WORD HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {new string('a', 20_000)}\r\n\r\n" },
        { "a bad chunk", $"POST /subscribe?WORD HTTP/1.1\r\n{Head}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n" },
    };

    [Theory, MemberData(nameof(Ambiguous))]
    public async Task What_could_be_read_in_two_ways_is_refused_and_ends_the_connection(string what, string request)
    {
        var word = $"w{Guid.NewGuid():n}";
        var answers = await Door.Say(request.Replace("WORD", word, StringComparison.Ordinal));
        Assert.True(answers.Length > 0, $"{what}: nothing was answered.");
        // One answer, a refusal, whatever followed in the same breath.
        Assert.Equal(1, answers.Split("HTTP/1.1 ").Length - 1);
        Assert.Matches(@"\AHTTP/1\.1 (4\d\d|505) ", answers);
        Assert.Null(Door.Origin.With(word));
    }

    [Theory]
    [InlineData("/newsroom/../newsroom")]
    [InlineData("/news/%2e%2e/%2e%2e/newsroom")]
    [InlineData("/assets/..%2f..%2fnewsroom")]
    [InlineData("/assets/%2e%2e%2fnewsroom")]
    [InlineData("/assets/..%5c..%5cnewsroom")]
    [InlineData("//newsroom")]
    [InlineData("/%6eewsroom")]
    [InlineData("/NEWSROOM")]
    [InlineData("/newsroom%2farticles")]
    [InlineData("/news/..;/newsroom")]
    [InlineData("/./newsroom")]
    public async Task No_way_of_writing_it_leads_from_an_edition_to_the_newsroom(string path)
    {
        var word = $"w{Guid.NewGuid():n}";
        var answer = await Door.Say($"GET {path}?{word} HTTP/1.1\r\nHost: au.localhost\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
        // If something reached an origin, it was written so that it stays below what is public.
        if (Door.Origin.With(word) is { } arrival)
        {
            var target = Uri.UnescapeDataString(Uri.UnescapeDataString(arrival.Target)).Replace('\\', '/');
            Assert.DoesNotContain("/newsroom", new Uri(new Uri("http://origin"), target).AbsolutePath, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_length_goes_on_as_a_plain_number()
    {
        var word = $"w{Guid.NewGuid():n}";
        await Door.Say($"POST /subscribe?{word} HTTP/1.1\r\n{Head}Connection: close\r\nContent-Length: +05\r\n\r\na=bcd");
        Assert.Equal("5", Door.Origin.With(word)!.Headers["Content-Length"]);
    }

    [Fact]
    public async Task What_follows_a_whole_request_is_a_request_of_its_own()
    {
        var (first, second) = ($"w{Guid.NewGuid():n}", $"w{Guid.NewGuid():n}");
        var answers = await Door.Say($"POST /subscribe?{first} HTTP/1.1\r\n{Head}Content-Length: 5\r\n\r\na=bcdGET /news?{second} HTTP/1.1\r\nHost: au.localhost\r\nConnection: close\r\n\r\n");
        Assert.Equal(2, answers.Split("HTTP/1.1 200").Length - 1);
        Assert.Equal("a=bcd", Door.Origin.With(first)!.Body);
        Assert.Equal("au.localhost", Door.Origin.With(second)!.Headers["Host"]);
    }
}
