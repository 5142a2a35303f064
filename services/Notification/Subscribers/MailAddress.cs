using System.Globalization;
using System.Text.RegularExpressions;

namespace Vigil.Notification.Subscribers;

/// <summary>
/// A mail address of the plain kind, fit for the envelope of any relay: a dot-atom of ASCII (RFC 5321 §4.1.2) and a domain name of at
/// least two labels in its ASCII form. No quotes, comments, address literals, line breaks or routes.
/// </summary>
public readonly partial record struct MailAddress
{
    const int Longest = 254;
    const int LongestLocalPart = 64;

    static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    // Without % and !, by which some relays are made to send on to a third party.
    [GeneratedRegex(@"\A[A-Za-z0-9#$&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9#$&'*+/=?^_`{|}~-]+)*\z")]
    private static partial Regex LocalPart();

    [GeneratedRegex(@"\A([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])\z")]
    private static partial Regex DomainName();

    MailAddress(string local, string domain) => (Value, Domain) = ($"{local}@{domain}", domain);

    /// <summary>As it is written on the envelope.</summary>
    public string Value { get; }
    public string Domain { get; }
    /// <summary>The same for every way of writing the address in large and small letters.</summary>
    public string Normal => Value.ToLowerInvariant();

    public static bool TryRead(string? text, out MailAddress address)
    {
        address = default;
        if (text is null || text.Length > Longest || text.Any(char.IsControl)) return false;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at is < 1 or > LongestLocalPart || !LocalPart().IsMatch(text[..at])) return false;
        string domain;
        try { domain = Idn.GetAscii(text[(at + 1)..]).ToLowerInvariant(); }
        catch (ArgumentException) { return false; }
        if (!DomainName().IsMatch(domain)) return false;
        address = new(text[..at], domain);
        return address.Value.Length <= Longest;
    }

    /// <summary>Never the address: what is printed may be logged.</summary>
    public override string ToString() => "(address)";
}
