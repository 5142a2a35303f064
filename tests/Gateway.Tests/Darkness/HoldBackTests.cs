using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;
using Vigil.Hosting;

namespace Vigil.Gateway.Tests.Darkness;

/// <summary>Orders at a gateway whose origins know nothing of them: so they are never lifted.</summary>
public sealed class HoldBackTests(HoldBackTests.Own own) : IClassFixture<HoldBackTests.Own>
{
    const string Edition = "au.localhost";
    const string Dark = "/newsroom/dark";
    // Within a second, and what a busy machine takes.
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    public sealed class Own : IAsyncLifetime
    {
        Door? _door;

        public Door Door => _door!;

        public async ValueTask InitializeAsync()
        {
            _door = await Door.Open();
            _door.Origin.Answers = async http =>
            {
                // Shows what the query says; of what it shows "nothing", it does not even say that.
                var shows = http.Request.Query["shows"].ToString();
                if (shows != "nothing") http.Response.Headers[Shown.Header] = shows.Length == 0 ? Shown.Nothing : shows;
                if (http.Request.Query["slug"].ToString().StartsWith("silent", StringComparison.Ordinal)) await Task.Delay(Timeout.Infinite, http.RequestAborted);
                if (http.Request.Path.StartsWithSegments("/inner")) http.Response.StatusCode = 503;
                else await http.Response.WriteAsync("words of a story");
            };
        }

        public ValueTask DisposeAsync() => _door?.DisposeAsync() ?? default;
    }

    Door Door => own.Door;

    Task<Reply> Order(string address, string? token, params (string, string)[] headers) => Door.Send(HttpMethod.Post, Dark, null,
        new StringContent(new JsonObject { ["address"] = address }.ToJsonString(), Encoding.UTF8, "application/json"), [.. headers, .. token is null ? Array.Empty<(string, string)>() : [("Authorization", $"Bearer {token}")]]);

    string Duty => Door.Platform.Issuer.Token(Account.Duty);

    static string Slug() => $"s{Guid.NewGuid():n}";

    [Fact]
    public async Task A_story_is_dark_at_its_address_and_in_whatever_shows_it_and_nothing_else_is()
    {
        var (slug, other) = (Slug(), Slug());
        var shown = new Shown(Guid.NewGuid(), 3, "au", slug);
        var list = $"/news?shows={shown},{new Shown(Guid.NewGuid(), 2, "au", other)}";
        var before = (await Door.Get(list, Edition)).Must(200);
        Assert.DoesNotContain(Shown.Header, before.Headers.Keys);

        (await Order($"http://{Edition}/news/{slug}", Duty)).Must(200);
        var dark = (await Door.Get($"/news/{slug}", Edition)).Must(404);
        Assert.DoesNotContain("words", dark.Text, StringComparison.Ordinal);
        Assert.Equal("no-store", dark.Headers["Cache-Control"]);
        Assert.Contains("<h1>There is no such page here</h1>", (await Door.Get($"/news/{slug}", Edition, ("Accept", "text/html"))).Must(404).Text, StringComparison.Ordinal);
        Assert.Null(Door.Origin.With($"/news/{slug}"));
        (await Door.Get($"/api/content/v1/editions/de/articles/{slug}", Edition)).MustBe(404, "publication.unknown");
        foreach (var path in new[] { list, $"/?shows={shown}", $"/feeds/news.rss?shows={shown}" })
        {
            var held = (await Door.Get(path, Edition)).Must(503);
            Assert.DoesNotContain("words", held.Text, StringComparison.Ordinal);
            Assert.Contains("Retry-After", held.Headers.Keys);
        }
        (await Door.Get($"/api/content/v1/editions/au/articles?shows={shown}", Edition)).MustBe(503, "publication.updating");
        (await Door.Get($"/news/{other}?shows={shown}", Edition)).Must(404);
        // Other stories, lists without it, and pages that show no story, as ever; of an answer that does not say what it shows nobody knows.
        (await Door.Get($"/news/{other}?shows={shown with { Article = Guid.NewGuid(), Slug = other }}", Edition)).Must(200);
        (await Door.Get($"/news?shows={shown with { Article = Guid.NewGuid(), Slug = other }}", Edition)).Must(200);
        (await Door.Get("/robots.txt", Edition)).Must(200);
        (await Door.Get("/news?shows=nothing", Edition)).Must(503);
    }

    [Fact]
    public async Task It_stays_dark_through_a_kill_and_whoever_puts_an_order_into_the_folder_is_obeyed()
    {
        var (first, second, third) = (Slug(), Slug(), Slug());
        (await Order(first, Duty)).Must(200);
        Drop(second);
        await Wait.Until(() => Door.Get($"/news/{second}", Edition), r => r.Status == 404, "the dropped order in force", Soon);
        await Door.Gateway.Kill();
        Drop(third);
        await Door.Gateway.Start();
        foreach (var slug in new[] { first, second, third }) (await Door.Get($"/news/{slug}", Edition)).Must(404);
        (await Door.Get($"/news/{Slug()}?shows=", Edition)).Must(200);
    }

