namespace Vigil.Journeys;

/// <summary>Where requests are answered by processes that do nothing else, as in a cluster.</summary>
[Collection(nameof(Installed)), Trait("kind", "drill")]
public sealed class DaemonTests(Installed installed)
{
    [Fact]
    public async Task What_such_a_process_records_goes_out_by_the_one_beside_it()
    {
        var platform = installed.Platform;
        var requests = platform[Services.Authoring];
        await requests.Stop();
        var broker = requests.Set("ConnectionStrings__RabbitMq", null);
        requests.Set("Vigil__Daemon", "false");
        await requests.Start();
        var daemon = await platform.Add(Services.Authoring);
        try
        {
            await platform.Live(await platform.Publish(Draft.Full()), "au");
            await daemon.Stop();
            var waiting = await platform.Publish(Draft.Full());
            await daemon.Start();
            await platform.Live(waiting, "au");
        }
        finally
        {
            await daemon.Stop();
            await requests.Stop();
            requests.Set("ConnectionStrings__RabbitMq", broker);
            requests.Set("Vigil__Daemon", null);
            await requests.Start();
        }
    }
}
