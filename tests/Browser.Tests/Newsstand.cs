using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vigil.Contracts.Authoring;

namespace Vigil.Browser;

/// <summary>What there is to read: stories as a newsroom writes them, short and long, in four languages, and one that was taken down.</summary>
public sealed partial class Newsstand
{
    public const string Full = "winter-in-the-valley", Minimal = "a-short-notice", Arabic = "arabic", Farsi = "farsi", German = "fruehling", Removed = "no-longer-here";
    public const string Corrected = "a-lamp-in-the-window", CorrectedArabic = "arabic-corrected", Retracted = "the-eleventh-bridge";

    /// <summary>The newest are the ones to look at; these fill the pages behind.</summary>
    const int Older = 21;

    [GeneratedRegex(@"https?://[^\s<>""]+/subscribe/confirm/[^\s<>""]+")]
    private static partial Regex ConfirmationLink();

    readonly IReadOnlyDictionary<string, string> _tokens;
    readonly Newsroom _writer, _editor;

    public Platform Platform { get; }

    /// <summary>What the newsroom has on its desk: live, waiting for approval, approved, and one that others change.</summary>
    public Guid Live { get; private set; }
    public Guid InReview { get; private set; }
    public Guid Approved { get; private set; }
    public Guid Contested { get; private set; }

    Newsstand(Platform platform, IReadOnlyDictionary<string, string> tokens)
    {
        (Platform, _tokens) = (platform, tokens);
        (_writer, _editor) = (platform.As(tokens["writer"]), platform.As(tokens["editor"]));
        (_confirmation, _invitation, _holder) = (new(Subscribe), new(Invite), new(Hold));
    }

    public static async Task<Newsstand> Fill(Platform platform)
    {
        var accounts = new[] { "writer", "editor", "editor2", "safety", "duty" };
        var tokens = accounts.Zip(await Task.WhenAll(accounts.Select(platform.SignIn))).ToDictionary();
        var newsstand = new Newsstand(platform, tokens);
        await Task.WhenAll(Enumerable.Range(1, Older).Select(n => newsstand.Publish(Another(n))));
        var removed = await newsstand.Publish(Kit.Draft.Minimal("This should not have been printed", "au").With("slug", Removed));
        // What never went live is not gone: it was never there.
        await Wait.Until(() => platform.Get("au", $"/news/{Removed}"), page => page.Status == 200, "the story that is to go");
        (await platform.As(tokens["safety"]).TakeDown(removed, "names a place")).Must(200);
        foreach (var story in new[] { InGerman(), InFarsi(), Notice(), InArabic() }) await newsstand.Publish(story);
        newsstand.Live = await newsstand.Publish(Winter());
        await newsstand.TellOfChanges();
        (newsstand.Contested, newsstand.InReview, newsstand.Approved) = (await newsstand.Draft(Another(30)), await newsstand.Draft(Another(31)), await newsstand.Draft(Another(32)));
        foreach (var id in new[] { newsstand.InReview, newsstand.Approved }) (await newsstand._writer.Submit(id)).Must(200);
        (await newsstand._editor.Approve(newsstand.Approved)).Must(200);
        foreach (var (edition, slug, status) in new[] { ("au", Full, 200), ("de", Full, 200), ("de", German, 200), ("au", Removed, 410), ("au", Corrected, 200), ("de", Corrected, 200), ("au", CorrectedArabic, 200) })
            await Wait.Until(() => platform.Get(edition, $"/news/{slug}"), page => page.Status == status, $"{status} for {slug} in {edition}");
        await Wait.Until(() => platform.Get("au", "/news"), page => page.Text.Contains("rel=\"next\"", StringComparison.Ordinal), "a second page of news");
        return newsstand;
    }

    public string Address(string? edition, string path) => Platform.At(path, edition is null ? null : $"{edition}.localhost").ToString();

    // Made once: pages to look at, not to use up.
    readonly Lazy<Task<(Uri Mail, string Link)>> _confirmation;
    readonly Lazy<Task<string>> _invitation;
    readonly Lazy<Task<Staff>> _holder;

    public async Task<string> Confirmation() => (await _confirmation.Value).Link;
    public async Task<Uri> MailWithConfirmation() => (await _confirmation.Value).Mail;
    public Task<string> Invitation() => _invitation.Value;
    /// <summary>Somebody whom the password alone does not let in.</summary>
    public Task<Staff> Holder() => _holder.Value;

    async Task<Staff> Hold()
    {
        var person = await Staff.Join(Platform, Platform.As(Account.Admin), "writer");
        await Platform.Query<bool>("update identity.\"Accounts\" set \"Authenticator\" = '\\x00' where \"Id\" = $1 returning true", person.Id);
        return person;
    }