    [Fact]
    public async Task It_is_dark_and_answered_though_nobody_says_whose_the_address_is()
    {
        var slug = $"silent-{Slug()}";
        var watch = Stopwatch.StartNew();
        Assert.Equal("asked", (await Order(slug, Duty)).Must(200)["stage"].GetString());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Soon);
        (await Door.Get($"/news/{slug}", Edition)).Must(404);
        (await Back(slug, Duty)).Must(200);
    }

    void Drop(string slug)
    {
        File.WriteAllText($"{FileOf(slug)}.new", Words(slug));
        File.Move($"{FileOf(slug)}.new", FileOf(slug));
    }

    string FileOf(string name) => Path.Combine(Door.Platform.DenyListOf(Door.Gateway), $"{name}.json");

    static string Words(string slug) => $$"""{"address":"/news/{{slug}}","at":"2026-01-01T00:00:00.000000Z","by":"deploy/dark"}""";

    [Fact]
    public async Task A_file_that_was_seen_half_written_is_obeyed_once_it_is_whole()
    {
        var slug = Slug();
        var faults = Faults();
        await File.WriteAllTextAsync(FileOf("by-hand"), Words(slug)[..40], TestContext.Current.CancellationToken);
        await Wait.Until(() => Task.FromResult(Faults()), n => n > faults, "the half of it told of");
        (await Door.Get($"/news/{slug}?shows=", Edition)).Must(200);
        await File.WriteAllTextAsync(FileOf("by-hand"), Words(slug), TestContext.Current.CancellationToken);
        await Wait.Until(() => Door.Get($"/news/{slug}", Edition), r => r.Status == 404, "the whole of it in force", Soon);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_stops_neither_the_gateway_nor_what_other_files_say()
    {
        var slug = Slug();
        await Door.Gateway.Kill();
        // Nobody may read this one of the kernel's, not even who may read all files.
        File.CreateSymbolicLink(FileOf("unreadable"), "/proc/sys/vm/compact_memory");
        await File.WriteAllTextAsync(FileOf("broken"), "{\"address\":\"/news/words-of-a-file", TestContext.Current.CancellationToken);
        try
        {
            await Door.Gateway.Start();
            Assert.Contains(Door.Gateway.Log, l => l.Contains(nameof(UnauthorizedAccessException), StringComparison.Ordinal));
            Assert.DoesNotContain(Door.Gateway.Log, l => l.Contains("words-of-a-file", StringComparison.Ordinal));
            var faults = Faults();
            Drop(slug);
            await Wait.Until(() => Door.Get($"/news/{slug}", Edition), r => r.Status == 404, "the other file in force", Soon);
            // Tried at every beat since, and not told of again.
            Assert.Equal(faults, Faults());
        }
        finally
        {
            File.Delete(FileOf("unreadable"));
            File.Delete(FileOf("broken"));
        }
    }

    int Faults() => Door.Gateway.Log.Count(l => l.Contains("of the deny list", StringComparison.Ordinal));

    [Fact]
    public async Task Who_made_it_dark_takes_it_back_and_it_stays_so_until_somebody_makes_it_dark_anew()
    {
        var slug = Slug();
        (await Back(slug, Duty)).MustBe(404, "dark.unknown");
        (await Back("a story", Duty)).MustBe(422, "dark.bad-address");
        (await Order(slug, Duty)).Must(200);
        var editor = Door.Platform.Issuer.Token(Account.Editor);
        (await Back(slug, Door.Platform.Issuer.Token(Account.Writer))).MustBe(403, "auth.forbidden");
        (await Back(slug, editor)).MustBe(403, "dark.not-yours");
        (await Door.Get($"/news/{slug}", Edition)).Must(404);
        for (var i = 0; i < 2; i++) Assert.Equal("taken-back", (await Back(slug, Duty)).Must(200)["items"][0].GetProperty("stage").GetString());
        (await Door.Get($"/news/{slug}?shows=", Edition)).Must(200);

        // By a form, and what the installation's command made dark.
        (await Order(slug, Duty)).Must(200);
        (await Door.Get($"/news/{slug}", Edition)).Must(404);
        Assert.Contains($"Take back {slug}", (await Door.Get(Dark, null, ("Accept", "text/html"), ("Authorization", $"Bearer {Duty}"))).Must(200).Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"Take back {slug}", (await Door.Get(Dark, null, ("Accept", "text/html"), ("Authorization", $"Bearer {editor}"))).Must(200).Text, StringComparison.Ordinal);
        Assert.Contains("This is not open to you", (await Door.Get(Dark, null, ("Accept", "text/html"), ("Authorization", $"Bearer {Door.Platform.Issuer.Token(Account.Writer)}"))).Must(403).Text, StringComparison.Ordinal);
        (await Form(slug, "/taken-back")).Must(302);
        Assert.Equal(404, (await Form(slug + "x", "/taken-back")).Status);
        (await Door.Get($"/news/{slug}?shows=", Edition)).Must(200);
        var command = new Inner(new SymmetricSecurityKey(Convert.FromBase64String(Door.Platform.InnerSecret)), TimeProvider.System).TokenFor("deploy/dark");
        (await Order(slug, Duty)).Must(200);
        (await Order(slug, command)).Must(200);
        (await Back(slug, Duty)).Must(200);
        (await Door.Get($"/news/{slug}", Edition)).Must(404);
        (await Back(slug, command)).Must(200);
        await Door.Gateway.Kill();
        await Door.Gateway.Start();
        (await Door.Get($"/news/{slug}?shows=", Edition)).Must(200);

        // The same file twice is two orders where the first was over.
        for (var i = 0; i < 2; i++)
        {
            Drop(slug);
            await Wait.Until(() => Door.Get($"/news/{slug}?shows=", Edition), r => r.Status == 404, "the file in force", Soon);
            await Wait.Until(() => Task.FromResult(File.Exists(FileOf(slug))), there => !there, "the file taken in", Soon);
            (await Back(slug, command)).Must(200);
            (await Door.Get($"/news/{slug}?shows=", Edition)).Must(200);
        }
    }

    Task<Reply> Back(string address, string token) => Door.Send(HttpMethod.Delete, $"{Dark}?address={Uri.EscapeDataString(address)}", null, null, ("Authorization", $"Bearer {token}"));

    [Fact]
    public async Task Who_may_not_remove_gives_no_orders()
    {
        var slug = Slug();
        var other = new Inner(new SymmetricSecurityKey(new byte[32]), TimeProvider.System).TokenFor("deploy/dark");
        (await Order(slug, null)).MustBe(401, "auth.required");
        (await Order(slug, other)).MustBe(401, "auth.required");
        foreach (var forgery in Enum.GetValues<Forgery>()) Assert.InRange((await Order(slug, Door.Platform.Issuer.Forge(Account.Duty, forgery))).Status, 401, 403);
        foreach (var account in new[] { Account.Writer, Account.Publisher, Account.Admin, Account.Machine with { Roles = ["writer"] } })
            (await Order(slug, Door.Platform.Issuer.Token(account))).MustBe(403, "auth.forbidden");
        (await Order(slug, Duty, ("Sec-Fetch-Site", "cross-site"))).MustBe(403, "request.cross-origin");
        (await Door.Get(Dark)).MustBe(401, "auth.required");
        (await Door.Get(Dark, Edition)).Must(404);
        (await Door.Get($"/news/{slug}?shows=", Edition)).Must(200);
    }

    [Fact]
    public async Task What_the_parts_say_to_each_other_is_not_reached_from_outside()
    {
        var inner = new Inner(new SymmetricSecurityKey(Convert.FromBase64String(Door.Platform.InnerSecret)), TimeProvider.System).TokenFor("deploy/dark");
        foreach (var path in new[] { "/inner/v1/endings", "/inner/v1/stories", "/api/newsroom/inner/v1/endings" })
            foreach (var host in new[] { null, Edition }) (await Door.Get(path, host, ("Authorization", $"Bearer {inner}"))).MustBe(404, "request.not-found");
    }

    [Theory, InlineData("au.example/news"), InlineData("words"), InlineData("")]
    public async Task What_is_no_address_is_said_so(string address)
    {
        if (address == "words") address = "a story of words";
        var refused = (await Order(address, Duty)).MustBe(422, "dark.bad-address");
        Assert.Equal("address", refused["field"].GetString());
        var page = await Form(address);
        Assert.Equal(422, page.Status);
        Assert.Contains("role=\"alert\"", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_takes_a_form_and_lists_what_is_dark_once()
    {
        var slug = Slug();
        for (var i = 0; i < 2; i++) Assert.Equal(Dark, (await Form($"au/{slug}")).Must(302).Headers["Location"]);
        var page = (await Door.Get(Dark, null, ("Accept", "text/html"), ("Authorization", $"Bearer {Duty}"))).Must(200);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(page.Text, $"<strong>au/{slug}"));
        Assert.Equal("no-store", page.Headers["Cache-Control"]);
        Assert.Contains("Dark at this gateway", page.Text, StringComparison.Ordinal);
        var item = (await Door.Get(Dark, null, ("Authorization", $"Bearer {Duty}")))["items"].EnumerateArray().Single(i => i.GetProperty("address").GetString() == $"au/{slug}");
        Assert.Equal(("asked", Account.Duty.Subject), (item.GetProperty("stage").GetString(), item.GetProperty("by").GetString()));
    }

    Task<Reply> Form(string address, string deed = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Door.Platform.At(Dark + deed)) { Content = new FormUrlEncodedContent([new("address", address)]) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Duty);
        return Door.Platform.Send(request);
    }
}
