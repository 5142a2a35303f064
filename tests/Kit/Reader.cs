using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Vigil.Kit;

/// <summary>Somebody who wants an edition's news by mail, and does what the mails let them do.</summary>
public sealed partial class Reader(Platform platform, string edition, string? address = null)
{
    static int _made;

    [GeneratedRegex(@"https?://[^\s<>""]+/subscribe/confirm/[^\s<>""]+")]
    private static partial Regex ConfirmationLink();

    public string Address { get; } = address ?? $"reader{Interlocked.Increment(ref _made)}-{Guid.NewGuid().ToString()[..8]}@example.org";

    public IReadOnlyList<Mail> Mails => [.. platform.Mail.To(Address), .. platform.Pickup?.Mails.Where(m => m.To == Address) ?? []];

    /// <summary>Mails about stories, and not the one that asks for confirmation.</summary>
    public IReadOnlyList<Mail> News => [.. Mails.Where(m => m.Header("List-Unsubscribe-Post") is not null && !ConfirmationLink().IsMatch(m.Text))];

    public Task<Reply> Subscribe() => platform.As((string?)null).Send(HttpMethod.Post, "/api/notification/v1/subscriptions", new JsonObject { ["email"] = Address, ["edition"] = edition });

    /// <summary>Where the newest mail that asks for confirmation leads.</summary>
    public async Task<Uri> Link()
    {
        var mail = await Wait.Until(() => Task.FromResult(Mails.LastOrDefault(m => ConfirmationLink().IsMatch(m.Text))), m => m is not null, $"a mail that asks {Address} to confirm");
        return new Uri(ConfirmationLink().Match(mail!.Text).Value);
    }

    /// <summary>Subscribes, and presses the button behind the link.</summary>
    public async Task<Reader> Confirmed()
    {
        (await Subscribe()).Must(202);
        (await Follow(HttpMethod.Post, await Link())).Must(200);
        return this;
    }

    /// <summary>The address in a mail's List-Unsubscribe.</summary>
    public static Uri Unsubscribe(Mail mail) => new(mail.Header("List-Unsubscribe")!.Split(',').Select(a => a.Trim(' ', '<', '>')).First(a => a.StartsWith("http", StringComparison.Ordinal)));

    /// <summary>As a mail program does it (RFC 8058).</summary>
    public Task<Reply> OneClick(Mail mail) => Follow(HttpMethod.Post, Unsubscribe(mail), new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));

    public Task<Reply> Follow(HttpMethod method, Uri link, HttpContent? content = null) =>
        platform.Send(new HttpRequestMessage(method, platform.At(link.PathAndQuery, link.Host)) { Content = content });
}
