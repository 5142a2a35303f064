using AngleSharp.Html.Parser;
using Deque.AxeCore.Commons;

namespace Vigil.Browser;

/// <summary>What every page must be. Each looks at the page as it stands in the browser and names what is wrong, with the place.</summary>
public static class Checks
{
    static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

    /// <summary>Needs script. Axe's own binding opens another page for every run, which takes ten times as long.</summary>
    public static async Task<IReadOnlyList<string>> Accessible(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window")) await page.EvaluateAsync(Axe);
        return await page.EvaluateAsync<string[]>("""
            async rules => (await axe.run(document, { runOnly: rules, resultTypes: ['violations'] })).violations.flatMap(v => v.nodes.map(n => `${v.id}: ${v.help}: ${n.html}`))
            """, Rules);
    }

    /// <summary>Whether any script would run, or something is there for those without.</summary>
    public static Task<bool> HasScript(IPage page) => page.EvaluateAsync<bool>("""
        () => [...document.querySelectorAll('*')].some(e => e.matches('script:not([type="application/ld+json"]), noscript')
            || [...e.attributes].some(a => a.name.startsWith('on') || /^\s*javascript:/i.test(a.value)))
        """);

    /// <summary>What a strict parser complains about.</summary>
    public static IReadOnlyList<string> WellFormed(string html)
    {
        List<string> faults = [];
        var parser = new HtmlParser(new HtmlParserOptions { IsKeepingSourceReferences = true });
        parser.Error += (_, e) => faults.Add(e is AngleSharp.Html.Dom.Events.HtmlErrorEvent error ? $"{error.Message} at {error.Position}" : $"{e}");
        parser.ParseDocument(html).Dispose();
        return faults;
    }

    /// <summary>One h1, no heading level left out, no id twice, a title, and everything in Arabic script alone marked as what it is.</summary>
    public static async Task<IReadOnlyList<string>> Structured(IPage page, string language) => await page.EvaluateAsync<string[]>("""
        language => {
            const faults = [];
            if (document.documentElement.lang !== language) faults.push(`the page says its language is "${document.documentElement.lang}"`);
            if (!document.title.trim()) faults.push('no title');
            const headings = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')];
            if (headings.filter(h => h.matches('h1')).length !== 1) faults.push(`${headings.filter(h => h.matches('h1')).length} h1`);
            headings.reduce((above, h) => {
                const level = +h.tagName[1];
                if (level > above + 1) faults.push(`heading level left out before "${h.textContent}"`);
                return level;
            }, 0);
            const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
            for (const id of ids.filter((id, i) => ids.indexOf(id) !== i)) faults.push(`id twice: ${id}`);
            const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            for (let text; text = texts.nextNode();) {
                if (text.parentElement.closest('script, style, title')) continue;
                const arabic = /\p{Script=Arabic}/u.test(text.data), latin = /\p{Script=Latin}/u.test(text.data);
                const marked = text.parentElement.closest('[lang]').lang;
                if (arabic && !latin && !/^(ar|fa)\b/.test(marked)) faults.push(`marked as "${marked}": ${text.data}`);
                if (arabic && !latin && getComputedStyle(text.parentElement).direction !== 'rtl') faults.push(`not set from right to left: ${text.data}`);
                if (latin && !arabic && /^(ar|fa)\b/.test(marked) && !text.parentElement.closest('.tags')) faults.push(`marked as "${marked}": ${text.data}`);
            }
            return faults;
        }
        """, language);

    /// <summary>Nothing wider than the window, and no text cut off.</summary>
    public static async Task<IReadOnlyList<string>> Fits(IPage page) => await page.EvaluateAsync<string[]>("""
        () => {
            const faults = [], width = document.documentElement.clientWidth, root = document.scrollingElement;
            if (root.scrollWidth > width) faults.push(`the page is ${root.scrollWidth} wide in a window of ${width}`);
            const name = e => `<${e.tagName.toLowerCase()} class="${e.className}"> ${e.textContent.trim().slice(0, 60)}`;
            for (const e of document.body.querySelectorAll('*')) {
                const style = getComputedStyle(e), box = e.getBoundingClientRect();
                if (box.width <= 1 || box.height <= 1 || style.visibility === 'hidden' || e.closest('.unseen')) continue;
                if (box.right > width + 1 || box.left < -1) faults.push(`beyond the edge: ${name(e)}`);
                if (e.matches('input') || style.display === 'inline') continue;
                if (style.overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1 || style.overflowY === 'hidden' && e.scrollHeight > e.clientHeight + 1) faults.push(`cut off: ${name(e)}`);
            }
            return faults;
        }
        """);

    /// <summary>Twice the size of text (WCAG 1.4.4).</summary>
    public static async Task<IReadOnlyList<string>> FitsEnlarged(IPage page)
    {
        await page.EvaluateAsync("() => { document.documentElement.style.fontSize = '200%' }");
        var faults = await Fits(page);
        await page.EvaluateAsync("() => { document.documentElement.style.fontSize = '' }");
        return [.. faults.Select(f => $"text at 200 %: {f}")];
    }

