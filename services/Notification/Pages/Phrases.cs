namespace Vigil.Notification.Pages;

/// <summary>The languages that pages and mails can be written in.</summary>
public enum Language { En, De }

/// <summary>What pages and mails say around the newsroom's own words. <c>{0}</c> is the name of the edition.</summary>
public sealed record Phrases
{
    /// <summary>Counts the wordings of the sign-up: a subscriber's history says which one was agreed to.</summary>
    public const int Wording = 1;

    public required string Tag { get; init; }

    public required string SkipToContent { get; init; }

    public required string SignUpTitle { get; init; }
    public required string SignUpLead { get; init; }
    public required string Address { get; init; }
    public required string BadAddress { get; init; }
    public required string SignUpButton { get; init; }
    public required string SignUpPromise { get; init; }
    public required string LeaveEmpty { get; init; }
    public required string CheckTitle { get; init; }
    public required string CheckText { get; init; }

    public required string ConfirmTitle { get; init; }
    public required string ConfirmText { get; init; }
    public required string ConfirmButton { get; init; }
    public required string ConfirmedTitle { get; init; }
    public required string ConfirmedText { get; init; }
    public required string UnknownLinkTitle { get; init; }
    public required string UnknownLinkText { get; init; }
    public required string ExpiredLinkTitle { get; init; }
    public required string ExpiredLinkText { get; init; }
    public required string SignUpAgain { get; init; }

    public required string LeaveTitle { get; init; }
    public required string LeaveText { get; init; }
    public required string LeaveButton { get; init; }
    public required string LeftTitle { get; init; }
    public required string LeftText { get; init; }

    public required string ConfirmSubject { get; init; }
    public required string ConfirmMail { get; init; }
    public required string ConfirmMailIgnore { get; init; }
    public required string ConfirmMailCancel { get; init; }
    public required string ReadStory { get; init; }
    public required string WhyThisMail { get; init; }
    public required string Unsubscribe { get; init; }

    /// <summary>The nearest that there are words for: German for every German, English for all others.</summary>
    public static Language Nearest(string? tag) =>
        tag is not null && (tag.Equals("de", StringComparison.OrdinalIgnoreCase) || tag.StartsWith("de-", StringComparison.OrdinalIgnoreCase)) ? Language.De : Language.En;

    public static Phrases In(Language language) => language is Language.De ? German : English;

    static readonly Phrases English = new()
    {
        Tag = "en",
        SkipToContent = "Skip to content",
        SignUpTitle = "News by email",
        SignUpLead = "Be told by email when a new story appears on {0}.",
        Address = "Your email address",
        BadAddress = "This does not look like an email address. Please check it.",
        SignUpButton = "Sign up",
        SignUpPromise = "We will send you one email with a link, and nothing else until you have confirmed. Your address is stored encrypted, is given to nobody, and is erased when you leave. Our emails do not track you.",
        LeaveEmpty = "Leave this field empty",
        CheckTitle = "Please check your email",
        CheckText = "If the address can be signed up, an email with a link is on its way. Open it and confirm within seven days. If nothing arrives, look among the unwanted mail.",
        ConfirmTitle = "Confirm your subscription",
        ConfirmText = "Press the button to receive the news of {0} by email. You can leave at any time with one click.",
        ConfirmButton = "Yes, send me the news",
        ConfirmedTitle = "You are subscribed",
        ConfirmedText = "The next story of {0} will reach you by email. Every email has a link to leave.",
        UnknownLinkTitle = "This link does not work",
        UnknownLinkText = "Perhaps it was not copied whole. Open it from the email again, or sign up once more.",
        ExpiredLinkTitle = "This link is too old",
        ExpiredLinkText = "Links to confirm work for seven days and only until you leave. Sign up once more and we will send you a new one.",
        SignUpAgain = "Sign up",
        LeaveTitle = "Leave the list",
        LeaveText = "Press the button and no more news will be sent to you from this list.",
        LeaveButton = "Unsubscribe",
        LeftTitle = "You have left the list",
        LeftText = "No more news will be sent to you from this list, and your address has been erased.",
        ConfirmSubject = "Please confirm: news from {0}",
        ConfirmMail = "Somebody, probably you, asked for the news of {0} by email. To receive it, open this link within seven days and confirm:",
        ConfirmMailIgnore = "If it was not you, do nothing: no more mail will come.",
        ConfirmMailCancel = "Or have your address erased at once:",
        ReadStory = "Read the story",
        WhyThisMail = "You get this email because you confirmed a subscription to the news of {0}.",
        Unsubscribe = "Unsubscribe",
    };

