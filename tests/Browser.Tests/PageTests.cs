namespace Vigil.Browser;

/// <summary>Every page as nearly every reader has it: in light and dark, on a desk and on a telephone, and without script.</summary>
public sealed class PageTests(Installed installed)
{
    public static TheoryData<string> Names => [.. Visit.All.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task A_page_is_whole_without_script(string name)
    {
        var visit = Visit.All[name];
        var (page, watch) = await installed.Chromium.Reopen(script: false);
        List<string> faults = [];
        await Look.All[0].Set(page);
        var response = await visit.Open(installed.Newsstand, page);
        Assert.Equal(visit.Status, response!.Status);
        faults.AddRange(Checks.WellFormed(await response.TextAsync()));
        faults.AddRange(await Checks.Structured(page, visit.Language));
        faults.AddRange(await Checks.Skips(page));
        foreach (var look in Look.All)
        {
            await look.Set(page);
            await Screenshots.Take(page, $"{name} {look}");
            faults.AddRange((await Checks.Fits(page)).Select(f => $"{look}: {f}"));
            if (look.Scheme is ColorScheme.Light) faults.AddRange((await Checks.FitsEnlarged(page)).Select(f => $"{look}: {f}"));
            if (look == Look.All[0] || look == Look.All[^1]) faults.AddRange((await Checks.Reachable(page)).Select(f => $"{look}: {f}"));
        }
        faults.AddRange(await Checks.FitsOnPaper(page));
        faults.AddRange(watch.Faults);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}

public sealed class AccessibilityTests(Installed installed)
{
    [Theory, MemberData(nameof(PageTests.Names), MemberType = typeof(PageTests))]
    public async Task A_page_can_be_used_by_everybody(string name)
    {
        var (page, watch) = await installed.Chromium.Reopen(script: true);
        List<string> faults = [];
        await Look.All[0].Set(page);
        await Visit.All[name].Open(installed.Newsstand, page);
        foreach (var look in Look.All)
        {
            await look.Set(page);
            faults.AddRange((await Checks.Accessible(page, again: look != Look.All[0] && look != Look.All[^1])).Select(f => $"{look}: {f}"));
        }
        faults.AddRange(watch.Faults);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
