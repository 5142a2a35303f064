using System.Security.Cryptography;
using Vigil.Hosting;
using Vigil.Notification.Subscribers;

namespace Vigil.Notification.Tests.Subscribers;

public class LinksTests
{
    static readonly Seal Seal = new(SHA256.HashData("one secret"u8)), Other = new(SHA256.HashData("another"u8));
    static readonly Guid Ann = new("a1111111-1111-4111-8111-111111111111"), Bob = new("b1111111-1111-4111-8111-111111111111");
    static readonly EditionKey Au = new("au"), De = new("de");
    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_link_to_leave_is_for_one_reader_and_one_edition()
    {
        var link = Links.ToLeave(Seal, Ann, Au);
        Assert.Equal(Ann, Links.WhoLeaves(link));
        Assert.True(Links.MayLeave(Seal, link, Ann, Au));
        Assert.False(Links.MayLeave(Seal, link, Bob, Au));
        Assert.False(Links.MayLeave(Seal, link, Ann, De));
        Assert.False(Links.MayLeave(Other, link, Ann, Au));
        Assert.Equal(link, Links.ToLeave(Seal, Ann, Au));
    }

    [Fact]
    public void A_link_to_confirm_says_which_request_it_is_for()
    {
        var link = new Links.Confirmation(Ann, 3, Noon);
        var token = Links.ToConfirm(Seal, link);
        Assert.Equal(link, Links.ReadConfirmation(Seal, token));
        Assert.Null(Links.ReadConfirmation(Other, token));
    }

    [Fact]
    public void No_link_can_be_used_as_another_or_altered()
    {
        var leave = Links.ToLeave(Seal, Ann, Au);
        var confirm = Links.ToConfirm(Seal, new(Ann, 1, Noon));
        Assert.Null(Links.ReadConfirmation(Seal, leave));
        Assert.False(Links.MayLeave(Seal, confirm, Ann, Au));
        for (var i = 0; i < leave.Length - 1; i++) Assert.False(Links.MayLeave(Seal, Altered(leave, i), Ann, Au));
        for (var i = 0; i < confirm.Length - 1; i++) Assert.Null(Links.ReadConfirmation(Seal, Altered(confirm, i)));

        static string Altered(string token, int at) => token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..];
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("====")]
    [InlineData("../../etc/passwd")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Nonsense_is_nobodys(string token)
    {
        Assert.Null(Links.ReadConfirmation(Seal, token));
        Assert.False(Links.MayLeave(Seal, token, Ann, Au));
    }

    [Fact]
    public void An_address_opens_for_its_owner_only()
    {
        var sealedAddress = Seal.Close(Ann, "reader@example.org");
        Assert.Equal("reader@example.org", Seal.Open(Ann, sealedAddress));
        Assert.ThrowsAny<CryptographicException>(() => Seal.Open(Bob, sealedAddress));
        Assert.ThrowsAny<CryptographicException>(() => Other.Open(Ann, sealedAddress));
        Assert.ThrowsAny<CryptographicException>(() => Seal.Open(Ann, [.. sealedAddress[..^1], (byte)(sealedAddress[^1] ^ 1)]));
        Assert.ThrowsAny<CryptographicException>(() => Seal.Open(Ann, []));
        Assert.NotEqual(sealedAddress, Seal.Close(Ann, "reader@example.org"));
    }

    [Fact]
    public void An_address_is_found_in_any_case_but_not_across_editions()
    {
        Assert.True(MailAddress.TryRead("Reader@Example.org", out var one) & MailAddress.TryRead("reader@example.ORG", out var two));
        Assert.Equal(Seal.Find(Au, one), Seal.Find(Au, two));
        Assert.NotEqual(Seal.Find(Au, one), Seal.Find(De, one));
        Assert.NotEqual(Seal.Find(Au, one), Other.Find(Au, one));
    }

    [Fact]
    public void A_short_secret_is_refused() => Assert.Throws<ArgumentException>(() => new Seal(new byte[31]));
}
