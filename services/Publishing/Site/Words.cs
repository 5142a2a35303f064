using System.Globalization;
using Vigil.Contracts.Authoring;

namespace Vigil.Publishing.Site;

/// <summary>What the pages themselves say, one catalogue per language; a language without one gets the English.</summary>
public sealed record Words
{
    public required string SkipToContent { get; init; }
    public required string SiteSections { get; init; }
    public required string FrontPage { get; init; }
    public required string News { get; init; }
    public required string AllNews { get; init; }
    public required string LatestNews { get; init; }
    public required string LatestStories { get; init; }
    public required string MoreStories { get; init; }
    public required string OlderStories { get; init; }
    public required string NewestStories { get; init; }
    public required string NoStories { get; init; }
    public required string ReadStory { get; init; }
    public required string Country { get; init; }
    public required string Countries { get; init; }
    public required string AllCountries { get; init; }
    public required string LatestOn { get; init; }
    public required string Topic { get; init; }
    public required string Topics { get; init; }
    public required string PrayerPoints { get; init; }
    public required string StayUpdated { get; init; }
    public required string StayUpdatedWhy { get; init; }
    /// <summary>The same, short enough for a menu on a phone.</summary>
    public required string StayUpdatedShort { get; init; }
    public required string SignUp { get; init; }
    public required string By { get; init; }
    public required string NameWithheld { get; init; }
    public required string NamesChanged { get; init; }
    public required string DetailsChanged { get; init; }
    public required string PlaceWithheld { get; init; }
    public required string Related { get; init; }
    public required string FindOutMore { get; init; }
    public required string Feed { get; init; }
    public required string NotFound { get; init; }
    public required string NotFoundWhy { get; init; }
    public required string Gone { get; init; }
    public required string GoneWhy { get; init; }
    public required string Corrections { get; init; }
    public required string CorrectionsWhy { get; init; }
    public required string NoCorrections { get; init; }
    public required string NewestCorrections { get; init; }
    public required string OlderCorrections { get; init; }
    /// <summary>Heads the notes of one story.</summary>
    public required string StoryCorrections { get; init; }
    public required string Fact { get; init; }
    public required string Clarity { get; init; }
    public required string Update { get; init; }
    public required string Retraction { get; init; }
    public required string Retracted { get; init; }
    public required string RetractedOn { get; init; }
    /// <summary>Heads the notice where the page itself is already headed by <see cref="Retracted"/>.</summary>
    public required string RetractedWhy { get; init; }
    public required string RetractionReason { get; init; }
    /// <summary>Where the notice is erased.</summary>
    public required string RetractedBare { get; init; }

    public string Of(Disclosure disclosure) => disclosure switch
    {
        Disclosure.NamesChanged => NamesChanged,
        Disclosure.DetailsChanged => DetailsChanged,
        Disclosure.PlaceWithheld => PlaceWithheld,
        _ => throw new ArgumentOutOfRangeException(nameof(disclosure)),
    };

    public string Of(CorrectionClass made) => made switch
    {
        CorrectionClass.Fact => Fact,
        CorrectionClass.Clarity => Clarity,
        CorrectionClass.Update => Update,
        _ => throw new ArgumentOutOfRangeException(nameof(made)),
    };

    public static string Fill(string sentence, string what) => string.Format(CultureInfo.InvariantCulture, sentence, what);

    public static Words In(CultureInfo culture) => culture.TwoLetterISOLanguageName switch { "de" => German, _ => English };