    static readonly Phrases German = new()
    {
        Tag = "de",
        SkipToContent = "Zum Inhalt springen",
        SignUpTitle = "Nachrichten per E-Mail",
        SignUpLead = "Eine E-Mail, sobald bei {0} ein neuer Beitrag erscheint.",
        Address = "Ihre E-Mail-Adresse",
        BadAddress = "Das sieht nicht wie eine E-Mail-Adresse aus. Bitte prüfen Sie sie.",
        SignUpButton = "Anmelden",
        SignUpPromise = "Sie bekommen eine E-Mail mit einem Link und sonst nichts, bis Sie bestätigt haben. Ihre Adresse wird verschlüsselt gespeichert, an niemanden weitergegeben und gelöscht, wenn Sie sich abmelden. Unsere E-Mails verfolgen nicht, was Sie lesen.",
        LeaveEmpty = "Dieses Feld bitte leer lassen",
        CheckTitle = "Bitte sehen Sie in Ihr Postfach",
        CheckText = "Wenn sich die Adresse anmelden lässt, ist eine E-Mail mit einem Link unterwegs. Bitte bestätigen Sie innerhalb von sieben Tagen. Falls nichts ankommt, sehen Sie bitte auch im Spam-Ordner nach.",
        ConfirmTitle = "Anmeldung bestätigen",
        ConfirmText = "Mit dem Knopf bestellen Sie die Nachrichten von {0} per E-Mail. Sie können sich jederzeit mit einem Klick abmelden.",
        ConfirmButton = "Ja, schicken Sie mir die Nachrichten",
        ConfirmedTitle = "Sie sind angemeldet",
        ConfirmedText = "Der nächste Beitrag von {0} erreicht Sie per E-Mail. In jeder E-Mail steht ein Link zum Abmelden.",
        UnknownLinkTitle = "Dieser Link funktioniert nicht",
        UnknownLinkText = "Vielleicht wurde er nicht vollständig kopiert. Öffnen Sie ihn noch einmal aus der E-Mail, oder melden Sie sich neu an.",
        ExpiredLinkTitle = "Dieser Link ist zu alt",
        ExpiredLinkText = "Bestätigen lässt sich sieben Tage lang und nur, solange Sie sich nicht abgemeldet haben. Melden Sie sich neu an, dann bekommen Sie einen neuen Link.",
        SignUpAgain = "Anmelden",
        LeaveTitle = "Abmelden",
        LeaveText = "Mit dem Knopf melden Sie sich ab; von dieser Liste kommt dann nichts mehr.",
        LeaveButton = "Abmelden",
        LeftTitle = "Sie sind abgemeldet",
        LeftText = "Von dieser Liste kommt nichts mehr, und Ihre Adresse wurde gelöscht.",
        ConfirmSubject = "Bitte bestätigen: Nachrichten von {0}",
        ConfirmMail = "Jemand, vermutlich Sie, hat die Nachrichten von {0} per E-Mail bestellt. Wenn Sie sie bekommen möchten, öffnen Sie innerhalb von sieben Tagen diesen Link und bestätigen Sie:",
        ConfirmMailIgnore = "Wenn Sie es nicht waren, tun Sie nichts: Dann kommt keine weitere E-Mail.",
        ConfirmMailCancel = "Oder lassen Sie Ihre Adresse sofort löschen:",
        ReadStory = "Beitrag lesen",
        WhyThisMail = "Sie bekommen diese E-Mail, weil Sie die Nachrichten von {0} bestellt und das bestätigt haben.",
        Unsubscribe = "Abmelden",
    };
}
