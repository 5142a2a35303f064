using System.Globalization;
using Vigil.Hosting;

namespace Vigil.Authoring.Articles;

/// <summary>Moments as clients write them.</summary>
public static class Instant
{
    /// <summary>RFC 3339 with its offset, as fine as the database keeps it.</summary>
    public static DateTimeOffset Read(string text, string field) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
        && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 10) ? at.ToUniversalTime().AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond))
        : throw new RefusedException(new Fault("value.bad-time", field));

    /// <summary>A time on the wall, without offset.</summary>
    public static DateTime ReadLocal(string text, string field) =>
        DateTime.TryParseExact(text, ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at : throw new RefusedException(new Fault("value.bad-local-time", field));

    /// <summary>When clocks on the wall show it there; null where they skip it. What they show twice is meant the first time.</summary>
    public static DateTimeOffset? In(TimeZoneInfo zone, DateTime local) => zone.IsInvalidTime(local) ? null
        : new DateTimeOffset(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local)).ToUniversalTime();
}
