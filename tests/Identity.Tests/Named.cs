namespace Vigil.Identity.Tests;

/// <summary>Two instances whose issuer has a name, without which there are no passkeys.</summary>
public sealed record Named(Platform Platform, IReadOnlyList<Instance> Both) : IAsyncDisposable
{
    public static async Task<Named> Open()
    {
        var platform = await Installed.Start("localhost", 2);
        return new(platform, [.. platform.Instances]);
    }

    public ValueTask DisposeAsync() => Platform.DisposeAsync();
}
