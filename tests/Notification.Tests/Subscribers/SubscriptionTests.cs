using Vigil.Hosting;
using Vigil.Kit;
using Vigil.Notification.Pages;
using Vigil.Notification.Subscribers;

namespace Vigil.Notification.Tests.Subscribers;

public class SubscriptionTests
{
    static readonly Guid Id = new("51111111-1111-4111-8111-111111111111");
    static readonly EditionKey Au = new("au");
    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    static SubscriptionRequested Requested(DateTimeOffset at) => new(Au, Language.En, Frequency.Immediate, Phrases.Wording, null, at);

    static readonly Story<Subscriber> Pending = Story<Subscriber>.Given(Id, Requested(Noon));
    static readonly Story<Subscriber> Confirmed = Pending.And(new SubscriptionConfirmed(Noon));
    static readonly Story<Subscriber> Left = Confirmed.And(new SubscriptionEnded(Farewell.Left, Noon));
    static readonly Story<Subscriber> Returned = Left.And(Requested(Noon.AddDays(1)));

    static Decision SignUp(Subscriber? subscriber, DateTimeOffset at) => Subscribe.Decide(subscriber, new(Au, Language.En, null, at));
    static Decision Confirm(Subscriber subscriber, int request, DateTimeOffset issued, DateTimeOffset at) => ConfirmSubscription.Decide(subscriber, new(request, issued, at));

    [Fact]
    public void A_stranger_is_asked_to_confirm() => Assert.Equal([Requested(Noon)], Assert.IsType<Decision.Recorded>(SignUp(null, Noon)).Events);

    [Fact]
    public void A_repeat_within_a_day_sends_no_second_mail() => Pending.When(s => SignUp(s, Noon.AddHours(23))).ThenNothing();

    [Fact]
    public void A_repeat_after_a_day_does() => Pending.When(s => SignUp(s, Noon.AddHours(24))).Then(Requested(Noon.AddHours(24)));

    [Fact]
    public void Who_is_subscribed_hears_nothing() => Confirmed.When(s => SignUp(s, Noon.AddYears(1))).ThenNothing();

    [Fact]
    public void Who_left_may_come_back_and_confirms_again() => Left.When(s => SignUp(s, Noon)).Then(Requested(Noon));

    [Fact]
    public void The_link_confirms_once_and_may_be_repeated() => Pending.When(s => Confirm(s, 1, Noon, Noon.AddDays(7))).Then(new SubscriptionConfirmed(Noon.AddDays(7)));

    [Fact]
    public void The_link_ends_after_seven_days() => Pending.When(s => Confirm(s, 1, Noon, Noon.AddDays(7).AddSeconds(1))).ThenRefused("subscription.link-expired");

    [Fact]
    public void Both_links_work_after_asking_twice()
    {
        var twice = Pending.And(Requested(Noon.AddDays(1)));
        twice.When(s => Confirm(s, 1, Noon, Noon.AddDays(2))).Then(new SubscriptionConfirmed(Noon.AddDays(2)));
        twice.When(s => Confirm(s, 2, Noon.AddDays(1), Noon.AddDays(2))).Then(new SubscriptionConfirmed(Noon.AddDays(2)));
    }

    [Fact]
    public void A_confirmed_link_says_so_however_old_it_is() => Confirmed.When(s => Confirm(s, 1, Noon, Noon.AddYears(1))).ThenNothing();

    [Fact]
    public void A_link_from_before_leaving_confirms_nothing()
    {
        Left.When(s => Confirm(s, 1, Noon, Noon)).ThenRefused("subscription.link-expired");
        Returned.When(s => Confirm(s, 1, Noon, Noon.AddDays(1))).ThenRefused("subscription.link-expired");
        Returned.When(s => Confirm(s, 2, Noon.AddDays(1), Noon.AddDays(1))).Then(new SubscriptionConfirmed(Noon.AddDays(1)));
    }

    [Fact]
    public void One_click_leaves() => Confirmed.When(s => Unsubscribe.Decide(s, Noon)).Then(new SubscriptionEnded(Farewell.Left, Noon));

    [Fact]
    public void One_click_cancels_what_is_pending()
    {
        Pending.When(s => Unsubscribe.Decide(s, Noon)).Then(new SubscriptionEnded(Farewell.Cancelled, Noon));
        Pending.And(new SubscriptionEnded(Farewell.Cancelled, Noon)).When(s => Confirm(s, 1, Noon, Noon)).ThenRefused("subscription.link-expired");
    }

    [Fact]
    public void Who_never_confirmed_is_forgotten()
    {
        Pending.When(s => LapseSubscription.Decide(s, Noon.AddDays(7))).ThenNothing();
        Pending.When(s => LapseSubscription.Decide(s, Noon.AddDays(8))).Then(new SubscriptionEnded(Farewell.Lapsed, Noon.AddDays(8)));
        Confirmed.When(s => LapseSubscription.Decide(s, Noon.AddYears(1))).ThenNothing();
        Left.When(s => LapseSubscription.Decide(s, Noon.AddYears(1))).ThenNothing();
    }
}
