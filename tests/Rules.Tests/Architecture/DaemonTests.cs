using Marten.Events.Daemon.Coordination;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Vigil.Rules.Tests.Architecture;

/// <summary>Vigil:Daemon parts what answers requests from what no request waits for.</summary>
public class DaemonTests
{
    public static TheoryData<Part> Parts => [.. Part.WithStore];

    [Theory, MemberData(nameof(Parts))]
    public void Where_it_is_false_only_requests_are_answered(Part part)
    {
        var requests = part.With("--Vigil:Daemon=false");
        Assert.DoesNotContain(requests.Work, IsOurs);
        Assert.Null(requests.Services.GetService<IBus>());
        Assert.Null(requests.Services.GetService<IProjectionCoordinator>());
    }

    [Theory, MemberData(nameof(Parts))]
    public void Where_nothing_is_said_all_of_it_is_done(Part part)
    {
        Assert.Contains(part.Work, IsOurs);
        Assert.NotNull(part.Services.GetService<IBus>());
        Assert.NotNull(part.Services.GetService<IProjectionCoordinator>());
    }

    static bool IsOurs(Type work) => work.Namespace?.StartsWith("Vigil", StringComparison.Ordinal) == true;
}
