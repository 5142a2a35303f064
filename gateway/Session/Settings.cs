namespace Vigil.Gateway.Session;

/// <summary>The provider that people sign in to, and where sessions are kept. Everything that is wrong with it is said at once, and nothing starts.</summary>
sealed record Settings(Uri Issuer, string Metadata, bool RequireHttps, string ClientId, string ClientSecret, string RoleClaim, Uri Store, string StoreSecret)
{
    const int ShortestSecret = 32;

    public static Settings From(IConfiguration configuration)
    {
        var faults = new List<string>();
        var requireHttps = configuration.GetValue("Identity:RequireHttps", true);
        var settings = new Settings(
            Address("Identity:Issuer", requireHttps ? ["https"] : ["http", "https"]),
            configuration["Identity:Metadata"] ?? $"{configuration["Identity:Issuer"]?.TrimEnd('/')}/.well-known/openid-configuration",
            requireHttps,
            configuration["Session:ClientId"] ?? "newsroom",
            Secret("Session:ClientSecret"),
            configuration["Identity:RoleClaim"] ?? "role",
            Address("Session:Store", "http", "https"),
            Secret("Session:StoreSecret"));
        return faults.Count == 0 ? settings : throw new InvalidOperationException(string.Join(Environment.NewLine, faults));

        Uri Address(string name, params string[] schemes)
        {
            if (Uri.TryCreate(configuration[name], UriKind.Absolute, out var address) && schemes.Contains(address.Scheme)) return address;
            faults.Add($"{name} must be an absolute address with {string.Join(" or ", schemes)}.");
            return new("about:blank");
        }

        string Secret(string name)
        {
            var file = configuration[$"{name}File"];
            if (file is not null && !File.Exists(file)) faults.Add($"The file {file}, which {name}File names, does not exist.");
            else if ((file is null ? configuration[name] : File.ReadAllText(file).Trim()) is { Length: >= ShortestSecret } secret) return secret;
            else faults.Add($"Set {name}, or {name}File to a file that holds it: at least {ShortestSecret} characters.");
            return "";
        }
    }
}
