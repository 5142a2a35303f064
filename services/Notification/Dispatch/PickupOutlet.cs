using MimeKit;

namespace Vigil.Notification.Dispatch;

/// <summary>Puts each mail into a folder, exactly once: the file has the mail's own id and appears whole or not at all.</summary>
public sealed class PickupOutlet(string folder) : IOutlet
{
    public Task Open(CancellationToken ct) => Task.CompletedTask;

    public async Task<Answer> Hand(Guid letter, MimeMessage mail)
    {
        var path = Path.Combine(folder, $"{letter}.eml");
        if (File.Exists(path)) return new Answer.Accepted();
        try
        {
            var draft = Path.Combine(folder, $".{letter}.draft");
            await using (var file = File.Create(draft)) await mail.WriteToAsync(SmtpOutlet.Format, file);
            File.Move(draft, path, overwrite: true);
            return new Answer.Accepted();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Answer.Broken(Unsure: false);
        }
    }

    public Task Rest() => Task.CompletedTask;
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
