using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Vigil.Gateway.Session;

/// <summary>The OpenID Connect provider, beyond the sign-in itself: tokens are renewed, given back, and its own session is ended.</summary>
sealed class Provider(IOptionsMonitor<OpenIdConnectOptions> options, Settings settings, TimeProvider clock)
{
    OpenIdConnectOptions Options => options.Get(SignIn.Scheme);

    /// <summary>Null: the provider will not; the session is at an end.</summary>
    public async Task<Tokens?> Renew(Tokens tokens, CancellationToken ct)
    {
        if (tokens.Refresh is null) return null;
        var now = clock.GetUtcNow();
        using var answer = await Post((await Configuration(ct)).TokenEndpoint, new() { ["grant_type"] = "refresh_token", ["refresh_token"] = tokens.Refresh }, ct);
        var message = await Read(answer, ct);
        if (answer.IsSuccessStatusCode && message?.AccessToken is not null)
            return tokens.With(message.AccessToken, message.RefreshToken, TimeSpan.FromSeconds(int.TryParse(message.ExpiresIn, out var seconds) ? seconds : 60), settings.RoleClaim, now);
        return message?.Error is "invalid_grant" ? null : throw new AwayException();
    }

    /// <summary>As well as it goes: the session has ended already, and the token ends with the sign-in it came of.</summary>
    public async Task Revoke(Tokens tokens, CancellationToken ct)
    {
        try
        {
            if (tokens.Refresh is null || (await Configuration(ct)).RevocationEndpoint is not { Length: > 0 } address) return;
            using var _ = await Post(address, new() { ["token"] = tokens.Refresh, ["token_type_hint"] = "refresh_token" }, ct);
        }
        catch (AwayException) { }
    }

    /// <summary>Where a browser ends the provider's session; null: it has no such address.</summary>
    public async Task<string?> EndSession(HttpRequest request, Tokens? tokens, CancellationToken ct)
    {
        try
        {
            if ((await Configuration(ct)).EndSessionEndpoint is not { Length: > 0 } address) return null;
            // No token goes through the browser, not even as a hint.
            return new OpenIdConnectMessage
            {
                IssuerAddress = address, ClientId = settings.ClientId, PostLogoutRedirectUri = $"{request.Scheme}://{request.Host}{SignOut.Done}",
                Parameters = { ["logout_hint"] = tokens?.Provider },
            }.CreateLogoutRequestUrl();
        }
        catch (AwayException) { return null; }
    }

    async Task<OpenIdConnectConfiguration> Configuration(CancellationToken ct)
    {
        try { return await Options.ConfigurationManager!.GetConfigurationAsync(ct); }
        catch (InvalidOperationException) { throw new AwayException(); }
    }

    async Task<HttpResponseMessage> Post(string address, Dictionary<string, string> form, CancellationToken ct)
    {
        (form["client_id"], form["client_secret"]) = (settings.ClientId, settings.ClientSecret);
        using var content = new FormUrlEncodedContent(form);
        try { return await Options.Backchannel.PostAsync(new Uri(address), content, ct); }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested) { throw new AwayException(); }
    }

    static async Task<OpenIdConnectMessage?> Read(HttpResponseMessage answer, CancellationToken ct)
    {
        try { return new(await answer.Content.ReadAsStringAsync(ct)); }
        catch (Exception e) when (e is ArgumentException or System.Text.Json.JsonException or HttpRequestException or IOException) { return null; }
    }
}

/// <summary>Where the provider's metadata has an inner address, so has the provider: what is asked of its public one goes there.</summary>
sealed class Inside(Settings settings) : DelegatingHandler(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), PooledConnectionLifetime = TimeSpan.FromMinutes(2), UseCookies = false, AllowAutoRedirect = false })
{
    readonly Uri _inner = new(settings.Metadata);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { } asked && asked.Authority == settings.Issuer.Authority && asked.Authority != _inner.Authority)
        {
            request.Headers.Host = asked.Authority;
            request.RequestUri = new Uri(_inner, asked.PathAndQuery);
        }
        return base.SendAsync(request, cancellationToken);
    }
}
