namespace Vigil.Browser;

/// <summary>Every page of readers: in light and dark, on a desk and on a telephone, by keyboard and by whatever reads it aloud. They have a window of their own, since a browser that goes from one site to another begins another process.</summary>
public sealed class ReaderPageTests(Installed installed)
{
    public static TheoryData<string> Names => Pages.Of(staff: false, twins: false);
    public static TheoryData<string> Twins => Pages.Of(staff: false, twins: true);

    [Theory, MemberData(nameof(Names))]
    public Task A_page_is_whole_and_can_be_used_by_everybody(string name) => Pages.Check(installed, nameof(ReaderPageTests), name);

    /// <summary>Other words, and other colours, on what is looked at in English already.</summary>
    [Theory, MemberData(nameof(Twins)), Trait("kind", "drill")]
    public Task So_it_is_in_another_language(string name) => Pages.Check(installed, nameof(ReaderPageTests), name);
}

/// <summary>Every page of whoever works there.</summary>
public sealed class StaffPageTests(Installed installed)
{
    public static TheoryData<string> Names => Pages.Of(staff: true, twins: false);
    public static TheoryData<string> Scripted => [.. Visit.All.Values.Where(v => v.HasScript).Select(v => v.Name)];

    [Theory, MemberData(nameof(Names))]
    public Task A_page_is_whole_and_can_be_used_by_everybody(string name) => Pages.Check(installed, nameof(StaffPageTests), name);

    [Theory, MemberData(nameof(Scripted))]
    public Task So_it_is_without_its_script(string name) => Pages.Check(installed, nameof(StaffPageTests), name, script: false);
}

static class Pages
{
    public static TheoryData<string> Of(bool staff, bool twins) => [.. Visit.All.Values.Where(v => v.IsForStaff == staff && v.HasEnglishTwin == twins).Select(v => v.Name)];

    /// <param name="tests">Whose window it is looked at in.</param>
    public static async Task Check(Installed installed, string tests, string name, bool script = true)
    {
        var visit = Visit.All[name];
        var (page, watch) = await installed.Chromium.Reopen(tests, script);
        List<string> faults = [];
        await Look.All[0].Set(page);
        var response = await visit.Open(installed.Newsstand, page);
        Assert.Equal(visit.Status, response!.Status);
        faults.AddRange(Checks.WellFormed(await response.TextAsync()));
        faults.AddRange(await Checks.Structured(page, visit.Language));
        // Where there is none, it is the same page for whoever has none.
        if (await Checks.HasScript(page) != visit.HasScript) faults.Add("a script where none is expected, or none where one is");
        faults.AddRange(await Checks.Skips(page));
        foreach (var look in Look.All)
        {
            await look.Set(page);
            await Screenshots.Take(page, $"{name} {look}");
            faults.AddRange((await Checks.Fits(page)).Select(f => $"{look}: {f}"));
            if (look.Scheme is ColorScheme.Light) faults.AddRange((await Checks.FitsEnlarged(page)).Select(f => $"{look}: {f}"));
            // Both colours and both widths, though not each with each.
            if (script && (look == Look.All[0] || look == Look.All[^1])) faults.AddRange((await Checks.Accessible(page)).Select(f => $"{look}: {f}"));
            faults.AddRange((await (look == Look.All[0] ? Checks.Reachable(page) : Checks.Ringed(page))).Select(f => $"{look}: {f}"));
        }
        faults.AddRange(await Checks.FitsOnPaper(page));
        faults.AddRange(watch.Faults);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
