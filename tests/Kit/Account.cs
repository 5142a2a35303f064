using Vigil.Hosting;

namespace Vigil.Kit;

/// <summary>Who may hold a token: the newsroom's seven people, or a machine, whose subject is no account's id.</summary>
public sealed record Account(string Name, string Subject, params IReadOnlyList<string> Roles)
{
    public static Account Writer { get; } = Person("writer", "writer");
    public static Account Editor { get; } = Person("editor", "editor");
    public static Account Editor2 { get; } = Person("editor2", "editor");
    public static Account Safety { get; } = Person("safety", "safety");
    public static Account Publisher { get; } = Person("publisher", "publisher");
    public static Account Duty { get; } = Person("duty", "duty");
    public static Account Admin { get; } = Person("admin", "admin");
    public static Account Machine { get; } = new("machine", "import", "writer", "editor", "publisher");

    public static IReadOnlyList<Account> All { get; } = [Writer, Editor, Editor2, Safety, Publisher, Duty, Admin, Machine];

    public static Account Person(string name, params IReadOnlyList<string> roles) => new(name, $"{Uuid.From("account", name)}", roles);

    public Guid Id => Guid.TryParse(Subject, out var id) ? id : Uuid.From("client", Subject);
}
