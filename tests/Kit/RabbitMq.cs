namespace Vigil.Kit;

public sealed class RabbitMq(Place place)
{
    public int Port => place.Port;

    public Task Start() => Run("start");
    public Task Stop() => Run("stop");
    public Task Restart() => Run("restart");
    public Task Kill() => Run("kill");

    Task<string> Run(string verb) => Script.Run("deploy/rabbitmq/run", [verb, place.Folder, place.Port]);

    public Task Create(string host) => Script.Run("deploy/rabbitmq/vhost", [place.Folder, place.Port, host]);

    /// <summary>What rabbitmqctl prints.</summary>
    public Task<string> Control(params IEnumerable<object> command) => Script.Run("deploy/rabbitmq/ctl", [place.Folder, place.Port, .. command]);

    internal object[] Place => [place.Folder, place.Port];

    /// <param name="port">Of something that stands before it; null: its own.</param>
    public Uri Address(string host, int? port = null) => new($"amqp://vigil:{Uri.EscapeDataString(place.Secret("vigil"))}@127.0.0.1:{port ?? place.Port}/{host}");
}