    /// <summary>On the width of a sheet of A4.</summary>
    public static async Task<IReadOnlyList<string>> FitsOnPaper(IPage page)
    {
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.SetViewportSizeAsync(718, 1000);
        var faults = await Fits(page);
        await page.EmulateMediaAsync(new() { Media = Media.Screen });
        return [.. faults.Select(f => $"printed: {f}")];
    }

    /// <summary>What has the focus: which of all that can have it, and what is wrong with how that is shown.</summary>
    const string Focused = """
        () => {
            const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
            const light = colour => {
                const [r, g, b] = colour.match(/[\d.]+/g).slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            // What the outline is drawn on: inside its element if it is drawn inwards.
            let ground = parseFloat(style.outlineOffset) < 0 ? e : e.parentElement;
            while (ground && /^rgba.*, 0\)$/.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
            const [a, b] = [light(style.outlineColor), light(ground ? getComputedStyle(ground).backgroundColor : 'rgb(255, 255, 255)')];
            const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) >= 3;
            const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
            return [e.dataset.place ?? '', ring ? '' : 'no visible ring', inside ? '' : 'out of sight'];
        }
        """;

    const string Usable = "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')].filter(e => e.tabIndex >= 0 && e.checkVisibility())";

    /// <summary>Tab reaches everything that can be used, shows where it is, and, where links stand before the content, first offers to skip them.</summary>
    public static async Task<IReadOnlyList<string>> Reachable(IPage page)
    {
        List<string> faults = [];
        var all = await page.EvaluateAsync<string[]>($$"""() => {{Usable}}.map((e, i) => { e.dataset.place = i; return `${i} ${e.outerHTML.slice(0, 120)}`; })""");
        HashSet<string> reached = [];
        // A field for a time has several stops of its own.
        for (var i = 0; i < all.Length + 10 && reached.Count < all.Length; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var seen = await page.EvaluateAsync<string[]>(Focused);
            if (seen[0].Length == 0) continue;
            if (reached.Add(seen[0])) faults.AddRange(seen[1..].Where(f => f.Length > 0).Select(f => $"{f} at {all[int.Parse(seen[0])]}"));
        }
        faults.AddRange(all.Where(e => !reached.Contains(e.Split(' ')[0])).Select(e => $"not reached by keyboard: {e}"));
        return faults;
    }

    /// <summary>In another look than <see cref="Reachable"/> saw, after it: whatever has the focus shows it there, too. The browser takes what a script focuses for reached by keyboard if what had it before was.</summary>
    public static async Task<IReadOnlyList<string>> Ringed(IPage page) => await page.EvaluateAsync<string[]>($$"""
        () => {
            const focused = {{Focused}};
            return {{Usable}}.flatMap(e => { e.focus(); return document.activeElement !== e ? [`cannot have the focus: ${e.outerHTML.slice(0, 120)}`] : focused().slice(1).filter(f => f).map(f => `${f} at ${e.outerHTML.slice(0, 120)}`); });
        }
        """);

    /// <summary>On a page that was just opened.</summary>
    public static async Task<IReadOnlyList<string>> Skips(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => document.querySelector('body > header a') !== null")) return [];
        await page.Keyboard.PressAsync("Tab");
        if (!await page.EvaluateAsync<bool>("() => document.activeElement.matches('a[href^=\"#\"]') && document.activeElement.getBoundingClientRect().top >= 0")) return ["the first stop does not skip to the content"];
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        return await page.EvaluateAsync<bool>("() => document.activeElement.closest('main') !== null || document.querySelector('main a[href], main button, main input:not([type=hidden])') === null")
            ? [] : ["the link to skip to the content does not lead there"];
    }
}

/// <summary>What a page does besides being shown: complaints in the console, requests that leave the place.</summary>
public sealed class Watch
{
    readonly List<string> _faults = [];

    public Watch(IPage page)
    {
        page.Console += (_, message) =>
        {
            // That a page itself is an error page is no news.
            if (message.Type is "error" or "warning" && !message.Location.StartsWith(page.Url, StringComparison.Ordinal)) _faults.Add($"console: {message.Text}");
            else if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal)) _faults.Add($"console: {message.Text}");
        };
        page.PageError += (_, error) => _faults.Add($"script: {error}");
        page.Request += (_, request) =>
        {
            if (!request.IsNavigationRequest && new Uri(request.Url) is { Scheme: "http" or "https" } address && address.Host != new Uri(page.Url).Host) _faults.Add($"asks {request.Url}");
        };
        page.RequestFailed += (_, request) => _faults.Add($"failed: {request.Url} {request.Failure}");
        page.Response += (_, response) =>
        {
            if (!response.Request.IsNavigationRequest && response.Status >= 400) _faults.Add($"{response.Status}: {response.Url}");
        };
    }

    public IReadOnlyList<string> Faults => _faults;

    public void Forget() => _faults.Clear();
}
