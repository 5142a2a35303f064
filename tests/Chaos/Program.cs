using Vigil.Chaos;
using Vigil.Kit;

Form? form = args is [] ? Form.Five : args[0] switch { "--short" => Form.Brief, "--five" => Form.Five, "--long" => Form.Lasting, _ => null };
var seed = args is [_, var given, ..] && int.TryParse(given, out var number) ? number : Random.Shared.Next(1_000_000);
if (form is null || args.Length > 3)
{
    await Console.Error.WriteLineAsync("usage: tests/chaos [--short|--five|--long] [seed [fault]]");
    return 2;
}
var result = await Run.Of(form, seed, args.ElementAtOrDefault(2) ?? "", Console.Error.WriteLineAsync);
await Console.Out.WriteLineAsync(result.Report);
await Console.Out.WriteLineAsync(result.Wrong.Count == 0 ? "Every promise was kept." : $"{result.Wrong.Count} promises were broken.");
return result.Wrong.Count == 0 ? 0 : 1;
