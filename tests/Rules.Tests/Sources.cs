using Vigil.Kit;

namespace Vigil.Rules.Tests;

/// <summary>A file of the product, by its path below the root.</summary>
public sealed record Source(string Path, string Text)
{
    public static IReadOnlyList<Source> All { get; } =
    [
        .. from folder in new[] { "services", "gateway" }
           from file in Directory.EnumerateFiles(System.IO.Path.Combine(Approved.Root, folder), "*", SearchOption.AllDirectories)
           let path = System.IO.Path.GetRelativePath(Approved.Root, file).Replace('\\', '/')
           where path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".razor", StringComparison.Ordinal)
           where !path.Split('/').Any(p => p is "bin" or "obj" or "node_modules" or "Migrations")
           orderby path
           select new Source(path, File.ReadAllText(file)),
    ];
}
