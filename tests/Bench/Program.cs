using Vigil.Bench;
using Vigil.Kit;

var parts = new Dictionary<string, Func<Platform, TextWriter, Task>> { ["corpus"] = Corpus.Run };
if (args is not [var part] || !parts.TryGetValue(part, out var run))
{
    Console.Error.WriteLine($"usage: tests/bench {string.Join('|', parts.Keys)}");
    return 2;
}
Console.Error.WriteLine("Starting the parts …");
await using var platform = await Platform.Start(Services.Story);
await Machine.Describe(part, Console.Out);
await run(platform, Console.Out);
return 0;
