using System.Text.RegularExpressions;
using Vigil.Kit;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Vigil.Rules.Tests.Deployment;

/// <summary>What the images and docker-compose.yml promise, wherever they are built and run.</summary>
public sealed partial class ContainerTests
{
    static readonly string Dockerfile = Read("deploy/Dockerfile");
    static readonly string Compose = Read("docker-compose.yml");

    static string Read(string path) => File.ReadAllText(Path.Combine(Approved.Root, path));

    [Fact]
    public void An_image_is_as_promised() => Assert.Empty(FaultsOfDockerfile(Dockerfile));

    [Theory]
    [InlineData("USER $APP_UID", "USER root", "root")]
    [InlineData("aspnet:10.0 AS", "aspnet:latest AS", "latest")]
    [InlineData("aspnet:10.0 AS", "aspnet AS", "latest")]
    [InlineData("COPY services services", "COPY . .", "everything")]
    [InlineData("HEALTHCHECK", "#", "health")]
    [InlineData("sort -VC", "cat", "floor")]
    [InlineData("RUNTIME_FLOOR=10.0.13", "RUNTIME_FLOOR=10.0.12", "floor")]
    [InlineData("COPY services/Notification/Notification.csproj services/Notification/", "", "Notification")]
    public void An_image_that_is_not_is_reported(string before, string after, string why) => Assert.Contains(FaultsOfDockerfile(Change(Dockerfile, before, after)), f => f.Contains(why));

    static IEnumerable<string> FaultsOfDockerfile(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        var stages = lines.Where(l => l.StartsWith("FROM ", StringComparison.Ordinal)).Select(l => l.Split(' ')).ToList();
        foreach (var image in stages.Select(s => s[1]).Where(i => stages.TrueForAll(s => s[^1] != i)))
            if (IsAnyVersion(image)) yield return $"{image} is whatever is latest";
        var last = string.Join('\n', lines[Array.FindLastIndex(lines, l => l.StartsWith("FROM ", StringComparison.Ordinal))..]);
        if (lines.LastOrDefault(l => l.StartsWith("USER ", StringComparison.Ordinal)) != "USER $APP_UID" || !last.Contains("USER ", StringComparison.Ordinal)) yield return "it runs as root";
        if (!last.Contains("\nHEALTHCHECK ", StringComparison.Ordinal)) yield return "its health is unknown";
        if (lines.Any(l => l.StartsWith("COPY . ", StringComparison.Ordinal) || l.StartsWith("ADD ", StringComparison.Ordinal))) yield return "it takes everything in";
        if (Floor().Match(text) is not { Success: true } floor || new System.Version(floor.Groups[1].Value) < new System.Version(10, 0, 13) || !text.Contains("\"$RUNTIME_FLOOR\" \"$have\" | sort -VC", StringComparison.Ordinal))
            yield return "an old runtime is below no floor";
        foreach (Match project in Project().Matches(Read("deploy/services.slnf")))
            if (!text.Contains($"COPY {project.Groups[1].Value.Replace(@"\\", "/", StringComparison.Ordinal)} ", StringComparison.Ordinal)) yield return $"{project.Groups[1].Value} is not restored";
    }

    static bool IsAnyVersion(string image) => !image.Split('/')[^1].Contains(':', StringComparison.Ordinal) || image.EndsWith(":latest", StringComparison.Ordinal);

    [GeneratedRegex(@"^ARG RUNTIME_FLOOR=([0-9.]+)$", RegexOptions.Multiline)]
    private static partial Regex Floor();

    [GeneratedRegex("\"([^\"]+csproj)\"")]
    private static partial Regex Project();

    [Fact]
    public void Every_container_is_as_promised()
    {
        Assert.True(Node.Of(Compose)["services"].Names.Count() >= 12);
        Assert.Empty(FaultsOfCompose(Compose));
    }

    [Theory]
    [InlineData("  read_only: true", "  read_only: false", "write")]
    [InlineData("  cap_drop: [ALL]", "  cap_drop: [NET_RAW]", "capabilities")]
    [InlineData("no-new-privileges:true", "label:disable", "privileges")]
    [InlineData("    user: postgres\n    command", "    command", "root")]
    [InlineData("image: postgres:18", "image: postgres:latest", "latest")]
    [InlineData("image: rabbitmq:4-management", "image: rabbitmq", "latest")]
    [InlineData("${VIGIL_LISTEN:-127.0.0.1:8080}:8080", "${VIGIL_LISTEN:-0.0.0.0:8080}:8080", "network")]
    [InlineData("networks: [inside, outside]", "networks: [inside, outside, stores]", "stores")]
    [InlineData("stores: { internal: true }", "stores: {}", "outside")]
    [InlineData("  mem_limit: 768m", "  cpus: 2", "memory")]
    [InlineData("  pids_limit: 256", "  cpus: 2", "processes")]
    [InlineData("rabbitmq.conf:/etc/rabbitmq/conf.d/50-vigil.conf:ro", "rabbitmq.conf:/etc/rabbitmq/conf.d/50-vigil.conf", "writes")]
    [InlineData("POSTGRES_PASSWORD_FILE: /run/secrets/postgres", "POSTGRES_PASSWORD: geheim", "secret")]
    [InlineData("    healthcheck: { test: [CMD, pg_isready", "    x-check: { test: [CMD, pg_isready", "health")]
    [InlineData("      publishing-migration: { condition: service_completed_successfully }\n      authoring-migration", "      authoring-migration", "migration")]
    public void A_container_that_is_not_is_reported(string before, string after, string why) => Assert.Contains(FaultsOfCompose(Change(Compose, before, after)), f => f.Contains(why));

