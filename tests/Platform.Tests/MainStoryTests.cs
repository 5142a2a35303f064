using System.Diagnostics;
namespace Vigil.Journeys;

public sealed class MainStoryTests(Installed installed)
{
    [Fact]
    public async Task Fails()
    {
        var platform = installed.Platform;
        foreach (var s in new[] { Services.Authoring, Services.Authoring | Services.Publishing, Services.Authoring | Services.Publishing | Services.Notification, Services.Story })
        {
            var w = Stopwatch.StartNew();
            await using var p = await Platform.Start(s);
            TestContext.Current.TestOutputHelper!.WriteLine($"{s} {w.Elapsed}");
        }
        var reader = await new Reader(platform, "au").Confirmed();
        var id = (await platform.As(await platform.SignIn("writer")).Draft(Draft.Full())).Must(201).Id;
        var e = platform.As(await platform.SignIn("editor"));
        (await platform.As(await platform.SignIn("writer")).Submit(id)).Must(200);
        (await e.Approve(id)).Must(200);
        (await e.Publish(id)).Must(200);
        await Wait.Until(() => Task.FromResult(reader.News.Count), n => n == 1, "a mail");
        TestContext.Current.TestOutputHelper!.WriteLine(reader.News[0].Message.Headers.ToString() + string.Join(",", (await platform.Wire.Queues())));
        Assert.Fail("no");
    }
}
