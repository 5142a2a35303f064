using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using OtpNet;
using QRCoder;
using Vigil.Identity.Accounts;
using Vigil.Identity.Database;

namespace Vigil.Identity.SecondFactor;

/// <summary>Codes of six digits that change every half minute (RFC 6238, HMAC-SHA-1 as every program has it). The secret is kept sealed.</summary>
public sealed class Authenticator(IDataProtectionProvider protection)
{
    const int SecretSize = 20;
    static readonly TimeSpan Setup = TimeSpan.FromMinutes(15);

    readonly IDataProtector _kept = protection.CreateProtector("Vigil.Identity.Authenticator");

    /// <summary>What is shown to be typed or photographed, and what the page carries until the first code proves that it arrived.</summary>
    public sealed record Offer(string Secret, string Picture, string Sealed);

    ITimeLimitedDataProtector Offered(Account account) => protection.CreateProtector("Vigil.Identity.Authenticator.Offer", account.Id.ToString()).ToTimeLimitedDataProtector();

    public Offer Make(Account account, string? earlier = null)
    {
        var secret = earlier is null ? KeyGeneration.GenerateRandomKey(SecretSize) : Open(account, earlier) ?? KeyGeneration.GenerateRandomKey(SecretSize);
        var text = Base32Encoding.ToString(secret);
        using var code = new QRCodeGenerator().CreateQrCode($"otpauth://totp/Vigil:{Uri.EscapeDataString(account.UserName!)}?secret={text}&issuer=Vigil", QRCodeGenerator.ECCLevel.M);
        using var picture = new SvgQRCode(code);
        return new(string.Join(' ', text.Chunk(4).Select(c => new string(c))), picture.GetGraphic(4, "#000000", "#ffffff", sizingMode: SvgQRCode.SizingMode.ViewBoxAttribute), Convert.ToBase64String(Offered(account).Protect(secret, Setup)));
    }

    byte[]? Open(Account account, string offer)
    {
        try { return Offered(account).Unprotect(Convert.FromBase64String(offer)); }
        catch (Exception e) when (e is FormatException or System.Security.Cryptography.CryptographicException) { return null; }
    }

    /// <summary>The secret to keep and the step of the code that proved it; null: the code is wrong, or the offer too old.</summary>
    public (byte[] Kept, long Step)? Accept(Account account, string offer, string code, DateTimeOffset now) =>
        Open(account, offer) is { } secret && Step(secret, code, now) is { } step ? (_kept.Protect(secret), step) : null;

    /// <summary>Each code counts once, on however many instances it is shown at the same moment.</summary>
    public async Task<bool> Verify(Account account, string code, IdentityDatabase db, DateTimeOffset now, CancellationToken ct) =>
        account.Authenticator is { } kept && Step(_kept.Unprotect(kept), code, now) is { } step
        && await db.Users.Where(a => a.Id == account.Id && a.AuthenticatorStep < step).ExecuteUpdateAsync(s => s.SetProperty(a => a.AuthenticatorStep, step), ct) == 1;

    /// <summary>One step early or late is taken: clocks differ.</summary>
    static long? Step(byte[] secret, string code, DateTimeOffset now) =>
        new Totp(secret).VerifyTotp(now.UtcDateTime, new string([.. code.Where(char.IsAsciiDigit)]), out var step, new VerificationWindow(1, 1)) ? step : null;
}
