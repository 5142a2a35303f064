namespace Vigil.Browser;

/// <summary>What only shows when pages are taken together, from the front page on.</summary>
public sealed class SiteTests(Installed installed)
{
    [Theory, InlineData("au"), InlineData("de")]
    public async Task Every_link_leads_somewhere_and_every_page_has_a_title_of_its_own(string edition)
    {
        // Others end stories meanwhile: what was linked a moment ago may be gone, but then no page links there any more.
        var walk = await Wait.Until(() => Walk(edition), w => w.Broken.Length == 0, "every link leads somewhere");
        Assert.True(walk.Seen > 30, $"Only {walk.Seen} addresses were found.");
        Assert.Equal(walk.Titles.Distinct(), walk.Titles);
    }

    sealed record Walked(string Broken, int Seen, IReadOnlyList<string> Titles);

    async Task<Walked> Walk(string edition)
    {
        var start = new Uri(installed.Newsstand.Address(edition, "/"));
        Queue<Uri> ahead = new([start]);
        HashSet<Uri> seen = [start];
        List<string> broken = [], titles = [];
        while (ahead.TryDequeue(out var address))
        {
            var reply = await installed.Newsstand.Platform.Send(new HttpRequestMessage(HttpMethod.Get, address));
            if (reply.Status != 200) { broken.Add($"{reply.Status} {address}"); continue; }
            if (!reply.Headers["Content-Type"].StartsWith("text/html", StringComparison.Ordinal)) continue;
            using var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(reply.Text);
            // Further pages of a list are the same list.
            if (address.Query.Length == 0) titles.Add(document.Title!);
            foreach (var link in document.QuerySelectorAll("a[href], link[href]").Select(e => new Uri(address, e.GetAttribute("href"))))
                if (link.Authority == start.Authority && link.Scheme == start.Scheme && seen.Add(new Uri(link.GetLeftPart(UriPartial.Query)))) ahead.Enqueue(new Uri(link.GetLeftPart(UriPartial.Query)));
        }
        return new(string.Join(", ", broken), seen.Count, titles);
    }
}
