using System.Net;

namespace Vigil.Notification.Tests.Dispatch;

public sealed class PickupTests
{
    [Fact]
    public async Task Without_a_relay_mails_are_files_and_shown_only_where_development_is_on()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            await using var platform = await Installed.Start(("Notification__Smtp__Host", ""), ("Notification__Pickup", folder), ("Notification__SignUps__PerDomain", "2"));
            var domain = $"{Guid.NewGuid().ToString()[..8]}.example.net";
            var site = await Site.Open(platform);
            await Wait.PastTheTurn();
            for (var i = 1; i <= 3; i++)
            {
                (await new Reader(platform, site.Key, $"reader{i}@{domain}").Subscribe()).Must(202);
                await site.Settled();
                // A third of the same domain within the hour is answered alike, and nothing comes of it.
                Assert.Equal(Math.Min(i, 2), Directory.GetFiles(folder, "*.eml").Length);
            }
            Assert.Empty(Directory.GetFiles(folder, ".*"));
            (await platform.As(Account.Admin).Send(HttpMethod.Get, "/development/mail")).MustBe(404, "request.not-found");

            var service = platform[Services.Notification];
            await service.Stop();
            service.Set("Notification__Development", "true");
            await service.Start();
            var list = (await platform.Get(site.Key, "/development/mail")).Must(200);
            Assert.Contains($"reader1@{domain}", WebUtility.HtmlDecode(list.Text), StringComparison.Ordinal);
            var id = Path.GetFileNameWithoutExtension(Directory.GetFiles(folder, "*.eml")[0]);
            Assert.Contains("/subscribe/confirm/", (await platform.Get(site.Key, $"/development/mail/{id}")).Must(200).Text, StringComparison.Ordinal);
            (await platform.Get(site.Key, $"/development/mail/{Guid.NewGuid()}")).MustBe(404, "request.not-found");
            (await platform.Get(site.Key, "/development/mail/..%2f..%2fetc%2fpasswd")).MustBe(404, "request.not-found");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
