using Npgsql;

namespace Vigil.Identity;

/// <summary>What configuration says of this provider. Everything that is wrong with it is said at once, and nothing starts.</summary>
public sealed record Settings
{
    static readonly TimeSpan LongestToken = TimeSpan.FromMinutes(15);

    /// <summary>The public address, as it stands in every token.</summary>
    public required Uri Issuer { get; init; }
    public required bool RequireHttps { get; init; }
    public required string Audience { get; init; }
    public required TimeSpan TokenLifetime { get; init; }
    public required string Connection { get; init; }
    public required IReadOnlyList<Uri> RedirectUris { get; init; }
    /// <summary>What the backend of the newsroom's pages shows when it asks for tokens.</summary>
    public required string ClientSecret { get; init; }
    public required IReadOnlyList<Machine> Machines { get; init; }
    /// <summary>What a gateway shows when it keeps sessions here; empty: none may.</summary>
    public required string SessionSecret { get; init; }
    /// <summary>A session ends that was not used for so long.</summary>
    public required TimeSpan SessionIdle { get; init; }
    /// <summary>A session ends after so long, however much it was used.</summary>
    public required TimeSpan SessionLongest { get; init; }
    /// <summary>Whether every account needs more than a password.</summary>
    public required bool IsSecondFactorRequired { get; init; }
    /// <summary>A password that stands alone is longer (NIST SP 800-63B).</summary>
    public int ShortestPassword => IsSecondFactorRequired ? 12 : 15;
    /// <summary>How long a browser may take to answer with a passkey.</summary>
    public required TimeSpan ChallengeLifetime { get; init; }
    /// <summary>A passkey is for the issuer's host, which has to be a name: browsers keep none for a number.</summary>
    public bool CanHavePasskeys => Issuer.HostNameType is UriHostNameType.Dns;
    public required int LockoutAttempts { get; init; }
    public required TimeSpan LockoutPause { get; init; }
    public string? DemonstrationPassword { get; init; }
    /// <summary>PEM file with the private key that signs; without it the keys of the database do.</summary>
    public string? SigningKey { get; init; }
    /// <summary>PEM file with certificate and private key that wrap the ring of Data Protection keys.</summary>
    public string? KeyRingCertificate { get; init; }

    /// <summary>Who is invited while nobody administers, and the file that the link is written to.</summary>
    public (string Name, string LinkFile)? FirstAdministrator { get; init; }

    public bool IsDemonstration => DemonstrationPassword is not null;

    /// <summary>A client that acts for no person. Its id is its subject, and never looks like an account's.</summary>
    public sealed record Machine(string Id, string Secret, IReadOnlyList<string> Roles);

