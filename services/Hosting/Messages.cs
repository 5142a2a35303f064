using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vigil.Hosting;

/// <summary>
/// The verb <c>messages</c> of a service's program, for whoever runs it: what the service could not handle, and what becomes of it. Ends with 0,
/// with 1 when the broker does not answer, or with 2 when it is asked for what it does not know.
/// </summary>
/// <param name="urns">The messages that this service hears: other names are not repeated.</param>
public sealed class Messages(string service, ErrorQueues errors, IReadOnlySet<string> urns)
{
    const string Usage =
        """
        usage: messages list
               messages show <id> [--body]
               messages redrive|discard <id> … | --queue <queue> | --all
        """;

    public async Task<int> Run(string[] arguments, TextWriter say)
    {
        try
        {
            switch (arguments)
            {
                case ["list"]: await List(say); return 0;
                case ["show", var id] when Guid.TryParse(id, out var shown): await Show(shown, body: false, say); return 0;
                case ["show", var id, "--body"] when Guid.TryParse(id, out var shown): await Show(shown, body: true, say); return 0;
                case ["redrive", .. var which] when Choice(which) is { } chosen: await Move(errors.SendAgain, chosen, "sent again", say); return 0;
                case ["discard", .. var which] when Choice(which) is { } chosen: await Move(errors.Each, chosen, "discarded", say); return 0;
                default: await say.WriteLineAsync(Usage); return 2;
            }
        }
        catch (Exception e) when (Store.IsOutage(e))
        {
            await say.WriteLineAsync($"{service}: the broker does not answer, or somebody else is at these messages. Try again shortly.");
            return 1;
        }
    }

    static Func<SetAside, bool>? Choice(string[] which)
    {
        if (which is ["--all"]) return _ => true;
        if (which is ["--queue", var queue]) return m => m.Queue == queue;
        var ids = which.Select(w => Guid.TryParse(w, out var id) ? id : Guid.Empty).ToHashSet();
        return ids.Count == 0 || ids.Contains(Guid.Empty) ? null : m => ids.Contains(m.Id);
    }

    async Task List(TextWriter say)
    {
        var rows = new List<string>();
        await errors.Each(m => { rows.Add($"{m.Queue,-34} {m.Id} {TypeOf(m),-36} {m.Article?.ToString() ?? "-",-36} {Time(m.First),-20} {m.Times,5} {m.Fault ?? "-"}"); return false; }, default);
        if (rows.Count > 0) await say.WriteLineAsync($"{"queue",-34} {"message",-36} {"type",-36} {"article",-36} {"first set aside",-20} times fault");
        foreach (var row in rows) await say.WriteLineAsync(row);
        await say.WriteLineAsync($"{service}: {rows.Count} set aside");
    }

    async Task Show(Guid id, bool body, TextWriter say)
    {
        var text = new StringBuilder();
        await errors.Each(m =>
        {
            if (m.Id != id) return false;
            text.Append(CultureInfo.InvariantCulture, $"""
                queue            {m.Queue}
                message          {m.Id}
                type             {TypeOf(m)}
                article          {m.Article?.ToString() ?? "-"}, version {m.Version?.ToString(CultureInfo.InvariantCulture) ?? "-"}
                first set aside  {Time(m.First)}
                times            {m.Times}
                fault            {m.Fault ?? "-"}
                bytes            {m.Body.Length}

                """);
            text.AppendLine(body ? $"said             {m.FaultMessage}\n\n{Encoding.UTF8.GetString(m.Body.Span)}" : "Its body, and what the fault said, may hold words of a story: --body shows them.");
            return false;
        }, default);
        await say.WriteAsync(text.Length > 0 ? text.ToString() : $"{service}: it is not here\n");
    }

    async Task Move(Func<Func<SetAside, bool>, CancellationToken, Task> move, Func<SetAside, bool> chosen, string done, TextWriter say)
    {
        var moved = 0;
        await move(m =>
        {
            if (!chosen(m)) return false;
            moved++;
            say.WriteLine($"{m.Id} of {m.Queue}");
            return true;
        }, default);
        await say.WriteLineAsync($"{service}: {moved} {done}");
    }

    string TypeOf(SetAside message)
    {
        try
        {
            using var envelope = JsonDocument.Parse(message.Body);
            return envelope.RootElement.GetProperty("messageType")[0].GetString() is { } urn && urns.Contains(urn) ? urn : "-";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException) { return "-"; }
    }

    static string Time(DateTimeOffset? at) => at?.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "-";
}
