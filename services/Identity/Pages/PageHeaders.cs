namespace Vigil.Identity.Pages;

/// <summary>
/// What a browser may do with these pages. A form's target also counts where it redirects to, so the way back to each client that
/// people sign in to is named; nothing else is.
/// </summary>
sealed class PageHeaders(Settings settings)
{
    readonly string policy =
        $"default-src 'none'; style-src {Show.StyleHash}; form-action {string.Join(' ', FormTargets(settings))}; base-uri 'none'; frame-ancestors 'none'";

    /// <param name="hasScript">The page names a script of ours. It may run, and no other.</param>
    public void Set(IHeaderDictionary headers, bool hasScript)
    {
        headers.ContentSecurityPolicy = hasScript ? $"{policy}; script-src 'self'; require-trusted-types-for 'script'" : policy;
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
    }

    static IEnumerable<string> FormTargets(Settings settings) =>
        settings.RedirectUris.Select(uri => uri.GetLeftPart(UriPartial.Authority))
            .Prepend(settings.Issuer.GetLeftPart(UriPartial.Authority)).Prepend("'self'").Distinct();
}
