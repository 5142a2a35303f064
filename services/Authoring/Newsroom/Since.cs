using Vigil.Authoring.Articles;

namespace Vigil.Authoring.Newsroom;

/// <summary>What others did to a story while somebody had a page of it open.</summary>
static class Since
{
    public static IReadOnlyList<string> Changes(ArticleView then, ArticleView now, Sites sites)
    {
        List<string> changes = [];
        if (now.Revision != then.Revision) changes.Add($"The text was changed (revision {then.Revision}, now {now.Revision}).");
        if (now.Work != then.Work) changes.Add($"It is now “{Words.Of(now.Work)}”; it was “{Words.Of(then.Work)}”.");
        if (now.Release != then.Release) changes.Add($"It is now “{Words.Of(now.Release)}”; it was “{Words.Of(then.Release)}”.");
        if (!now.Editions.SequenceEqual(then.Editions)) changes.Add($"Its sites are now {sites.Names(now.Editions)}.");
        if (now.Release == then.Release && !now.LiveIn.SequenceEqual(then.LiveIn)) changes.Add($"It is now live on {sites.Names(now.LiveIn)}.");
        if ((now.Proposal is null) != (then.Proposal is null)) changes.Add(now.Proposal is null ? "It no longer waits for a second person." : "It waits for a second person.");
        if (now.Protected != then.Protected) changes.Add(now.Protected ? "It is marked “source at risk”." : "It is no longer marked “source at risk”.");
        if (now.Embargo != then.Embargo) changes.Add(now.Embargo is { } until ? $"It has an embargo until {Words.Time(until)}." : "It has no embargo any more.");
        return changes.Count > 0 ? changes : ["Nothing that this page shows."];
    }
}
