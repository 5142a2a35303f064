using Marten;
using Marten.Linq.MatchesSql;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>
/// Who may know of an article. A protected one is known to whoever had a hand in it or was handed it, and to the safety officer. Who is on duty knows what is
/// live and where a story stands that was withdrawn, and may still end what was live.
/// </summary>
static class Sight
{
    const string Duty = "duty";

    // What was written before there was protection has no such members but the author.
    const string Known = "(coalesce((d.data ->> 'protected')::boolean, false) = false or d.data -> 'hands' @> ?::jsonb or d.data -> 'assignees' @> ?::jsonb or d.data ->> 'author' = ?)";

    /// <summary>Drafts, notes and history, too.</summary>
    public static bool IsWhole(Article article, Caller caller) =>
        caller.May(Policy.Safety) || caller.May(Policy.Drafts) && (!article.Protected || Hand(article, caller));

    /// <summary>May read it, even if no more than what is live.</summary>
    public static bool Reads(Article article, Caller caller) => IsWhole(article, caller)
        || OnDuty(caller) && (article.Release is Release.Live || article.Release is Release.Withdrawn && article.FirstPublished is not null);

    /// <summary>May give this command on it. Being on duty reaches as far as duty's own commands, and lends nothing to another role.</summary>
    public static bool Reaches(Article article, Caller caller, Offer offer) => IsWhole(article, caller)
        || OnDuty(caller) && Policy.Of(offer.Policy).Contains(Duty) && article.Release is not Release.Unreleased && (!article.Protected || article.FirstPublished is not null);

    /// <summary>What <see cref="Reads"/> says, of a whole list at once; but what was withdrawn is not listed to who is on duty, since a list has headlines.</summary>
    public static IQueryable<Article> ReadBy(this IQueryable<Article> articles, Caller caller)
    {
        if (caller.May(Policy.Safety)) return articles;
        if (!caller.May(Policy.Drafts)) return articles.Where(a => a.Release == Release.Live);
        var (hand, author) = ($"[\"{caller.Id}\"]", $"{caller.Id}");
        return OnDuty(caller)
            ? articles.Where(a => a.Release == Release.Live || a.MatchesSql(Known, hand, hand, author))
            : articles.Where(a => a.MatchesSql(Known, hand, hand, author));
    }

    static bool Hand(Article article, Caller caller) => article.Author == caller.Id || article.Hands.Contains(caller.Id) || article.Assignees.Contains(caller.Id);
    static bool OnDuty(Caller caller) => caller.Roles.Contains(Duty);
}
