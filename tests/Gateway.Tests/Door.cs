using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vigil.Gateway.Tests;

/// <summary>A gateway process with one origin for all its clusters but those whose service is there.</summary>
public sealed class Door : IAsyncDisposable
{
    Platform? _platform;

    public Origin Origin { get; } = new();
    public Platform Platform => _platform!;
    public Instance Gateway => Platform[Services.Gateway];

    public static Task<Door> Open(params (string Name, string Value)[] more) => Open(Services.Gateway, more);

    public static async Task<Door> Open(Services services, params (string Name, string Value)[] more)
    {
        var door = new Door();
        await door.Origin.Start();
        var settings = new[] { Services.Authoring, Services.Publishing, Services.Notification, Services.Identity }.Where(s => !services.HasFlag(s)).Select(s => s.ToString().ToLowerInvariant()).ToDictionary(c => $"ReverseProxy__Clusters__{c}__Destinations__a__Address", _ => door.Origin.Address);
        foreach (var (name, value) in more) settings[name] = value;
        door._platform = await Platform.Start(services, settings: settings);
        return door;
    }

    /// <summary>As a program that has a token asks, which needs no session.</summary>
    /// <param name="host">Null: the newsroom's.</param>
    public Task<Reply> Send(HttpMethod method, string path, string? host = null, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, Platform.At(path, host)) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.Authorization ??= new("Bearer", "of-a-test");
        return Platform.Send(request);
    }

    public Task<Reply> Get(string path, string? host = null, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, host, null, headers);

    /// <summary>Exactly these bytes, and what came back until the gateway closed the connection.</summary>
    public async Task<string> Say(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Gateway.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var answer = new MemoryStream();
        try { await stream.CopyToAsync(answer, patience.Token); }
        catch (IOException) { }
        catch (OperationCanceledException) { Assert.Fail($"The connection stayed open after:\n{Encoding.Latin1.GetString(answer.ToArray())}"); }
        return Encoding.Latin1.GetString(answer.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null) await _platform.DisposeAsync();
        await Origin.DisposeAsync();
    }
}
