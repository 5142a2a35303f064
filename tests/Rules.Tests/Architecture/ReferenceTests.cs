using System.Xml.Linq;
using Vigil.Kit;

namespace Vigil.Rules.Tests.Architecture;

/// <summary>Who may know whom.</summary>
public class ReferenceTests
{
    const string Tests = "tests";

    /// <param name="Folder">services, gateway or tests.</param>
    /// <param name="Versions">Packages that name a version of their own.</param>
    public sealed record Project(string Folder, string Name, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages, IReadOnlyList<string> Versions);

    static readonly IReadOnlyList<Project> All =
    [
        .. from file in Directory.EnumerateFiles(Approved.Root, "*.csproj", SearchOption.AllDirectories)
           let path = Path.GetRelativePath(Approved.Root, file).Replace('\\', '/')
           where !path.Contains("/node_modules/")
           select Read(path.Split('/')[0], Path.GetFileNameWithoutExtension(file), XDocument.Load(file)),
    ];

    static Project Read(string folder, string name, XDocument xml)
    {
        string[] Of(string element) => [.. xml.Descendants(element).Select(e => (string)e.Attribute("Include")!)];
        return new(folder, name, [.. Of("ProjectReference").Select(p => Path.GetFileNameWithoutExtension(p.Replace('\\', '/')))], Of("PackageReference"),
            [.. xml.Descendants("PackageReference").Where(p => (p.Attribute("Version") ?? p.Attribute("VersionOverride")) is not null).Select(p => (string)p.Attribute("Include")!)]);
    }

    [Fact]
    public void Every_project_refers_to_what_it_may()
    {
        Assert.Superset(new HashSet<string> { "Authoring", "Publishing", "Notification", "Identity", "Contracts", "Hosting", "Gateway" }, All.Select(p => p.Name).ToHashSet());
        Assert.Empty(All.SelectMany(Violations));
    }

    public static TheoryData<Project, string> Forbidden => new()
    {
        { new("services", "Authoring", ["Contracts", "Hosting", "Publishing"], [], []), "Publishing" },
        { new("services", "Hosting", ["Contracts"], [], []), "Contracts" },
        { new("services", "Contracts", ["Hosting"], ["MassTransit.Abstractions"], []), "Hosting" },
        { new("services", "Contracts", [], ["MassTransit.Abstractions", "Marten"], []), "Marten" },
        { new("services", "Notification", ["Contracts", "Hosting"], ["MassTransit"], []), "MassTransit" },
        { new("gateway", "Gateway", ["Hosting", "Contracts"], [], []), "Contracts" },
        { new("tests", "Some.Tests", [], ["CsCheck"], ["CsCheck"]), "version" },
    };

    [Theory, MemberData(nameof(Forbidden))]
    public void One_that_does_not_is_reported(Project project, string what) => Assert.Contains(Violations(project), v => v.Contains(what));

    static IEnumerable<string> Violations(Project p)
    {
        foreach (var package in p.Versions) yield return $"{p.Name}: the version of {package} belongs into Directory.Packages.props";
        if (p.Folder == Tests) yield break;
        string[] may = p switch { { Folder: "gateway" } => ["Hosting"], { Name: "Hosting" or "Contracts" } => [], _ => ["Contracts", "Hosting"] };
        foreach (var other in p.Projects.Except(may)) yield return $"{p.Name} may not refer to {other}";
        if (p.Name == "Contracts")
            foreach (var package in p.Packages.Where(n => n != "MassTransit.Abstractions")) yield return $"Contracts may not use {package}";
        else if (p.Name != "Hosting")
            foreach (var package in p.Packages.Where(IsBus)) yield return $"{p.Name} may not use {package}: the bus is Hosting's";
    }

    /// <summary>What was compiled says the same as the project files, whatever comes along transitively.</summary>
    [Fact]
    public void Every_assembly_refers_to_what_it_may() =>
        Assert.Empty(Part.All.SelectMany(p => Violations(p.Assembly.GetName().Name!, p.Assembly.GetReferencedAssemblies().Select(r => r.Name!))));

    [Theory, InlineData("Publishing"), InlineData("MassTransit"), InlineData("MassTransit.Abstractions"), InlineData("RabbitMQ.Client")]
    public void An_assembly_that_does_not_is_reported(string reference) => Assert.Single(Violations("Authoring", ["System.Runtime", "Hosting", reference]));

    static IEnumerable<string> Violations(string assembly, IEnumerable<string> references) =>
        references.Where(r => IsBus(r) || Part.All.Any(p => p.Assembly.GetName().Name == r)).Select(r => $"{assembly} refers to {r}");

    static bool IsBus(string name) => name.StartsWith("MassTransit", StringComparison.Ordinal) || name.StartsWith("RabbitMQ", StringComparison.Ordinal);
}
