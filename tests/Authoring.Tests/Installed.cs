using System.Text.Json.Nodes;
using Vigil.Authoring.Tests;
using Vigil.Contracts.Authoring;
using Vigil.Hosting;
using Vigil.Kit;

[assembly: AssemblyFixture(typeof(Installed))]
[assembly: ExplainedByLogs]

namespace Vigil.Authoring.Tests;

/// <summary>Authoring alone, with all that it says on the wire heard from the first word on. Each test keeps to its own articles.</summary>
public sealed class Installed : IAsyncLifetime
{
    Platform? _platform;
    Ear<ArticleReleased>? _released;
    Ear<ArticleWithdrawn>? _withdrawn;
    Ear<ArticleTakenDown>? _takenDown;
    Ear<TextErased>? _erased;
    Ear<ArticleRetracted>? _retracted;

    public Platform Platform => _platform!;
    public IReadOnlyCollection<TextErased> Erased => _erased!.Heard;
    public IReadOnlyList<ArticleReleased> Released => _released!.Heard;
    public IReadOnlyList<ArticleRetracted> Retracted => _retracted!.Heard;

    public async ValueTask InitializeAsync()
    {
        _platform = await Platform.Start(Services.Authoring);
        // The relay waits where nobody listens.
        _retracted = await Platform.Wire.Listen<ArticleRetracted>();
        (_released, _withdrawn, _takenDown, _erased) = (await Platform.Wire.Listen<ArticleReleased>(), await Platform.Wire.Listen<ArticleWithdrawn>(),
            await Platform.Wire.Listen<ArticleTakenDown>(), await Platform.Wire.Listen<TextErased>());
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null) await _platform.DisposeAsync();
    }

    public Kit.Newsroom Writer => Platform.As(Account.Writer);
    public Kit.Newsroom Editor => Platform.As(Account.Editor);
    public Kit.Newsroom Editor2 => Platform.As(Account.Editor2);
    public Kit.Newsroom Safety => Platform.As(Account.Safety);

    /// <summary>Who has emptied nothing yet: a person alone may take down, or correct protectively, three stories in ten minutes.</summary>
    public Kit.Newsroom Somebody(params IReadOnlyList<string> roles) => Platform.As(Account.Person($"somebody {Guid.NewGuid()}", roles));

    public async Task<Guid> Drafted(JsonObject? article = null) => (await Writer.Draft(article ?? Draft.Full())).Must(201).Id;
    public Task<Guid> InReview(JsonObject? article = null) => Then(Drafted(article), Writer, "submission");
    public Task<Guid> Approved(JsonObject? article = null) => Then(InReview(article), Editor, "approval");
    public Task<Guid> Live(JsonObject? article = null) => Then(Approved(article), Editor, "publication");
    public Task<Guid> Withdrawn(JsonObject? article = null) => Then(Live(article), Editor, "withdrawal");
    public Task<Guid> TakenDown(JsonObject? article = null) => Then(Live(article), Somebody("duty"), "takedown");

    /// <summary>Live, and with a successor that is signed off.</summary>
    public async Task<Guid> Succeeded(JsonObject? article = null, JsonObject? successor = null)
    {
        var id = await Live(article);
        (await Writer.Revise(id, (await Writer.Read(id)).Version, successor ?? Draft.Full())).Must(200);
        (await Writer.Submit(id)).Must(200);
        (await Editor.Approve(id)).Must(200);
        return id;
    }

    /// <summary>An article in the state that a command is for.</summary>
    public Task<Guid> For(string command) => command switch
    {
        "submission" or "erasure" or "protection" or "embargo" or "assignment" => Drafted(),
        "approval" or "changes-request" => InReview(),
        "publication" or "clearance" or "schedule" => Approved(),
        "correction" => Succeeded(),
        "reissue" => TakenDown(),
        _ => Live(),
    };

    static async Task<Guid> Then(Task<Guid> before, Kit.Newsroom who, string command)
    {
        var id = await before;
        (await who.Do(id, command)).Must(200);
        return id;
    }

    public Task<ArticleReleased> Release(Guid id) =>
        Wait.Until(() => Task.FromResult(_released!.Heard.LastOrDefault(r => r.ArticleId == id)!), r => r is not null, "the release on the wire");

    public async Task<long> Events(Guid id) => (await Platform.Query<long>("select count(*) from authoring.mt_events where stream_id = $1", id))[0];

    /// <summary>What is stored of one article and by one account, and texts, salts and receipts that belong to no article, which nothing may leave behind.</summary>
    public async Task<string> Stored(Guid article, Account account) => (await Platform.Query<string>("""
        select format('%s and %s events, %s texts, %s receipts, %s strays',
            (select count(*) from authoring.mt_events where stream_id = $1),
            (select count(*) from authoring.mt_events where user_name = $2),
            (select count(*) from authoring.mt_doc_text where data->>'owner' = $1::text),
            (select count(*) from authoring.mt_doc_receipt where data->>'stream' = $1::text),
            (select count(*) from (
                select data->>'owner' stream from authoring.mt_doc_text
                union all select id::text from authoring.mt_doc_textsalt
                union all select data->>'stream' from authoring.mt_doc_receipt) x
             where not exists (select from authoring.mt_streams s where s.id::text = x.stream)))
        """, article, account.Subject))[0];
}

static class Refused
{
    /// <summary>A refusal as it is promised: status, problem document, code, the member to blame, and none of what was sent.</summary>
    public static Reply MustRefuse(this Reply reply, string code, string? field = null)
    {
        reply.MustBe(Refusals.All[code].Status, code);
        Assert.Equal("application/problem+json", reply.Headers["Content-Type"].Split(';')[0]);
        Assert.Equal(($"urn:vigil:problem:{code}", reply.Status), (reply["type"].GetString(), reply["status"].GetInt32()));
        Assert.Equal(field, reply.Body.TryGetProperty("field", out var named) ? named.GetString() : null);
        return reply;
    }
}
