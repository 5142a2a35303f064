using Vigil.Gateway.Tests;

[assembly: AssemblyFixture(typeof(Installed))]
[assembly: ExplainedByLogs]
// They wait far more than they work.
[assembly: Xunit.v3.Parallelization(MaxThreads = 8)]

namespace Vigil.Gateway.Tests;

/// <summary>The gateway that most tests share, whose origin always answers; and that with the real provider, once a test asks for it.</summary>
public sealed class Installed : IAsyncLifetime
{
    readonly Lazy<Task<SignInDoor>> _signInDoor = new(Tests.SignInDoor.Open);
    Door? _door;

    public Door Door => _door!;
    public Task<SignInDoor> SignInDoor => _signInDoor.Value;

    public async ValueTask InitializeAsync() => _door = await Door.Open();

    public async ValueTask DisposeAsync()
    {
        if (_signInDoor is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }) await (await _signInDoor.Value).DisposeAsync();
        if (_door is not null) await _door.DisposeAsync();
    }
}
