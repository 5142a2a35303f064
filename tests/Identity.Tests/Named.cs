namespace Vigil.Identity.Tests;

/// <summary>Two instances whose issuer has a name, without which there are no passkeys.</summary>
public sealed record Named(Platform Platform, IReadOnlyList<Instance> Both) : IAsyncDisposable
{
    /// <summary>For one class of tests: those that all share.</summary>
    public sealed class Shared(Installed installed) : IAsyncLifetime
    {
        Named? _named;

        public Named Named => _named!;

        public async ValueTask InitializeAsync() => _named = await installed.Named;

        public ValueTask DisposeAsync() => default;
    }

    public static async Task<Named> Open()
    {
        var platform = await Installed.Start("localhost", 2);
        return new(platform, [.. platform.Instances]);
    }

    public ValueTask DisposeAsync() => Platform.DisposeAsync();
}
