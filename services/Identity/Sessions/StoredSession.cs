namespace Vigil.Identity.Sessions;

/// <summary>
/// A gateway's session with one browser. What it holds is sealed with the session's own id, of which only the hash is here: neither these
/// rows nor our keys open it.
/// </summary>
public sealed class StoredSession
{
    /// <summary>SHA-256 of the id that the browser has.</summary>
    public required byte[] Id { get; init; }
    /// <summary>Whom the provider named, which may be another than this service.</summary>
    public required string Subject { get; init; }
    /// <summary>The mark of our account when it signed in; null: the account is not ours.</summary>
    public string? Mark { get; init; }
    public required byte[] Sealed { get; set; }
    /// <summary>How often the content was replaced.</summary>
    public int Version { get; set; }
    public required DateTimeOffset Began { get; init; }
    public required DateTimeOffset Seen { get; set; }
    public required DateTimeOffset Ends { get; init; }
    /// <summary>Until then one gateway alone renews the content.</summary>
    public DateTimeOffset? Leased { get; set; }
}
