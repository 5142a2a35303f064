using System.Security.Cryptography;
using System.Text;
using Vigil.Hosting;

namespace Vigil.Identity.Sessions;

/// <summary>
/// Where gateways keep sessions, so that any of them knows all, and each can be ended from here. An inner address: no gateway leads
/// to it, and a gateway shows the secret that it shares with us (<c>Authorization: Bearer</c>).
/// </summary>
public static class Sessions
{
    public static void Add(WebApplicationBuilder builder) => builder.AddWorker<PruneSessions>();

    public static void Map(WebApplication app)
    {
        var secret = app.Services.GetRequiredService<Settings>().SessionSecret;
        var expected = SHA256.HashData(Encoding.UTF8.GetBytes($"Bearer {secret}"));
        var sessions = app.MapGroup("/inner/sessions").AllowAnonymous().AddEndpointFilter(async (context, next) =>
            secret.Length > 0 && CryptographicOperations.FixedTimeEquals(expected, SHA256.HashData(Encoding.UTF8.GetBytes($"{context.HttpContext.Request.Headers.Authorization}")))
                ? await next(context) : Refusals.Problem("auth.required"));
        BeginSession.Map(sessions);
        ReadSession.Map(sessions);
        RenewSession.Map(sessions);
        EndSessions.Map(sessions);
    }

    /// <summary>The hash of an id, as it stands in an address.</summary>
    public static byte[] Key(string id)
    {
        var key = new byte[SHA256.HashSizeInBytes];
        return id.Length == 2 * key.Length && Convert.FromHexString(id, key, out _, out _) is System.Buffers.OperationStatus.Done ? key : throw new RefusedException(new Fault("session.unknown"));
    }
}