    /// <summary>Somebody new who has passkeys, and a recovery code.</summary>
    public async Task<(Staff Person, string Code)> Keeper()
    {
        const string code = "abcde-fghij";
        var person = await Staff.Join(Platform, Platform.As(Account.Admin), "writer");
        foreach (var (name, used) in new[] { ("Telephone", "'2026-03-05'"), ("The blue key that lies in the second drawer, below the blankets", "null") })
            await Platform.Query<bool>($"""
                insert into identity."Passkeys" ("Id", "AccountId", "Name", "PublicKey", "SignCount", "Transports", "IsBackupEligible", "Added", "Used")
                values ($1, $2, $3, '\x00', 0, array['internal'], true, '2026-03-01', {used}) returning true
                """, RandomNumberGenerator.GetBytes(16), person.Id, name);
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{person.Id} {code.Replace("-", "", StringComparison.Ordinal)}")));
        await Platform.Query<bool>("update identity.\"Accounts\" set \"RecoveryCodes\" = array[$2] where \"Id\" = $1 returning true", person.Id, hash);
        return (person, code);
    }

    async Task<(Uri, string)> Subscribe()
    {
        const string reader = "a.reader.with.quite.a.long.address@correspondence.example.org";
        (await Platform.As((string?)null).Send(HttpMethod.Post, "/api/notification/v1/subscriptions", new JsonObject { ["email"] = reader, ["edition"] = "au" })).Must(202);
        var mail = await Mail(reader, "confirm");
        var page = await Platform.Send(new HttpRequestMessage(HttpMethod.Get, mail));
        return (mail, ConfirmationLink().Match(page.Text).Value);
    }

    async Task<string> Invite()
    {
        var made = await Platform.As(Account.Admin).Send(HttpMethod.Post, "/identity/accounts", new JsonObject { ["userName"] = "newcomer", ["roles"] = new JsonArray("writer") });
        return made.Must(201)["invitation"].GetProperty("link").GetString()!;
    }

    /// <summary>Where the newest mail to a reader is shown, once there is one whose subject has these words.</summary>
    public async Task<Uri> Mail(string reader, string subject)
    {
        var list = Platform.At("/development/mail");
        var row = new Regex($@"<tr><td><a href=""([^""]+)"">[^<]*{Regex.Escape(subject)}[^<]*</a></td><td>[^<]*{Regex.Escape(reader)}");
        var page = await Wait.Until(() => Platform.Send(new HttpRequestMessage(HttpMethod.Get, list)), p => row.IsMatch(p.Text), $"a mail to {reader}");
        return new Uri(list, row.Match(page.Text).Groups[1].Value);
    }

    /// <summary>From now on this account asks for what the window shows.</summary>
    public Task SignIn(IPage page, string account) => page.Context.SetExtraHTTPHeadersAsync(new Dictionary<string, string> { ["Authorization"] = $"Bearer {_tokens[account]}" });

    /// <summary>Somebody else saves another version of the contested story.</summary>
    public async Task Overtake() =>
        (await _editor.Revise(Contested, (await _editor.Read(Contested)).Must(200).Version, Another(33).With("standfirst", $"Saved by a colleague at {Guid.NewGuid()}."))).Must(200);

    async Task<Guid> Draft(JsonObject story) => (await _writer.Draft(story)).Must(201).Id;

    public async Task<Guid> Publish(JsonObject story)
    {
        var id = await Draft(story);
        (await _writer.Submit(id)).Must(200);
        (await _editor.Approve(id)).Must(200);
        (await _editor.Publish(id)).Must(200);
        return id;
    }