    static readonly Words English = new()
    {
        SkipToContent = "Skip to content",
        SiteSections = "Sections",
        FrontPage = "Front page",
        News = "News",
        AllNews = "All news",
        LatestNews = "Latest news",
        LatestStories = "Latest stories",
        MoreStories = "More stories",
        OlderStories = "Older stories",
        NewestStories = "Newest stories",
        NoStories = "There are no stories here at the moment.",
        ReadStory = "Read the story",
        Country = "Country",
        Countries = "Countries",
        AllCountries = "All countries",
        LatestOn = "Latest story",
        Topic = "Topic",
        Topics = "Topics",
        PrayerPoints = "Prayer points",
        StayUpdated = "Stay updated",
        StayUpdatedShort = "Stay updated",
        StayUpdatedWhy = "New stories, sent to you by mail. Leave whenever you like.",
        SignUp = "Sign up by mail",
        By = "By {0}",
        NameWithheld = "name withheld for safety",
        NamesChanged = "Some names have been changed to protect people.",
        DetailsChanged = "Some details have been changed to protect people.",
        PlaceWithheld = "The place is withheld to protect people.",
        Related = "Related",
        FindOutMore = "Find out more",
        Feed = "RSS feed",
        NotFound = "There is no such page here",
        NotFoundWhy = "The address may be mistyped, or the page may have moved. Try one of these instead.",
        Gone = "This page has been removed",
        GoneWhy = "It will not come back. Here is where to go from here.",
        Corrections = "Corrections",
        CorrectionsWhy = "What we have corrected, made clearer, brought up to date or taken back.",
        NoCorrections = "Nothing has been corrected so far.",
        NewestCorrections = "Newest corrections",
        OlderCorrections = "Older corrections",
        StoryCorrections = "What has changed in this story",
        Fact = "Correction",
        Clarity = "Clarification",
        Update = "Update",
        Retraction = "Retraction",
        Retracted = "This story has been retracted",
        RetractedOn = "Retracted on",
        RetractedWhy = "Why it is not here any more",
        RetractionReason = "Reason",
        RetractedBare = "We have taken it back and do not stand by it any more.",
    };

    static readonly Words German = new()
    {
        SkipToContent = "Zum Inhalt springen",
        SiteSections = "Rubriken",
        FrontPage = "Startseite",
        News = "Nachrichten",
        AllNews = "Alle Nachrichten",
        LatestNews = "Neueste Nachrichten",
        LatestStories = "Neueste Berichte",
        MoreStories = "Weitere Berichte",
        OlderStories = "Ältere Berichte",
        NewestStories = "Neueste Berichte",
        NoStories = "Zurzeit gibt es hier keine Berichte.",
        ReadStory = "Zum Bericht",
        Country = "Land",
        Countries = "Länder",
        AllCountries = "Alle Länder",
        LatestOn = "Neuester Bericht vom",
        Topic = "Thema",
        Topics = "Themen",
        PrayerPoints = "Gebetsanliegen",
        StayUpdated = "Auf dem Laufenden bleiben",
        StayUpdatedShort = "Newsletter",
        StayUpdatedWhy = "Neue Berichte per E-Mail. Sie können sich jederzeit abmelden.",
        SignUp = "Per E-Mail anmelden",
        By = "Von {0}",
        NameWithheld = "Name aus Sicherheitsgründen nicht genannt",
        NamesChanged = "Einige Namen wurden zum Schutz der Betroffenen geändert.",
        DetailsChanged = "Einige Einzelheiten wurden zum Schutz der Betroffenen geändert.",
        PlaceWithheld = "Der Ort wird zum Schutz der Betroffenen nicht genannt.",
        Related = "Mehr dazu",
        FindOutMore = "Mehr erfahren",
        Feed = "RSS-Feed",
        NotFound = "Diese Seite gibt es hier nicht",
        NotFoundWhy = "Vielleicht ist die Adresse falsch geschrieben, oder die Seite ist umgezogen. Versuchen Sie es hier:",
        Gone = "Diese Seite wurde entfernt",
        GoneWhy = "Sie kommt nicht zurück. Von hier aus geht es weiter:",
        Corrections = "Korrekturen",
        CorrectionsWhy = "Was wir berichtigt, klargestellt, ergänzt oder zurückgezogen haben.",
        NoCorrections = "Bisher war nichts zu korrigieren.",
        NewestCorrections = "Neueste Korrekturen",
        OlderCorrections = "Ältere Korrekturen",
        StoryCorrections = "Was sich an diesem Bericht geändert hat",
        Fact = "Berichtigung",
        Clarity = "Klarstellung",
        Update = "Ergänzung",
        Retraction = "Widerruf",
        Retracted = "Dieser Bericht wurde widerrufen",
        RetractedOn = "Widerrufen am",
        RetractedWhy = "Warum er hier nicht mehr steht",
        RetractionReason = "Grund",
        RetractedBare = "Wir haben ihn zurückgezogen und stehen nicht mehr dazu.",
    };
}
