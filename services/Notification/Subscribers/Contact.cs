using Marten;
using Npgsql;
using Vigil.Hosting;
using Vigil.Notification.Pages;
using Weasel.Postgresql.Tables;

namespace Vigil.Notification.Subscribers;

/// <summary>
/// Where to reach a subscriber, sealed for their id, and what decides which mails they get: a row, deleted when they leave. A table of its
/// own rather than a document, since a mailing reads all of an edition's in one statement.
/// </summary>
public sealed record Contact(Guid Subscriber, EditionKey Edition, Language Language, byte[] Sealed, bool Confirmed, Preferences Preferences, DateTimeOffset RequestedAt)
{
    public static void Register(StoreOptions store)
    {
        var contacts = new Table("notification.contacts");
        contacts.AddColumn("subscriber", "uuid").AsPrimaryKey();
        contacts.AddColumn("edition", "text").NotNull();
        contacts.AddColumn("language", "text").NotNull();
        contacts.AddColumn("sealed", "bytea").NotNull();
        contacts.AddColumn("confirmed", "boolean").NotNull();
        contacts.AddColumn("countries", "text[]").NotNull();
        contacts.AddColumn("topics", "text[]").NotNull();
        contacts.AddColumn("requested_at", "timestamptz").NotNull();
        contacts.Indexes.Add(new IndexDefinition("idx_contacts_confirmed") { Columns = ["edition", "subscriber"], Predicate = "confirmed" });
        contacts.Indexes.Add(new IndexDefinition("idx_contacts_unconfirmed") { Columns = ["requested_at"], Predicate = "not confirmed" });
        store.Storage.ExtendedSchemaObjects.Add(contacts);
    }

    public void Put(IDocumentSession session) => session.QueueSqlCommand(
        """
        insert into notification.contacts (subscriber, edition, language, sealed, confirmed, countries, topics, requested_at) values (?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (subscriber) do update set edition = excluded.edition, language = excluded.language, sealed = excluded.sealed,
          confirmed = excluded.confirmed, countries = excluded.countries, topics = excluded.topics, requested_at = excluded.requested_at
        """, Subscriber, Edition.Value, Language.ToString(), Sealed, Confirmed, Preferences.Countries.ToArray(), Preferences.Topics.ToArray(), RequestedAt);

    public static void Confirm(IDocumentSession session, Guid subscriber) =>
        session.QueueSqlCommand("update notification.contacts set confirmed = true where subscriber = ?", subscriber);

    public static void Delete(IDocumentSession session, Guid subscriber) =>
        session.QueueSqlCommand("delete from notification.contacts where subscriber = ?", subscriber);

    public static async Task<Dictionary<Guid, Contact>> Find(NpgsqlConnection connection, IEnumerable<Guid> subscribers, CancellationToken ct)
    {
        await using var find = new NpgsqlCommand(
            "select subscriber, edition, language, sealed, confirmed, countries, topics, requested_at from notification.contacts where subscriber = any($1)", connection)
        {
            Parameters = { new() { Value = subscribers.ToArray() } },
        };
        await find.PrepareAsync(ct);
        await using var reader = await find.ExecuteReaderAsync(ct);
        var contacts = new Dictionary<Guid, Contact>();
        while (await reader.ReadAsync(ct))
            contacts.Add(reader.GetGuid(0), new(
                reader.GetGuid(0), new(reader.GetString(1)), Enum.Parse<Language>(reader.GetString(2)), reader.GetFieldValue<byte[]>(3), reader.GetBoolean(4),
                new(reader.GetFieldValue<string[]>(5), reader.GetFieldValue<string[]>(6)), reader.GetFieldValue<DateTimeOffset>(7)));
        return contacts;
    }

    /// <summary>Who signed up before this moment and has not confirmed; oldest first, at most a hundred.</summary>
    public static async Task<IReadOnlyList<Guid>> FindUnconfirmed(IDocumentStore store, DateTimeOffset before, CancellationToken ct)
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(ct);
        await using var find = new NpgsqlCommand("select subscriber from notification.contacts where not confirmed and requested_at < $1 order by requested_at limit 100", connection)
        {
            Parameters = { new() { Value = before } },
        };
        await using var reader = await find.ExecuteReaderAsync(ct);
        List<Guid> found = [];
        while (await reader.ReadAsync(ct)) found.Add(reader.GetGuid(0));
        return found;
    }
}
