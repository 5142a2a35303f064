namespace Vigil.Browser;

/// <summary>For looking at the pages oneself: kept in the folder that VIGIL_TEST_SCREENSHOTS names.</summary>
public static class Screenshots
{
    static readonly string? Folder = Environment.GetEnvironmentVariable("VIGIL_TEST_SCREENSHOTS");

    public static async Task Take(IPage page, string name)
    {
        if (!string.IsNullOrEmpty(Folder)) await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}.png".Replace(' ', '-')), FullPage = true });
    }
}
