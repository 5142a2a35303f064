using System.Text.Json.Nodes;

namespace Vigil.Journeys;

/// <summary>A client that asks again, with the same key, until it has an answer: so each command is carried out exactly once.</summary>
sealed class Client(Platform platform)
{
    /// <summary>The whole way of a story, whatever falls over meanwhile.</summary>
    /// <returns>Its id, and the version that was acknowledged last.</returns>
    public async Task<(Guid Id, long Version)> Publish(JsonObject article)
    {
        var id = (await Insist(201, key => platform.As(Account.Writer).Draft(article, key))).Id;
        await Insist(200, key => platform.As(Account.Writer).Do(id, "submission", key: key));
        await Insist(200, key => platform.As(Account.Editor).Do(id, "approval", key: key));
        return (id, (await Insist(200, key => platform.As(Account.Publisher).Do(id, "publication", key: key))).Version);
    }

    /// <summary>All that were made, in order. The store keeps one more stream, for appends that failed.</summary>
    public static Task<IReadOnlyList<Guid>> Articles(Platform platform) => platform.Query<Guid>("select id from authoring.mt_streams where type = 'article' order by id");

    static async Task<Reply> Insist(int status, Func<string, Task<Reply>> send)
    {
        var key = $"{Guid.NewGuid()}";
        return (await Wait.Until(() => send(key), reply => reply.Status < 500 && reply.Code != "command.contended", "an answer", TimeSpan.FromMinutes(2))).Must(status);
    }
}
