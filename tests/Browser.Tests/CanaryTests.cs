namespace Vigil.Browser;

/// <summary>Each check, shown a page that breaks what it guards, must say so; shown a good one, it must be silent.</summary>
public sealed class CanaryTests(Installed installed)
{
    const string Place = "http://canary.localhost/";
    const string Policy = "default-src 'none'; style-src 'unsafe-inline'";

    static string Page(string body, string style = "") =>
        $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>A page</title><style>a:focus-visible {{ outline: 3px solid #000000 }} {style}</style></head><body><main id=\"content\"><h1>A page</h1>{body}</main></body></html>";

    static readonly Dictionary<string, Func<IPage, Task<IReadOnlyList<string>>>> Guards = new()
    {
        ["accessible"] = Checks.Accessible,
        ["well-formed"] = async page => Checks.WellFormed(await (await page.ReloadAsync())!.TextAsync()),
        ["structured"] = page => Checks.Structured(page, "en"),
        ["fits"] = Checks.Fits,
        ["fits-enlarged"] = Checks.FitsEnlarged,
        ["fits-on-paper"] = Checks.FitsOnPaper,
        ["reachable"] = Checks.Reachable,
        ["has-script"] = async page => await Checks.HasScript(page) ? ["a script"] : [],
        ["ringed"] = async page =>
        {
            await page.Keyboard.PressAsync("Tab");
            return await Checks.Ringed(page);
        },
        ["skips"] = Checks.Skips,
        ["watch"] = async page =>
        {
            var watch = new Watch(page);
            await page.ReloadAsync();
            return watch.Faults;
        },
    };

    public static TheoryData<string, string, string> Violations => new()
    {
        { "accessible", Page("<img src=\"data:,\">"), "image-alt" },
        { "accessible", Page("<p style=\"color:#bbbbbb\">Hard to read</p>"), "color-contrast" },
        { "accessible", Page("<p><button style=\"padding:0;border:0;width:9px;height:9px;font-size:5px\">A</button><button style=\"padding:0;border:0;width:9px;height:9px;font-size:5px\">B</button></p>"), "target-size" },
        { "well-formed", Page("<p>One<div></p>"), " at " },
        { "structured", Page("<h1>Another</h1>"), "2 h1" },
        { "structured", Page("<h3>Too deep</h3>"), "heading level left out" },
        { "structured", Page("<p id=\"a\"></p><p id=\"a\"></p>"), "id twice" },
        { "structured", Page("<p>خبز</p>"), "marked as \"en\"" },
        { "structured", Page("<p lang=\"ar\">خبز</p>"), "not set from right to left" },
        { "structured", Page("").Replace("lang=\"en\"", "lang=\"de\""), "its language is \"de\"" },
        { "structured", Page("").Replace("<title>A page", "<title>"), "no title" },
        { "fits", Page("<p style=\"width:2000px\">Wide</p>"), "wide in a window of" },
        { "fits", Page("<p style=\"width:2rem;overflow:hidden;white-space:nowrap\">More words than room</p>"), "cut off" },
        { "fits-enlarged", Page("<p style=\"width:50rem\">Wide only when enlarged</p>"), "text at 200 %" },
        { "fits-on-paper", Page("<p>Wide only on paper</p>", "@media print { p { width: 2000px } }"), "printed" },
        { "reachable", Page("<a href=\"/\">A link</a>", "a:focus-visible { outline: none }"), "no visible ring" },
        { "reachable", Page("<a href=\"/\">A link</a>", "a:focus-visible { outline: 3px solid #eeeeee }"), "no visible ring" },
        { "reachable", Page("<a href=\"/\" style=\"position:absolute;left:-999px\">A link</a>"), "out of sight" },
        { "has-script", Page("<script>1</script>"), "a script" },
        { "has-script", Page("<noscript>None</noscript>"), "a script" },
        { "has-script", Page("<p onclick=\"1\">Press</p>"), "a script" },
        { "has-script", Page("<a href=\" JavaScript:1\">Press</a>"), "a script" },
        { "ringed", Page("<a href=\"/\">A link</a><a href=\"/b\" style=\"visibility:hidden\">Another</a>"), "cannot have the focus" },
        { "ringed", Page("<a href=\"/\">A link</a><a href=\"/b\">Another</a>", "a + a:focus-visible { outline: none }"), "no visible ring" },
        { "ringed", Page("<a href=\"/\">A link</a><a href=\"/b\" style=\"position:absolute;left:-999px\">Another</a>"), "out of sight" },
        { "skips", Page("").Replace("<main", "<header><a href=\"/\">Home</a></header><main"), "does not skip" },
        { "skips", Page("<p><a href=\"/\">A link</a></p>").Replace("<main", "<a href=\"#nowhere\">Skip</a><header><a href=\"/\">Home</a></header><main"), "does not lead there" },
        { "watch", Page("<img alt=\"\" src=\"/missing.png\">"), "console" },
        { "watch", Page("<img alt=\"\" src=\"http://elsewhere.localhost/pixel.png\">"), "console" },
    };

    [Theory, MemberData(nameof(Violations))]
    public async Task A_check_reports_what_it_guards_against(string guard, string html, string fault) =>
        Assert.Contains(await Faults(guard, html, guard == "watch" ? Policy : null), f => f.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public async Task A_request_to_another_place_is_reported() =>
        Assert.Contains(await Faults("watch", Page("<img alt=\"\" src=\"http://elsewhere.localhost/pixel.png\">"), null), f => f.StartsWith("asks http://elsewhere", StringComparison.Ordinal));

    [Fact]
    public async Task A_good_page_is_reported_by_none()
    {
        foreach (var guard in Guards.Keys) Assert.Empty(await Faults(guard, Page("<p><a href=\"/\">A link</a></p>"), Policy));
    }

    async Task<IReadOnlyList<string>> Faults(string guard, string html, string? policy)
    {
        var (page, _) = await installed.Chromium.Reopen(nameof(CanaryTests), script: guard == "accessible");
        await page.RouteAsync("**/*", route => route.FulfillAsync(new()
        {
            ContentType = "text/html; charset=utf-8",
            Headers = policy is null ? null : new Dictionary<string, string> { ["Content-Type"] = "text/html; charset=utf-8", ["Content-Security-Policy"] = policy },
            Body = html,
        }));
        await page.GotoAsync(Place);
        return await Guards[guard](page);
    }
}