    static IEnumerable<string> FaultsOfCompose(string text)
    {
        var compose = Node.Of(text);
        foreach (var name in compose["services"].Names)
        {
            var service = compose["services"][name];
            var image = service["image"].Text ?? "";
            var (ours, ends) = (image.StartsWith("vigil/", StringComparison.Ordinal), service["restart"].Text == "no");
            var networks = service["networks"].Items.Select(n => n.Text!).ToList();
            if (IsAnyVersion(image)) yield return $"{name}: {image} is whatever is latest";
            if (service["read_only"].Text != "true") yield return $"{name}: may write where it likes";
            if (!service["cap_drop"].Items.Any(c => c.Text == "ALL") || service["cap_add"].Items.Any()) yield return $"{name}: has capabilities";
            if (!service["security_opt"].Items.Any(o => o.Text == "no-new-privileges:true") || service["privileged"].Text == "true") yield return $"{name}: may gain privileges";
            if (!ours && service["user"].Text is null or "root" or "0") yield return $"{name}: runs as root";
            if (service["mem_limit"].Text is null) yield return $"{name}: may take all memory";
            if (service["pids_limit"].Text is null) yield return $"{name}: may start any number of processes";
            if (!ours && !ends && service["profiles"].IsMissing && service["healthcheck"].IsMissing) yield return $"{name}: its health is unknown";
            if (service["network_mode"].Text is not null || networks.Count == 0) yield return $"{name}: is in no network of ours";
            foreach (var port in service["ports"].Items)
                if (name != "gateway" && service["profiles"].IsMissing || !Loopback().IsMatch(port.Text!)) yield return $"{name}: is open to the network";
            foreach (var volume in service["volumes"].Items.Select(v => v.Text!).Where(v => v.StartsWith('.') || v.StartsWith('/')))
                if (!volume.EndsWith(":ro", StringComparison.Ordinal) || volume.Contains("docker.sock", StringComparison.Ordinal)) yield return $"{name}: writes into the source";
            foreach (var setting in service["environment"].Names)
                if (Secret().IsMatch(setting) && !setting.EndsWith("_FILE", StringComparison.Ordinal)) yield return $"{name}: {setting} is a secret in the open";
            if (networks.Contains("stores") && networks.Exists(n => n == "outside")) yield return $"{name}: leads from outside to the stores";
            if (ours && !ends && name != "gateway" && service["depends_on"][$"{name}-migration"]["condition"].Text != "service_completed_successfully") yield return $"{name}: does not wait for its migration";
        }
        foreach (var network in new[] { "stores", "inside" })
            if (compose["networks"][network]["internal"].Text != "true") yield return $"{network}: reaches outside";
    }

    [GeneratedRegex(@"^(\$\{[A-Z_]+:-)?127\.0\.0\.1:")]
    private static partial Regex Loopback();

    [GeneratedRegex("Password|Secret|ConnectionStrings", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    /// <summary>The context is a list of what is let in, so that nothing new gets in by oversight.</summary>
    [Fact]
    public void Nothing_is_sent_to_the_engine_but_what_is_built() => Assert.Equal("*", Read(".dockerignore").Split('\n').First(l => l.Length > 0 && !l.StartsWith('#')));

    internal static string Change(string text, string before, string after)
    {
        Assert.Contains(before, text, StringComparison.Ordinal);
        return text.Replace(before, after, StringComparison.Ordinal);
    }
}

/// <summary>A place in a YAML document, there or not.</summary>
sealed class Node(object? value)
{
    public static Node Of(string yaml) => new(new DeserializerBuilder().Build().Deserialize<object>(new MergingParser(new Parser(new StringReader(yaml)))));

    public Node this[string name] => new((value as Dictionary<object, object>)?.GetValueOrDefault(name));
    public IEnumerable<string> Names => (value as Dictionary<object, object>)?.Keys.Select(k => (string)k) ?? [];
    public IEnumerable<Node> Items => (value as List<object>)?.Select(i => new Node(i)) ?? [];
    public string? Text => value as string;
    public bool IsMissing => value is null;
}
