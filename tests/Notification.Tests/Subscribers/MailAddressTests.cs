using Vigil.Notification.Subscribers;

namespace Vigil.Notification.Tests.Subscribers;

public class MailAddressTests
{
    [Theory]
    [InlineData("reader@example.org", "reader@example.org")]
    [InlineData("Rea.der+news@Example.ORG", "Rea.der+news@example.org")]
    [InlineData("o'neil_2@sub.example.museum", "o'neil_2@sub.example.museum")]
    [InlineData("reader@exämple.org", "reader@xn--exmple-cua.org")]
    [InlineData("reader@xn--exmple-cua.org", "reader@xn--exmple-cua.org")]
    [InlineData("reader@例え.jp", "reader@xn--r8jz45g.jp")]
    public void Plain_addresses_are_taken(string typed, string written)
    {
        Assert.True(MailAddress.TryRead(typed, out var address));
        Assert.Equal(written, address.Value);
        Assert.Equal(written.ToLowerInvariant(), address.Normal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("reader")]
    [InlineData("@example.org")]
    [InlineData("reader@")]
    [InlineData("reader@localhost")]
    [InlineData("reader@example")]
    [InlineData("reader@@example.org")]
    [InlineData("a@b@example.org")]
    [InlineData(" reader@example.org")]
    [InlineData("reader@example.org ")]
    [InlineData("rea der@example.org")]
    [InlineData("\"reader\"@example.org")]
    [InlineData("\"a\r\nRCPT TO:<x>\"@example.org")]
    [InlineData("reader(comment)@example.org")]
    [InlineData("Reader <reader@example.org>")]
    [InlineData("reader@[127.0.0.1]")]
    [InlineData("reader@127.0.0.1")]
    [InlineData("reader@example.org\r\nBcc: x@evil.example")]
    [InlineData("reader\0@example.org")]
    [InlineData(".reader@example.org")]
    [InlineData("rea..der@example.org")]
    [InlineData("reader.@example.org")]
    [InlineData("reader@-example.org")]
    [InlineData("reader@example-.org")]
    [InlineData("reader@exa_mple.org")]
    [InlineData("reader@example..org")]
    [InlineData("reader@example.org.")]
    [InlineData("user%other.example@example.org")]
    [InlineData("other.example!user@example.org")]
    [InlineData("réader@example.org")]
    [InlineData("a@example.org,b@example.org")]
    public void Anything_else_is_not(string? typed) => Assert.False(MailAddress.TryRead(typed, out _));

    [Fact]
    public void Long_ones_are_not()
    {
        Assert.True(MailAddress.TryRead(new string('a', 64) + "@example.org", out _));
        Assert.False(MailAddress.TryRead(new string('a', 65) + "@example.org", out _));
        Assert.False(MailAddress.TryRead("a@" + string.Join('.', Enumerable.Repeat(new string('b', 50), 5)) + ".org", out _));
        Assert.False(MailAddress.TryRead(new string('a', 10_000) + "@example.org", out _));
    }

    [Fact]
    public void It_never_prints_itself()
    {
        Assert.True(MailAddress.TryRead("reader@example.org", out var address));
        Assert.DoesNotContain("reader", $"{address}", StringComparison.Ordinal);
    }
}
