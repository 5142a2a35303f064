namespace Vigil.Journeys;

public sealed class MainStoryTests(Installed installed)
{
    Platform Platform => installed.Platform;

    [Fact]
    public async Task A_confirmed_reader_gets_the_mail_of_a_published_story()
    {
        var reader = await new Reader(Platform, "au").Confirmed();
        var writer = Platform.As(await Platform.SignIn("writer"));
        var editor = Platform.As(await Platform.SignIn("editor"));
        var id = (await writer.Draft(Draft.Full())).Must(201).Id;
        (await writer.Submit(id)).Must(200);
        (await editor.Approve(id)).Must(200);
        (await editor.Publish(id)).Must(200);
        await Wait.Until(() => Task.FromResult(reader.News.Count), n => n == 1, "the mail");
    }
}
