using MailKit.Net.Smtp;
using Vigil.Notification.Dispatch;

namespace Vigil.Notification.Tests.Dispatch;

public class DeliveryTests
{
    static readonly Guid Mailing = new("a1111111-1111-4111-8111-111111111111"), Ann = new("b1111111-1111-4111-8111-111111111111"), Mark = new("c1111111-1111-4111-8111-111111111111");

    static Delivery Tried(int times) => new(Mailing, Ann, 0, times);

    [Fact]
    public void A_mail_has_the_same_id_on_every_try_and_no_other_has_it()
    {
        Assert.Equal(Tried(1).Letter, Tried(5).Letter);
        Assert.NotEqual(Tried(1).Letter, (Tried(1) with { Subscriber = Mailing }).Letter);
        Assert.NotEqual(Tried(1).Letter, (Tried(1) with { Request = 1 }).Letter);
        Assert.NotEqual((Tried(1) with { Request = 1 }).Letter, (Tried(1) with { Request = 2 }).Letter);
    }

    [Fact]
    public void The_tries_take_about_a_day()
    {
        var whole = TimeSpan.Zero;
        var tries = 1;
        for (; Delivery.PauseAfter(tries) is { } pause; tries++) whole += pause;
        Assert.InRange(whole, TimeSpan.FromHours(22), TimeSpan.FromHours(26));
        Assert.Equal(10, tries);
    }

    [Fact]
    public void Each_answer_ends_as_it_must()
    {
        Assert.Equal(new Result(Tried(1), Mark, DeliveryState.Sent), SendMail.Judge(Tried(1), Mark, new Answer.Accepted()));
        Assert.Equal(new Result(Tried(1), Mark, DeliveryState.Failed, Reason.AddressRefused), SendMail.Judge(Tried(1), Mark, new Answer.Refused(Reason.AddressRefused)));
        Assert.Equal(new Result(Tried(1), Mark, DeliveryState.Pending, Pause: TimeSpan.FromMinutes(1)), SendMail.Judge(Tried(1), Mark, new Answer.Later()));
        Assert.Equal(new Result(Tried(2), Mark, DeliveryState.Pending, Pause: TimeSpan.FromMinutes(5), Unsure: true), SendMail.Judge(Tried(2), Mark, new Answer.Broken(Unsure: true)));
        Assert.Equal(new Result(Tried(10), Mark, DeliveryState.Failed, Reason.GaveUp), SendMail.Judge(Tried(10), Mark, new Answer.Later()));
        Assert.Equal(new Result(Tried(10), Mark, DeliveryState.Failed, Reason.Unsure), SendMail.Judge(Tried(10), Mark, new Answer.Broken(Unsure: true)));
    }

    [Theory]
    [InlineData(SmtpErrorCode.RecipientNotAccepted, 550, Reason.AddressRefused)]
    [InlineData(SmtpErrorCode.RecipientNotAccepted, 553, Reason.AddressRefused)]
    [InlineData(SmtpErrorCode.MessageNotAccepted, 552, Reason.MessageRefused)]
    [InlineData(SmtpErrorCode.MessageNotAccepted, 554, Reason.MessageRefused)]
    public void A_refusal_for_good_fails_one_mail(SmtpErrorCode about, int status, Reason reason) => Assert.Equal(new Answer.Refused(reason), SmtpOutlet.Judge(about, status));

    [Theory]
    [InlineData(SmtpErrorCode.RecipientNotAccepted, 450)]
    [InlineData(SmtpErrorCode.RecipientNotAccepted, 451)]
    [InlineData(SmtpErrorCode.MessageNotAccepted, 452)]
    public void A_refusal_for_now_is_tried_later(SmtpErrorCode about, int status) => Assert.Equal(new Answer.Later(), SmtpOutlet.Judge(about, status));

    [Theory]
    [InlineData(SmtpErrorCode.SenderNotAccepted, 550)]
    [InlineData(SmtpErrorCode.SenderNotAccepted, 451)]
    [InlineData(SmtpErrorCode.RecipientNotAccepted, 421)]
    [InlineData(SmtpErrorCode.UnexpectedStatusCode, 503)]
    public void Trouble_with_the_relay_is_no_readers_fault(SmtpErrorCode about, int status) => Assert.Equal(new Answer.Broken(Unsure: false), SmtpOutlet.Judge(about, status));
}
