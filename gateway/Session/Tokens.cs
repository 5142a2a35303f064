using Microsoft.IdentityModel.JsonWebTokens;

namespace Vigil.Gateway.Session;

/// <summary>What a session holds. No browser ever gets any of it but the name and the roles.</summary>
/// <param name="Provider">The provider's own session (<c>sid</c>), by which it is told of the sign-out; null: it names none.</param>
/// <param name="Renew">When to ask for new ones: early enough for the old to do meanwhile.</param>
sealed record Tokens(string Name, IReadOnlyList<string> Roles, string? Provider, string Access, string? Refresh, DateTimeOffset Renew, DateTimeOffset Expires)
{
    static readonly TimeSpan Early = TimeSpan.FromSeconds(30);

    /// <summary>As the provider answered just now; what it says nothing of stays as it was.</summary>
    public Tokens With(string access, string? refresh, TimeSpan life, string roleClaim, DateTimeOffset now)
    {
        var read = new JsonWebTokenHandler();
        return this with
        {
            Access = access,
            Refresh = refresh ?? Refresh,
            Renew = now + (life / 3 < Early ? life * 2 / 3 : life - Early),
            Expires = now + life,
            // Shown, and never relied on: whoever acts on the token checks it.
            Roles = read.CanReadToken(access) ? [.. read.ReadJsonWebToken(access).Claims.Where(c => c.Type == roleClaim).Select(c => c.Value)] : [],
        };
    }
}
