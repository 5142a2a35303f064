using Vigil.Hosting;
using Vigil.Publishing.Site;

namespace Vigil.Publishing.ContentApi;

/// <summary>The edition that the path names.</summary>
public sealed record NamedEdition(ServedEdition Edition)
{
    public static async ValueTask<NamedEdition> BindAsync(HttpContext http) =>
        await http.RequestServices.GetRequiredService<EditionDirectory>().WithKey((string)http.Request.RouteValues["edition"]!, http.RequestAborted) is { } edition
            ? new(edition)
            : throw new RefusedException(new Fault("edition.unknown"));
}
