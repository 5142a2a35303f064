using Vigil.Kit;

namespace Vigil.Chaos;

/// <summary>A newsroom at work: stories are drafted, published, withdrawn, brought back and taken down, whatever falls over meanwhile.</summary>
sealed class Writers(Platform platform, History history, int seed)
{
    const int AtOnce = 6, AtLeisure = 3;

    /// <summary>Written without one, stories take all of a small machine, and a recovery says only how busy it was.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    static int _duties;

    readonly Random[] _random = [.. Enumerable.Range(0, AtOnce).Select(writer => new Random(seed * 31 + writer))];

    /// <summary>Writes so many stories, as fast as they are taken.</summary>
    public Task Fill(int stories) => Task.WhenAll(_random.Select(async (random, writer) =>
    {
        for (var i = writer; i < stories; i += AtOnce) await Tell(random);
    }));

    /// <summary>Writes one story after the other until told to stop.</summary>
    public Task GoOn(Func<bool> over) => Task.WhenAll(_random.Take(AtLeisure).Select(async random =>
    {
        for (; !over(); await Task.Delay(Pause)) await Tell(random);
    }));

    async Task Tell(Random random)
    {
        var tale = new Tale($"chaos{Guid.NewGuid().ToString("n")[..12]}");
        history.Tales[tale.Word] = tale;
        var drafted = await history.Insist("draft", 201, key => As(Account.Writer).Draft(Draft.Full($"Story {tale.Word}").With("slug", tale.Slug), key));
        tale.Id = drafted.Id;
        tale.Expected.Add("article.drafted");
        // One in ten stays a draft, which nobody may ever see.
        if (random.Next(10) == 0) return;
        await Do(tale, "submission", 200, Account.Writer, "article.submitted");
        await Do(tale, "approval", 200, Account.Editor, "article.approved");
        await Publish(tale, 200, Account.Publisher, "article.released");
        switch (random.Next(10))
        {
            case < 2: await End(tale, "takedown", "article.taken-down", 410, random); break;
            case < 4: await End(tale, "withdrawal", "article.withdrawn", 404, random); break;
            case < 6:
                await End(tale, "withdrawal", "article.withdrawn", 404, random);
                await Do(tale, "publication", 202, Account.Publisher, "article.proposal-made");
                await Publish(tale, 200, Account.Editor, "article.released");
                break;
        }
    }

    Task Publish(Tale tale, int status, Account by, string recorded)
    {
        tale.ReleaseAsked(history.Now);
        tale.Ends = 200;
        return Do(tale, "publication", status, by, recorded);
    }

    async Task End(Tale tale, string command, string recorded, int answers, Random random)
    {
        await Task.Delay(random.Next(1500));
        // Somebody else each time: nobody takes down many in a row alone.
        await Do(tale, command, 200, Account.Person($"duty{Interlocked.Increment(ref _duties)}", "duty"), recorded);
        tale.Ended(history.Now);
        tale.Ends = answers;
    }

    async Task Do(Tale tale, string command, int status, Account by, string recorded)
    {
        await history.Insist(command, status, key => As(by).Do(tale.Id, command, key: key));
        tale.Expected.Add(recorded);
    }

    Newsroom As(Account account) => platform.As(account);
}
