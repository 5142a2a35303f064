using System.Collections.Concurrent;

namespace Vigil.Browser;

/// <summary>The distribution's Chromium, for which every name below localhost is this machine and nothing else exists.</summary>
public sealed class Chromium : IAsyncDisposable
{
    readonly IPlaywright _playwright;
    readonly IBrowser _browser;
    readonly ConcurrentDictionary<(string, bool), Window> _windows = new();

    Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Chromium> Start()
    {
        var path = (await Script.Run("deploy/install", ["path", "chromium"])).Trim();
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            // Its sandbox refuses to run as root.
            ChromiumSandbox = !Environment.IsPrivilegedProcess,
            Args = ["--host-resolver-rules=MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost", "--disable-dev-shm-usage"],
        }));
    }

    /// <summary>A window of its own, without cookies. Nothing moves in it, so that a colour is not measured on its way.</summary>
    /// <param name="bypassPolicy">Scripts may do what the pages' own content policy forbids.</param>
    public async Task<IPage> Open(bool script, bool bypassPolicy = false)
    {
        var context = await _browser.NewContextAsync(new() { JavaScriptEnabled = script, BypassCSP = bypassPolicy, ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout(15_000);
        return await context.NewPageAsync();
    }

    /// <summary>The same window for one page after another, as if it were new: to make one takes longer than to look at most pages.</summary>
    /// <param name="tests">Which run one after the other.</param>
    public async Task<Window> Reopen(string tests, bool script)
    {
        if (!_windows.TryGetValue((tests, script), out var window))
        {
            var page = await Open(script);
            _windows[(tests, script)] = window = new(page, new(page));
        }
        await window.Page.UnrouteAllAsync();
        await window.Page.SetViewportSizeAsync(1280, 720);
        await window.Page.EmulateMediaAsync(new() { Media = Media.Screen, ColorScheme = ColorScheme.Light });
        await window.Page.Context.ClearCookiesAsync();
        await window.Page.Context.SetExtraHTTPHeadersAsync([]);
        window.Watch.Forget();
        return window;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

public sealed record Window(IPage Page, Watch Watch);

/// <summary>How a page is looked at.</summary>
public sealed record Look(ColorScheme Scheme, int Width)
{
    public static IReadOnlyList<Look> All { get; } = [new(ColorScheme.Light, 1280), new(ColorScheme.Dark, 1280), new(ColorScheme.Light, 360), new(ColorScheme.Dark, 360)];

    public async Task Set(IPage page)
    {
        await page.SetViewportSizeAsync(Width, 800);
        await page.EmulateMediaAsync(new() { ColorScheme = Scheme });
    }

    public override string ToString() => $"{Scheme} {Width}";
}