    /// <summary>Corrections and a retraction, said as Authoring says them.</summary>
    async Task TellOfChanges()
    {
        var at = new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.Zero);
        ReleasedText text = new()
        {
            Headline = "A lamp in the window, and what it meant to those who walked by", Standfirst = "For eleven years nobody in the street knew what the lamp meant.", Language = "en", Slug = Corrected, Countries = ["KP"],
            Body = [new("<p>Every evening at six she put the lamp in the window.</p><p>When it was dark, nobody came. When it was lit, they came one by one.</p>", null, null)],
        };
        ArticleReleased corrected = new()
        {
            ArticleId = Guid.NewGuid(), Version = 4, Kind = ReleaseKind.Correction, Editions = ["au", "de"], At = at.AddDays(9), FirstPublished = at, Modified = at.AddDays(9), TextHash = "corrected", Text = text,
            Corrections =
            [
                new(at.AddDays(1), CorrectionClass.Fact, "An earlier version of this story said that the lamp stood in the window for nine years. It was eleven.\nWe are sorry for the mistake."),
                new(at.AddDays(3), CorrectionClass.Clarity, "It is now clearer who lit the lamp."),
                new(at.AddDays(9), CorrectionClass.Update, "The street has a name again: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsweg."),
            ],
        };
        await Platform.Wire.Publish(corrected);
        await Platform.Wire.Publish(corrected with
        {
            ArticleId = Guid.NewGuid(), Editions = ["au"], TextHash = "corrected-arabic",
            Text = text with { Headline = "مصباح في النافذة", Standfirst = null, Language = "ar", Slug = CorrectedArabic, Body = [new("<p>كل مساء كانت تضع المصباح في النافذة.</p>", null, null)] },
            Corrections = [new(at.AddDays(2), CorrectionClass.Fact, "ذكرنا أن المصباح بقي تسع سنوات، والصحيح إحدى عشرة.")],
        });
        var retracted = corrected with { ArticleId = Guid.NewGuid(), Kind = ReleaseKind.First, TextHash = "retracted", Modified = null, Corrections = [], Text = text with { Headline = "The eleventh bridge was never built", Slug = Retracted } };
        await Platform.Wire.Publish(retracted);
        foreach (var edition in new[] { "au", "de" }) await Wait.Until(() => Platform.Get(edition, $"/news/{Retracted}"), page => page.Status == 200, $"the story that is to be retracted in {edition}");
        await Platform.Wire.Publish(new ArticleRetracted
        {
            ArticleId = retracted.ArticleId, Version = 5, At = at.AddDays(12), NoticeHash = "notice",
            Notice = new("We can no longer stand by this story. The bridge was built, and those who told us otherwise had not been there.\nWe have taken the text from this page and asked our partners to do the same.", "Two of three accounts were made up, and we did not check them as our rules demand."),
        });
        foreach (var edition in new[] { "au", "de" }) await Wait.Until(() => Platform.Get(edition, "/corrections"), page => page.Text.Contains("We can no longer", StringComparison.Ordinal), $"the retraction in {edition}");
    }

    static JsonObject Winter() => Kit.Draft.Full("After the third winter without a harvest, families along the river valley share bread, firewood and a secondhand radio, and open their doors to those who walked over the mountains", "au", "de")
        .With("slug", Full)
        .With("standfirst", "“We had nothing left to be afraid of,” says a grandmother who has taken eleven strangers into two rooms. What began with one knock at night has become the way a whole valley lives.")
        .With("countries", new JsonArray("KP", "ER", "CD", "LA"))
        .With("topics", new JsonArray("Winter relief", "Families", "Freedom of religion or belief", "Überleben"))
        .With("body", """
            The road ends at the bridge. Beyond it there is a path, and beyond the path, when the snow allows, there are *four villages* that share **one** doctor and [one school](https://example.org/school).

            {quotation 1}

            ## What a household needs

            | Goods | Needed for one household in a winter | Arrived by November | Missing |
            |---|---|---|---|
            | Flour | 120 kilograms | 45 kilograms | 75 kilograms |
            | Firewood | 6 cubic metres | 2 cubic metres | 4 cubic metres |
            | Antibiotics (broad-spectrum) | 3 courses | none | 3 courses |

            - Firewood comes first.
            - Then flour, then oil:
                - sunflower oil where there is any,
                - otherwise what was pressed in autumn.

            1. Knock twice.
            2. Wait for the light to go out.

            > An old proverb of the valley says that bread which is counted grows stale before it is eaten.

            {quotation 2}

            ### How the radio is tuned

            The dial is set with a note that hangs on the wall:

            ```
            frequency = 9.650 MHz   # evenings only, after the generator of the mill has been switched off for the night
            antenna   = "copper wire, 12 m, from the chimney to the walnut tree"
            ```

            The village association calls itself Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsverordnungsentwurfskommission, and nobody knows why; its address is https://example.org/a/very/long/address/that/nobody/would/type/by/hand/and/that/has/no/place/to/break?session=0123456789abcdef0123456789abcdef0123456789abcdef.

            {call 1}

            In spring the path will open again.
            """)
        .With("quotations", new JsonArray(
            new JsonObject { ["text"] = "We counted the loaves, and then we stopped counting. There was always one more than we thought.", ["attribution"] = "named", ["as"] = "Marta Velen, grandmother" },
            new JsonObject { ["text"] = "They did not ask who we were.", ["attribution"] = "described", ["as"] = "a father of three who crossed the mountains in October" },
            new JsonObject { ["text"] = "If they come back, we will leave at night. Until then we sing.", ["attribution"] = "withheld" }))
        .With("prayerPoints", new JsonObject
        {
            ["lead"] = "For the families of the valley:",
            ["points"] = new JsonArray("That the path stays open until the medicine has come through.", "For those who opened their doors, and for those who still wait to be asked in.", "For the children, who have not been to school since the first snow fell in September."),
        })
        .With("related", new JsonArray(
            new JsonObject { ["title"] = "What a winter parcel holds, and what it costs", ["url"] = "https://example.org/parcel", ["call"] = "See the list" },
            new JsonObject { ["title"] = "The year in the mountains, in numbers", ["url"] = "https://example.org/numbers" }))
        .With("disclosures", new JsonArray("names-changed", "details-changed", "place-withheld"));

    static JsonObject Notice() => Kit.Draft.Minimal("School reopens", "au", "de").With("slug", Minimal);

    static JsonObject InArabic() => Kit.Draft.Full("عائلات الوادي تتقاسم الخبز والحطب بعد شتاء ثالث بلا حصاد", "au").With("slug", Arabic).With("language", "ar")
        .With("standfirst", "فتحت جدة بابها لأحد عشر غريبا، وصار بيتها بيتا للجميع.")
        .With("body", "ينتهي الطريق عند الجسر، وبعده درب ضيق تغطيه الثلوج.\n\n{quotation 1}\n\nفي الربيع سيفتح الدرب من جديد.\n\n{call 1}")
        .With("byline", new JsonObject { ["kind"] = "named", ["name"] = "ليلى حداد" })
        .With("countries", new JsonArray("SY", "IQ"))
        .With("topics", new JsonArray("Families"))
        .With("quotations", new JsonArray(new JsonObject { ["text"] = "لم يسألونا من نحن.", ["attribution"] = "withheld" }))
        .With("prayerPoints", new JsonObject { ["lead"] = "من أجل عائلات الوادي:", ["points"] = new JsonArray("من أجل الذين فتحوا أبوابهم.", "من أجل الأطفال.") })
        .With("related", new JsonArray(new JsonObject { ["title"] = "ماذا يوجد في الطرد", ["url"] = "https://example.org/parcel" }));

    static JsonObject InFarsi() => Kit.Draft.Minimal("زمستانی دیگر در دره: نان برای همه", "de").With("slug", Farsi).With("language", "fa").With("countries", new JsonArray("IR"))
        .With("standfirst", "همسایه‌ها درها را باز کردند.").With("body", "جاده در کنار پل تمام می‌شود.");

    static JsonObject InGerman() => Kit.Draft.Full("Frühling in Übersee: Größere Gärten für Ärmere – Nachbarschaftshilfeorganisationen säen früher als üblich", "de").With("slug", German).With("language", "de")
        .With("standfirst", "Wo voriges Jahr nichts wuchs, stehen heute Setzlinge. „Wir fragen nicht, wem das Beet gehört“, sagt die Gärtnerin.")
        .With("body", "Die Straße endet an der Brücke; dahinter führt ein Weg weiter.\n\n## Säen und ernten\n\n{quotation 1}\n\nIm Mai wird wieder gepflügt.")
        .With("countries", new JsonArray("ET", "CF"))
        .With("topics", new JsonArray("Überleben", "Gärten"))
        .With("quotations", new JsonArray(new JsonObject { ["text"] = "Für uns ist genug da, und für die Nächsten auch.", ["attribution"] = "described", ["as"] = "eine Gärtnerin" }))
        .With("prayerPoints", new JsonObject { ["lead"] = "Für die Gärtnerinnen und Gärtner:", ["points"] = new JsonArray("Dass der Regen rechtzeitig kommt.", "Für alle, die ihr Land verlassen mussten.") })
        .With("related", null).With("byline", null);

    static JsonObject Another(int n)
    {
        string[] headlines = ["A library on a bicycle reaches the last village", "Court hears the case of the bakers’ association", "Teachers return to the northern schools", "“Nobody told us the well was ours”", "Markets open after forty days of curfew", "Night buses run again", "Two sisters, one sewing machine"];
        string[] countries = ["NG", "ER", "KP", "IN", "MM", "CD", "KM"];
        return Kit.Draft.Minimal($"{headlines[n % headlines.Length]} ({n})", "au", "de").With("countries", new JsonArray(countries[n % countries.Length])).With("topics", new JsonArray("Families"))
            .With("standfirst", n % 3 == 0 ? null : "What changed, who changed it, and what the people who live there say about the months ahead.");
    }
}
