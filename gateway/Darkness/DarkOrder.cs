using Vigil.Hosting;

namespace Vigil.Gateway.Darkness;

/// <summary>How far an order has come. The story is dark at this gateway in every one but the last three.</summary>
enum Stage { Asked, Unknown, Several, Found, Refused, Withdrawn, Lifted, TakenBack, Lapsed }

/// <summary>What others say to an order.</summary>
abstract record Word
{
    private Word() { }

    /// <summary>Publishing: whose address it is.</summary>
    public sealed record Stories(IReadOnlyList<Guid> Articles, DateTimeOffset At) : Word;
    /// <summary>Authoring: it is withdrawn, by the ending at this sequence.</summary>
    public sealed record Acknowledged(long Sequence) : Word;
    public sealed record Refused(string Code) : Word;
    /// <summary>Publishing: every ending up to this sequence has taken its effect.</summary>
    public sealed record Applied(long Sequence, DateTimeOffset At) : Word;
    /// <summary>Who gave it: it was a mistake.</summary>
    public sealed record TakenBack(DateTimeOffset At) : Word;
}

/// <summary>
/// That a story has to be dark, whatever else is away, until it is withdrawn in earnest: an order is lifted by Publishing's word that it shows
/// the story no more. Before it is withdrawn it may also be taken back, and where there is no story it lapses.
/// </summary>
/// <param name="Address">As it was given.</param>
/// <param name="By">An account's id, or the command's name.</param>
sealed record DarkOrder(string Address, Target Target, DateTimeOffset At, string By)
{
    /// <summary>What is published at an address that nobody knew on the day that it was made dark was not meant.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    /// <summary>The same on every gateway, and the withdrawal's Idempotency-Key.</summary>
    public Guid Id { get; } = Uuid.From("dark", Target, At.UtcTicks);
    public Guid? Article { get; init; } = Target.Article;
    /// <summary>How many stories have the address; null until Publishing has said.</summary>
    public int? Stories { get; init; }
    public string? Code { get; init; }
    public long? Sequence { get; init; }
    public DateTimeOffset? LiftedAt { get; init; }
    public DateTimeOffset? TakenBackAt { get; init; }
    public DateTimeOffset? LapsedAt { get; init; }

    public DateTimeOffset? OverAt => LiftedAt ?? TakenBackAt ?? LapsedAt;

    public Stage Stage => this switch
    {
        { LiftedAt: not null } => Stage.Lifted,
        { TakenBackAt: not null } => Stage.TakenBack,
        { LapsedAt: not null } => Stage.Lapsed,
        { Sequence: not null } => Stage.Withdrawn,
        { Code: not null } => Stage.Refused,
        { Article: not null } => Stage.Found,
        { Stories: null } => Stage.Asked,
        { Stories: 0 } => Stage.Unknown,
        _ => Stage.Several,
    };

    public static DarkOrder Next(DarkOrder order, Word word) => word switch
    {
        _ when order.OverAt is not null => order,
        Word.TakenBack { At: var at } when order.Sequence is null => order with { TakenBackAt = at },
        Word.Stories { Articles: [], At: var at } when order.Article is null && at - order.At >= Patience => order with { Stories = 0, LapsedAt = at },
        Word.Stories { Articles: var articles } => order with { Stories = articles.Count, Article = articles.Count == 1 ? articles[0] : order.Article },
        Word.Acknowledged { Sequence: var sequence } when order.Article is not null && order.Sequence is null => order with { Sequence = sequence, Code = null },
        Word.Refused { Code: var code } when order.Article is not null && order.Sequence is null => order with { Code = code },
        Word.Applied { Sequence: var sequence, At: var at } when sequence >= order.Sequence => order with { LiftedAt = at },
        _ => order,
    };

    /// <summary>Until it is known whose the address is, it is dark in every edition.</summary>
    public bool Denies(Shown story) => OverAt is null && (Article is { } article ? story.Article == article : story.Slug == Target.Slug);

    /// <summary>
    /// What needs no origin to be dark: the address, until it is known whose it is. From then on a namesake may stand there in another edition, and
    /// what the answer shows decides.
    /// </summary>
    /// <param name="part">The part of the address that names the story: a slug or an article's id.</param>
    public bool Denies(string part) => OverAt is null && (Article is { } article ? Guid.TryParse(part, out var id) && id == article : part.Equals(Target.Slug, StringComparison.OrdinalIgnoreCase));
}
