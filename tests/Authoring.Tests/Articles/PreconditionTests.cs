using Vigil.Kit;

namespace Vigil.Authoring.Tests.Articles;

/// <summary>Nobody overwrites what they have not read.</summary>
public sealed class PreconditionTests(Installed installed)
{
    [Fact]
    public async Task Revising_needs_the_version_that_was_read()
    {
        var id = await installed.Drafted();
        var path = $"/api/newsroom/v1/articles/{id}";
        foreach (var none in new[] { null, "*" })
            (await installed.Writer.Send(HttpMethod.Put, path, Draft.Full(), ifMatch: none)).MustRefuse("precondition.required", "If-Match");
        var second = (await installed.Writer.Revise(id, 1, Draft.Full())).Must(200);
        Assert.Equal(2, second.Version);
        var stale = (await installed.Writer.Revise(id, 1, Draft.Full())).MustRefuse("precondition.stale", "If-Match");
        Assert.Equal((1, 2), (stale["expected"].GetInt64(), stale["current"].GetInt64()));
        (await installed.Writer.Revise(id, 3, Draft.Full())).MustRefuse("precondition.stale", "If-Match");
        Assert.Equal(2, await installed.Events(id));
        Assert.Equal(second.Text, (await installed.Writer.Read(id)).Must(200).Text);
    }

    [Theory]
    [InlineData("1"), InlineData("\"x\""), InlineData("\"0\""), InlineData("\"-1\""), InlineData("W/\"1\""), InlineData("\"1\", \"2\""), InlineData("\""), InlineData("\"\""),
     InlineData("\"99999999999999999999\""), InlineData("\"1 \"")]
    public async Task What_is_no_ETag_of_ours_is_refused(string ifMatch)
    {
        var id = await installed.Drafted();
        (await installed.Writer.Send(HttpMethod.Put, $"/api/newsroom/v1/articles/{id}", Draft.Full(), ifMatch: ifMatch)).MustRefuse("request.bad-precondition", "If-Match");
        (await installed.Writer.Do(id, "submission", ifMatch: ifMatch)).MustRefuse("request.bad-precondition", "If-Match");
        Assert.Equal(1, await installed.Events(id));
    }

    /// <summary>Where it is not required it is honoured all the same.</summary>
    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_honours_it(string command)
    {
        var id = await installed.For(command);
        var (version, all, body) = (await installed.Events(id), installed.Somebody("writer", "editor", "safety"), RoleTests.Commands[command]());
        foreach (var wrong in new[] { version - 1, version + 1 }.Where(v => v > 0))
        {
            var stale = (await all.Do(id, command, body?.DeepClone().AsObject(), ifMatch: $"\"{wrong}\"")).MustRefuse("precondition.stale", "If-Match");
            Assert.Equal((wrong, version), (stale["expected"].GetInt64(), stale["current"].GetInt64()));
        }
        Assert.Equal(version, await installed.Events(id));
        var done = await all.Do(id, command, body, ifMatch: $"\"{version}\"");
        // A protective correction revises, releases and erases; what takes two is only proposed.
        Assert.Equal((command is "retraction" or "reissue" ? 202 : 200, version + (command is "protective-correction" ? 3 : 1)), (done.Status, done.Version));
    }

    public static TheoryData<string> Commands => [.. RoleTests.Commands.Keys];
}
