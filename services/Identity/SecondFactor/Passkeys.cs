using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Vigil.Hosting;
using Vigil.Identity.Accounts;
using Vigil.Identity.Database;
using Vigil.Identity.SignIn;

namespace Vigil.Identity.SecondFactor;

/// <summary>
/// Keys that sign for the issuer's host alone, so that there is nothing to give away on a false page (WebAuthn Level 3). What is signed is
/// verified by the framework; that each challenge counts once, and for whom, is seen to here.
/// </summary>
public sealed class Passkeys(IPasskeyHandler<Account> handler, IdentityDatabase db, IDataProtectionProvider protection, Settings settings, TimeProvider clock, ILogger<Passkey> log)
{
    static readonly JsonSerializerOptions Strict = MakeStrict();

    /// <param name="Options">What the browser is asked.</param>
    /// <param name="Sealed">What the page carries until it is answered, on whatever instance.</param>
    public sealed record Challenge(string Options, string Sealed);

    // What our script sends and no more.
    sealed record Sent<T>(string Id, string RawId, string Type, T Response, Nothing ClientExtensionResults);
    sealed record Made(string ClientDataJSON, string AttestationObject, string[] Transports);
    sealed record Signed(string ClientDataJSON, string AuthenticatorData, string Signature, string? UserHandle = null);
    sealed record Nothing;

    public static void Configure(IdentityPasskeyOptions o, Settings settings)
    {
        var origin = settings.Issuer.GetLeftPart(UriPartial.Authority);
        o.ServerDomain = settings.Issuer.Host;
        o.ValidateOrigin = said => ValueTask.FromResult(said is { CrossOrigin: false, TopOrigin: null } && said.Origin == origin);
        // A key that was taken away opens nothing without its PIN or finger, not even beside a password that was watched.
        o.UserVerificationRequirement = "required";
        o.AttestationConveyancePreference = "none";
        // The password has said who it is: a key need not hold the account's name for whoever takes it away.
        o.ResidentKeyRequirement = "discouraged";
        o.AuthenticatorTimeout = settings.ChallengeLifetime;
    }

    public async Task<Challenge> ToAdd(HttpContext http, Session session)
    {
        var account = session.Account;
        var asked = await handler.MakeCreationOptionsAsync(new() { Id = account.Id.ToString(), Name = account.UserName!, DisplayName = account.UserName! }, http);
        return new(asked.CreationOptionsJson, Close(account, session.Id, asked.AttestationState!));
    }

    /// <summary>The passkey that answers the challenge; null: it does not. Kept with the account's next stamp, after which the challenge opens no more.</summary>
    public async Task<Passkey?> Add(HttpContext http, Session session, IFormCollection form, string name)
    {
        if (Read<Made>(session.Account, session.Id, form) is not var (answer, state, _)) return null;
        var result = await handler.PerformAttestationAsync(new() { HttpContext = http, CredentialJson = answer, AttestationState = state });
        if (result is not { Succeeded: true, Passkey: var made }) return null;
        return new()
        {
            Id = made.CredentialId, AccountId = session.Account.Id, Name = name, PublicKey = made.PublicKey, SignCount = made.SignCount, Transports = [.. made.Transports ?? []],
            IsBackupEligible = made.IsBackupEligible, Added = clock.GetUtcNow(),
        };
    }

    public async Task<Challenge> ToUse(HttpContext http, Account account, string signIn)
    {
        var asked = await handler.MakeRequestOptionsAsync(account, http);
        return new(asked.RequestOptionsJson, Close(account, signIn, asked.AssertionState!));
    }

    /// <summary>Whether a passkey of the account answers the challenge. Each counts once, on however many instances it arrives.</summary>
    public async Task<bool> Verify(HttpContext http, Account account, string signIn, IFormCollection form)
    {
        if (Read<Signed>(account, signIn, form) is not var (answer, state, at)) return false;
        var result = await handler.PerformAssertionAsync(new() { HttpContext = http, CredentialJson = answer, AssertionState = state });
        if (!result.Succeeded) return false;

        var (id, count, now) = (result.Passkey.CredentialId, (long)result.Passkey.SignCount, clock.GetUtcNow());
        if (await db.Users.Where(a => a.Id == account.Id && (a.PasskeyChallenge == null || a.PasskeyChallenge < at)).ExecuteUpdateAsync(s => s.SetProperty(a => a.PasskeyChallenge, at), http.RequestAborted) == 0) return false;
        if (await db.Passkeys.Where(p => p.Id == id && p.AccountId == account.Id && (p.SignCount < count || p.SignCount == 0 && count == 0))
            .ExecuteUpdateAsync(s => s.SetProperty(p => p.SignCount, count).SetProperty(p => p.Used, now), http.RequestAborted) == 1) return true;
        log.LogWarning("The counter of a passkey went back, so it may have been copied (account {Account})", account.Id);
        return false;
    }

    /// <summary>For one account as it is now, in one browser.</summary>
    ITimeLimitedDataProtector Seal(Account account, string browser) =>
        protection.CreateProtector("Vigil.Identity.Passkeys", account.Id.ToString(), account.SecurityStamp!, browser).ToTimeLimitedDataProtector();

    string Close(Account account, string browser, string state) =>
        Seal(account, browser).Protect($"{clock.GetUtcNow().UtcTicks.ToString(CultureInfo.InvariantCulture)} {state}", settings.ChallengeLifetime);

    /// <summary>What a form answers, to which challenge, and when that was made.</summary>
    (string Answer, string State, DateTimeOffset At)? Read<T>(Account account, string browser, IFormCollection form)
    {
        try
        {
            var (answer, opened) = (form["credential"].ToString(), Seal(account, browser).Unprotect(form["challenge"].ToString()).Split(' ', 2));
            return JsonSerializer.Deserialize<Sent<T>>(answer, Strict) is null ? null : (answer, opened[1], new(long.Parse(opened[0], CultureInfo.InvariantCulture), TimeSpan.Zero));
        }
        catch (Exception e) when (e is JsonException or FormatException or CryptographicException) { return null; }
    }

    static JsonSerializerOptions MakeStrict()
    {
        var json = new JsonSerializerOptions();
        Json.Strict(json);
        return json;
    }
}
