using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Vigil.Kit;

namespace Vigil.Rules.Tests.Deployment;

/// <summary>What deploy/kubernetes promises, as kubectl renders it and as the API reads it: a member that no type has is a fault.</summary>
public sealed partial class KubernetesTests
{
    static readonly string[] Services = ["authoring", "gateway", "identity", "notification", "publishing"];

    static readonly Dictionary<string, Type> Types = new()
    {
        ["apps/v1/Deployment"] = typeof(V1Deployment), ["batch/v1/Job"] = typeof(V1Job), ["v1/Service"] = typeof(V1Service), ["v1/ConfigMap"] = typeof(V1ConfigMap),
        ["networking.k8s.io/v1/NetworkPolicy"] = typeof(V1NetworkPolicy), ["networking.k8s.io/v1/Ingress"] = typeof(V1Ingress),
        ["policy/v1/PodDisruptionBudget"] = typeof(V1PodDisruptionBudget), ["autoscaling/v2/HorizontalPodAutoscaler"] = typeof(V2HorizontalPodAutoscaler),
    };

    [Theory, InlineData("small", 1), InlineData("production", 2)]
    public async Task What_is_rendered_is_as_promised(string overlay, int replicas)
    {
        var things = Read(await Render(overlay));
        Assert.Empty(Faults(things));
        Assert.All(things.OfType<V1Deployment>(), d => Assert.True(IsDaemon(d) ? d.Spec.Replicas == 1 : d.Spec.Replicas >= replicas, d.Metadata.Name));
        Assert.Equal(Services, things.OfType<V1Deployment>().Where(d => !IsDaemon(d)).Select(d => d.Metadata.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["authoring-daemon", "notification-daemon", "publishing-daemon"], things.OfType<V1Deployment>().Where(IsDaemon).Select(d => d.Metadata.Name).Order(StringComparer.Ordinal));
        Assert.Equal(4, things.OfType<V1Job>().Count());
        if (overlay == "production") Assert.Equal(Services, things.OfType<V1PodDisruptionBudget>().Select(b => b.Metadata.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("runAsNonRoot: true", "runAsNonRoot: false", "root")]
    [InlineData("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "write")]
    [InlineData("allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true", "privileges")]
    [InlineData("- ALL", "- NET_RAW", "capabilities")]
    [InlineData("type: RuntimeDefault", "type: Unconfined", "seccomp")]
    [InlineData("automountServiceAccountToken: false", "automountServiceAccountToken: true", "token")]
    [InlineData("livenessProbe:", "", "probe")]
    [InlineData("memory: 768Mi", "ephemeral-storage: 768Mi", "limit")]
    [InlineData("registry.example.org/vigil/publishing:1", "registry.example.org/vigil/publishing:2", "version")]
    [InlineData("registry.example.org/vigil/publishing:1", "registry.example.org/vigil/publishing:latest", "version")]
    [InlineData("registry.example.org/vigil/publishing:1", "elsewhere.example.org/vigil/publishing:1", "place")]
    [InlineData("name: Vigil__Daemon", "name: Vigil__Deamon", "knows")]
    [InlineData("Notification__Smtp__Host", "Notification__Smtp__Hots", "knows")]
    [InlineData("path: /health/live", "path: /health/ready", "alive")]
    [InlineData("type: Recreate", "type: RollingUpdate", "two")]
    [InlineData("  selector:\n    app.kubernetes.io/component: api\n    app.kubernetes.io/name: publishing", "  selector:\n    app.kubernetes.io/component: api\n    app.kubernetes.io/name: publishers", "selects")]
    [InlineData("  name: nothing", "  name: everything", "deny")]
    public async Task What_is_not_is_reported(string before, string after, string why)
    {
        var rendered = await Rendered.Value;
        // A probe goes with all that stands below it.
        var changed = after == "" ? Liveness().Replace(rendered, after, 1) : ContainerTests.Change(rendered, before, after);
        Assert.Contains(Faults(Read(changed)), f => f.Contains(why));
    }

    [GeneratedRegex(@"^( +)livenessProbe:\n(?:\1 +.*\n)*", RegexOptions.Multiline)]
    private static partial Regex Liveness();

    [Fact]
    public async Task A_member_that_the_API_does_not_know_is_reported()
    {
        var changed = ContainerTests.Change(await Rendered.Value, "terminationGracePeriodSeconds:", "terminationGracePeriod:");
        Assert.ThrowsAny<Exception>(() => Read(changed));
    }

    [Fact]
    public async Task Stores_are_clusters_of_three_with_every_right_message_kept()
    {
        var stores = await Render("stores");
        Assert.Contains("instances: 3", stores, StringComparison.Ordinal);
        Assert.Contains("replicas: 3", stores, StringComparison.Ordinal);
        Assert.Contains("cluster_partition_handling = pause_minority", stores, StringComparison.Ordinal);
        Assert.DoesNotContain("latest", stores, StringComparison.Ordinal);
    }

    static readonly Lazy<Task<string>> Rendered = new(() => Render("production"));

    static async Task<string> Render(string folder)
    {
        await Script.Run("deploy/install", ["kubectl"]);
        var kubectl = (await Script.Run("deploy/install", ["path", "kubectl"])).Trim();
        return await Script.Run(kubectl, ["kustomize", Path.Combine(Approved.Root, "deploy/kubernetes", folder)]);
    }

    static List<object> Read(string yaml) => KubernetesYaml.LoadAllFromString(yaml, Types, strict: true);

    static bool IsDaemon(V1Deployment d) => d.Spec.Template.Metadata.Labels["app.kubernetes.io/component"] == "daemon";

    static IEnumerable<string> Faults(List<object> things)
    {
        var images = new HashSet<string>();
        foreach (var (name, pod, ends) in Pods(things))
        {
            var (own, can) = (pod.Spec.SecurityContext, pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).ToList());
            if (own?.RunAsNonRoot != true || own.RunAsUser is null or 0) yield return $"{name} runs as root";
            if (own?.SeccompProfile?.Type != "RuntimeDefault") yield return $"{name} has no seccomp profile";
            if (pod.Spec.AutomountServiceAccountToken != false) yield return $"{name} has a token for the cluster";
            foreach (var c in can)
            {
                if (c.SecurityContext?.ReadOnlyRootFilesystem != true) yield return $"{name} may write where it likes";
                if (c.SecurityContext?.AllowPrivilegeEscalation != false) yield return $"{name} may gain privileges";
                if (c.SecurityContext?.Capabilities?.Drop?.Contains("ALL") != true) yield return $"{name} has capabilities";
                if (c.Resources?.Limits?.ContainsKey("memory") != true || c.Resources.Limits?.ContainsKey("cpu") != true || c.Resources.Requests?.Count is null or 0) yield return $"{name} has no limit";
                if (!ends && (c.StartupProbe is null || c.LivenessProbe is null || c.ReadinessProbe is null)) yield return $"{name} lacks a probe";
                // A database that is away is no reason to be killed.
                if (c.LivenessProbe?.HttpGet?.Path is not (null or "/health/live") || c.ReadinessProbe?.HttpGet?.Path is not (null or "/health/ready")) yield return $"{name} mixes up alive and ready";
                images.Add(c.Image);
                foreach (var setting in c.Env ?? [])
                    if (!IsKnown(setting.Name)) yield return $"nobody knows {setting.Name} of {name}";
            }
        }
        foreach (var image in images)
            if (!image.StartsWith("registry.example.org/vigil/", StringComparison.Ordinal)) yield return $"{image} comes from another place";
        if (images.Select(i => i[(i.LastIndexOf(':') + 1)..]).Distinct().Count() != 1 || images.Any(i => i.EndsWith(":latest", StringComparison.Ordinal))) yield return "the images are not of one version";
        foreach (var setting in things.OfType<V1ConfigMap>().SelectMany(m => m.Data.Keys))
            if (!IsKnown(setting)) yield return $"nobody knows {setting}";
        foreach (var d in things.OfType<V1Deployment>())
        {
            if (!Selects(d.Spec.Selector.MatchLabels, d.Spec.Template)) yield return $"{d.Metadata.Name} selects nothing of its own";
            if (IsDaemon(d) && d.Spec.Strategy?.Type != "Recreate") yield return $"{d.Metadata.Name} may be there two times at once";
            if (!IsDaemon(d) && d.Spec.Template.Metadata.Labels["app.kubernetes.io/name"] is not ("identity" or "gateway")
                && d.Spec.Template.Spec.Containers[0].Env?.Any(e => e is { Name: "Vigil__Daemon", Value: "false" }) != true) yield return $"{d.Metadata.Name} does the daemon's work, too; nobody knows why";
        }
        foreach (var service in things.OfType<V1Service>())
            if (things.OfType<V1Deployment>().Count(d => Selects(service.Spec.Selector, d.Spec.Template)) != 1) yield return $"the service {service.Metadata.Name} selects not one deployment";
        foreach (var budget in things.OfType<V1PodDisruptionBudget>())
            if (!things.OfType<V1Deployment>().Any(d => Selects(budget.Spec.Selector.MatchLabels, d.Spec.Template))) yield return $"the budget {budget.Metadata.Name} selects nothing";
        foreach (var scaler in things.OfType<V2HorizontalPodAutoscaler>())
            if (things.OfType<V1Deployment>().All(d => d.Metadata.Name != scaler.Spec.ScaleTargetRef.Name || IsDaemon(d))) yield return $"{scaler.Metadata.Name} scales nothing";
        if (!things.OfType<V1NetworkPolicy>().Any(p => p is { Metadata.Name: "nothing", Spec: { Ingress: null, Egress: null, PolicyTypes.Count: 2, PodSelector.MatchLabels: null } }))
            yield return "no policy says to deny what the others do not name";
    }

    static IEnumerable<(string Name, V1PodTemplateSpec Pod, bool Ends)> Pods(List<object> things) =>
        [.. things.OfType<V1Deployment>().Select(d => (d.Metadata.Name, d.Spec.Template, false)), .. things.OfType<V1Job>().Select(j => (j.Metadata.Name, j.Spec.Template, true))];

    static bool Selects(IDictionary<string, string> selector, V1PodTemplateSpec pod) => selector.All(l => pod.Metadata.Labels.TryGetValue(l.Key, out var value) && value == l.Value);

    static readonly string Words = string.Concat(Source.All.Select(s => string.Concat(Literal().Matches(s.Text).Select(m => m.Value + "\n"))))
        + File.ReadAllText(Path.Combine(Approved.Root, "gateway/appsettings.json"));

    /// <summary>Every part of its name stands in what the services read: in a text of their sources, or in the gateway's own configuration.</summary>
    static bool IsKnown(string setting) => setting.StartsWith("Logging__", StringComparison.Ordinal)
        || setting.Split("__").All(part => part.All(char.IsAsciiDigit) || Regex.IsMatch(Words, $@"(?<![A-Za-z]){Regex.Escape(part)}(?![A-Za-z])"));

    [GeneratedRegex("\"[A-Za-z:_]+\"")]
    private static partial Regex Literal();
}
