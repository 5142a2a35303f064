using System.Collections.Concurrent;
using MimeKit;

namespace Vigil.Kit;

/// <summary>A folder that mail is put into, a file for each.</summary>
public sealed class Pickup(string folder)
{
    readonly ConcurrentDictionary<string, Mail> _read = new();

    public string Folder { get; } = Directory.CreateDirectory(folder).FullName;

    public IReadOnlyList<Mail> Mails => [.. Directory.EnumerateFiles(Folder, "*.eml").Select(file => _read.GetOrAdd(file, Read))];

    static Mail Read(string file)
    {
        var message = MimeMessage.Load(file);
        return new(message.From.Mailboxes.Single().Address, message.To.Mailboxes.Single().Address, new(message));
    }
}
