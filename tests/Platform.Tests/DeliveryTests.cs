using RabbitMQ.Client;

namespace Vigil.Journeys;

/// <summary>How often a consumer may give a message back while what it needs is away.</summary>
[Collection(nameof(Installed))]
public sealed class DeliveryTests(Installed installed)
{
    /// <summary>RabbitMQ 4 drops a message that came back twenty times, unless a policy says otherwise; a policy of three drops it everywhere.</summary>
    [Theory, InlineData(null, true), InlineData(3, false)]
    public async Task A_message_that_comes_back_again_and_again_is_kept(int? limit, bool kept)
    {
        var ct = TestContext.Current.CancellationToken;
        var (rabbit, host) = (installed.Platform.RabbitMq, $"deliveries-{limit}");
        await rabbit.Create(host);
        if (limit is not null) await rabbit.Control("set_policy", "-p", host, "--priority", "9", "few", ".*", $$"""{"delivery-limit":{{limit}}}""");

        await using var connection = await new ConnectionFactory { Uri = rabbit.Address(host) }.CreateConnectionAsync(ct);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct);
        await channel.QueueDeclareAsync("story", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: ct);
        await channel.BasicPublishAsync("", "story", mandatory: true, new byte[1], ct);
        for (var times = 0; times < 25 && await Take() is { } delivery; times++) await channel.BasicNackAsync(delivery.DeliveryTag, multiple: false, requeue: true, ct);
        Assert.Equal(kept, await Take() is not null);

        // A queue takes a moment to have it back, and none to have dropped it.
        async Task<BasicGetResult?> Take()
        {
            for (var tries = 0; tries < 20; tries++)
            {
                if (await channel.BasicGetAsync("story", autoAck: false, ct) is { } got) return got;
                await Task.Delay(50, ct);
            }
            return null;
        }
    }
}
