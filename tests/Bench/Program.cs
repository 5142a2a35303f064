using Vigil.Bench;
using Vigil.Kit;

var parts = new Dictionary<string, (Services Needs, Func<Platform, TextWriter, Task> Run)>
{
    ["visible"] = (Services.Story, Visible.Run),
    ["commands"] = (Services.Story, Commands.Run),
    ["start"] = (Services.All, Start.Run),
    ["mail"] = (Services.Story, Mails.Run),
    ["corpus"] = (Services.Story, Corpus.Run),
};
var wanted = args is [] ? ["visible", "commands", "start", "mail"] : args;
if (wanted.FirstOrDefault(part => !parts.ContainsKey(part)) is not null)
{
    await Console.Error.WriteLineAsync($"usage: tests/bench [{string.Join('|', parts.Keys)}] …");
    return 2;
}
foreach (var part in wanted)
{
    await Progress.Say($"{part}: starting the parts …");
    await using var platform = await Platform.Start(parts[part].Needs);
    await Console.Out.WriteLineAsync($"# {part}\n\n{await Machine.Describe()}\n");
    await parts[part].Run(platform, Console.Out);
}
return 0;
