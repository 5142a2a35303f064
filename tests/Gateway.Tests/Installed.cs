using Vigil.Gateway.Tests;

[assembly: AssemblyFixture(typeof(Installed))]
[assembly: ExplainedByLogs]
// They wait far more than they work.
[assembly: Xunit.v3.Parallelization(MaxThreads = 8)]

namespace Vigil.Gateway.Tests;

/// <summary>The gateway that most tests share; its origin always answers.</summary>
public sealed class Installed : IAsyncLifetime
{
    Door? _door;

    public Door Door => _door!;

    public async ValueTask InitializeAsync() => _door = await Door.Open();

    public ValueTask DisposeAsync() => _door?.DisposeAsync() ?? default;
}
