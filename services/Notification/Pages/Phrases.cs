using Vigil.Contracts.Publishing;

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
    public required string Correction { get; init; }
    public required string Clarification { get; init; }
    public required string Update { get; init; }
    public required string Retraction { get; init; }
    public required string CorrectionLead { get; init; }
    public required string ClarificationLead { get; init; }
    public required string UpdateLead { get; init; }
    public required string RetractionLead { get; init; }
    public required string ReadNotice { get; init; }
    public required string WhyFollowUp { get; init; }
    public required string NoticeSubject { get; init; }
    public required string NoticeText { get; init; }
    public required string NoticePlea { get; init; }
    public required string WhyThisMail { get; init; }
    public required string Unsubscribe { get; init; }

    /// <summary>The nearest that there are words for: German for every German, English for all others.</summary>
    public static Language Nearest(string? tag) =>
        tag is not null && (tag.Equals("de", StringComparison.OrdinalIgnoreCase) || tag.StartsWith("de-", StringComparison.OrdinalIgnoreCase)) ? Language.De : Language.En;

    /// <param name="made">Null: the story was retracted.</param>
    public (string Kind, string Lead) Of(CorrectionClass? made) => made switch
    {
        CorrectionClass.Fact => (Correction, CorrectionLead),
        CorrectionClass.Clarity => (Clarification, ClarificationLead),
        CorrectionClass.Update => (Update, UpdateLead),
        _ => (Retraction, RetractionLead),
    };

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
        CheckText = "If the address can be signed up, an email with a link is on its way. Open it and confirm within seven days. If nothing arrives, look in your spam folder.",
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
        Correction = "Correction",
        Clarification = "Clarification",
        Update = "Update",
        Retraction = "Retraction",
        CorrectionLead = "We have corrected a story that we sent you.",
        ClarificationLead = "We have made something clearer in a story that we sent you.",
        UpdateLead = "There is something new in a story that we sent you.",
        RetractionLead = "We have retracted a story that we sent you.",
        ReadNotice = "Read the notice",
        WhyFollowUp = "You get this email because we sent you that story by email.",
        NoticeSubject = "About an email from {0}",
        NoticeText = "A story that we sent you by email has been removed or changed.",
        NoticePlea = "Please delete that email, and do not pass its contents on. If you cannot tell which one it was, delete our most recent ones.",
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
        Correction = "Berichtigung",
        Clarification = "Klarstellung",
        Update = "Ergänzung",
        Retraction = "Widerruf",
        CorrectionLead = "Wir haben einen Beitrag berichtigt, den wir Ihnen geschickt haben.",
        ClarificationLead = "Wir haben in einem Beitrag etwas klargestellt, den wir Ihnen geschickt haben.",
        UpdateLead = "In einem Beitrag, den wir Ihnen geschickt haben, gibt es etwas Neues.",
        RetractionLead = "Wir haben einen Beitrag widerrufen, den wir Ihnen geschickt haben.",
        ReadNotice = "Zum Widerruf",
        WhyFollowUp = "Sie bekommen diese E-Mail, weil wir Ihnen jenen Beitrag per E-Mail geschickt haben.",
        NoticeSubject = "Zu einer E-Mail von {0}",
        NoticeText = "Ein Beitrag, den wir Ihnen per E-Mail geschickt haben, wurde entfernt oder geändert.",
        NoticePlea = "Bitte löschen Sie jene E-Mail, und geben Sie ihren Inhalt nicht weiter. Wenn Sie nicht wissen, welche es war, löschen Sie unsere neuesten.",
        WhyThisMail = "Sie bekommen diese E-Mail, weil Sie die Nachrichten von {0} bestellt und das bestätigt haben.",
        Unsubscribe = "Abmelden",
    };
}