    public static Settings From(IConfiguration configuration)
    {
        var identity = configuration.GetSection("Identity");
        var faults = new List<string>();
        var settings = new Settings
        {
            Issuer = Uri.TryCreate(identity["Issuer"], UriKind.Absolute, out var issuer) ? issuer : new("about:blank"),
            RequireHttps = identity.GetValue("RequireHttps", true),
            Audience = identity["Audience"] ?? "vigil",
            DemonstrationPassword = identity["Demonstration:Password"] is { Length: > 0 } password ? password : null,
            TokenLifetime = identity.GetValue<TimeSpan?>("TokenLifetime")
                ?? (identity["Demonstration:Password"] is { Length: > 0 } ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(10)),
            Connection = configuration.GetConnectionString("Postgres") ?? "",
            RedirectUris = [.. (identity.GetSection("Clients:newsroom:RedirectUris").Get<string[]>() ?? [])
                .Select(uri => Uri.TryCreate(uri, UriKind.Absolute, out var parsed) ? parsed : new Uri("about:blank"))],
            Machines = [.. identity.GetSection("Machines").GetChildren()
                .Select(m => new Machine(m.Key, m["Secret"] ?? "", m.GetSection("Roles").Get<string[]>() ?? []))],
            ClientSecret = Secret(identity.GetSection("Clients:newsroom"), faults),
            SessionSecret = Secret(identity.GetSection("Sessions"), faults),
            SessionIdle = identity.GetValue("Sessions:Idle", TimeSpan.FromMinutes(15)),
            SessionLongest = identity.GetValue("Sessions:Longest", TimeSpan.FromHours(8)),
            IsSecondFactorRequired = identity["SecondFactor"] is null or "required",
            ChallengeLifetime = identity.GetValue("Passkeys:ChallengeLifetime", TimeSpan.FromMinutes(5)),
            LockoutAttempts = identity.GetValue("Lockout:Attempts", 5),
            LockoutPause = identity.GetValue("Lockout:Pause", TimeSpan.FromMinutes(5)),
            FirstAdministrator = identity["FirstAdministrator:Name"] is { Length: > 0 } first ? (first, identity["FirstAdministrator:LinkFile"] ?? "") : null,
            SigningKey = identity["SigningKey"],
            KeyRingCertificate = identity["KeyRing:Certificate"],
        };

        string[] schemes = settings.RequireHttps ? ["https"] : ["http", "https"];
        if (!schemes.Contains(settings.Issuer.Scheme)) faults.Add($"Identity:Issuer must be an absolute address with {string.Join(" or ", schemes)}.");
        if (settings.RequireHttps && settings.IsDemonstration) faults.Add("Identity:Demonstration:Password is for demonstrations only; remove it, or set Identity:RequireHttps to false.");
        if (!settings.IsDemonstration && settings.TokenLifetime > LongestToken) faults.Add("Identity:TokenLifetime may be 15 minutes at most: a change of roles counts only once older tokens have ended.");
        if (settings.TokenLifetime <= TimeSpan.Zero) faults.Add("Identity:TokenLifetime must be longer than nothing.");
        if (identity["SecondFactor"] is not (null or "required" or "optional")) faults.Add("Identity:SecondFactor is required or optional.");
        if (settings.ChallengeLifetime <= TimeSpan.Zero || settings.ChallengeLifetime > SecondFactor.HalfWay.Longest) faults.Add("Identity:Passkeys:ChallengeLifetime must be above zero, and five minutes at most.");
        if (settings.LockoutAttempts < 1 || settings.LockoutPause <= TimeSpan.Zero) faults.Add("Identity:Lockout:Attempts and :Pause must be above zero.");
        if (!IsConnection(settings.Connection)) faults.Add("ConnectionStrings:Postgres must be set.");
        if (settings.RedirectUris.Any(uri => !schemes.Contains(uri.Scheme) || uri.Fragment.Length > 0))
            faults.Add("Identity:Clients:newsroom:RedirectUris must be absolute, secure and without a fragment.");
        if (settings.RedirectUris.Count > 0 && settings.ClientSecret.Length < 32) faults.Add("Identity:Clients:newsroom needs a Secret of at least 32 characters, or a SecretFile with one.");
        if (settings.SessionSecret.Length is > 0 and < 32) faults.Add("Identity:Sessions:Secret needs at least 32 characters.");
        if (settings.SessionIdle <= TimeSpan.Zero || settings.SessionLongest < settings.SessionIdle) faults.Add("Identity:Sessions:Idle must be above zero, and :Longest no less.");
        if (settings.FirstAdministrator is var (name, link) && (Accounts.Account.FaultsOfName(name).Any() || link.Length == 0))
            faults.Add("Identity:FirstAdministrator needs a Name of lower-case letters, digits and . - _ @, and a LinkFile.");
        foreach (var machine in settings.Machines)
        {
            if (Guid.TryParse(machine.Id, out _)) faults.Add($"Identity:Machines:{machine.Id} looks like an account's id; give the machine a name.");
            if (machine.Id is Tokens.Clients.Newsroom or Tokens.Clients.Demonstration) faults.Add($"Identity:Machines:{machine.Id} is the name of a built-in client; choose another.");
            if (machine.Secret.Length < 32) faults.Add($"Identity:Machines:{machine.Id}:Secret needs at least 32 characters.");
            if (machine.Roles.Except(Hosting.Policy.AllRoles).Any()) faults.Add($"Identity:Machines:{machine.Id}:Roles may hold: {string.Join(", ", Hosting.Policy.AllRoles)}.");
        }
        foreach (var file in new[] { settings.SigningKey, settings.KeyRingCertificate })
            if (file is not null && !File.Exists(file)) faults.Add($"The key file {file} does not exist.");

        return faults.Count == 0 ? settings : throw new InvalidOperationException(string.Join(Environment.NewLine, faults));
    }

    static string Secret(IConfigurationSection section, List<string> faults)
    {
        if (section["SecretFile"] is not { Length: > 0 } file) return section["Secret"] ?? "";
        if (File.Exists(file)) return File.ReadAllText(file).Trim();
        faults.Add($"The file {file}, which {section.Path}:SecretFile names, does not exist.");
        return "";
    }

    static bool IsConnection(string text)
    {
        try { return new NpgsqlConnectionStringBuilder(text) is { Host.Length: > 0 }; }
        catch (ArgumentException) { return false; }
    }
}

public static class SettingsRegistration
{
    public static Settings AddSettings(this WebApplicationBuilder builder)
    {
        var settings = Settings.From(builder.Configuration);
        builder.Services.AddSingleton(settings);
        return settings;
    }
}
