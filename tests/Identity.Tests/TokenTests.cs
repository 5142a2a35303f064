using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Vigil.Identity.Tests;

public sealed class TokenTests(Installed installed)
{
    Platform Platform => installed.Platform;

    Browser Browser() => new(Platform);

    /// <summary>Reads a token as a service does: signature, issuer, audience, type, lifetime.</summary>
    async Task<JsonWebToken> Read(string token, string type = "at+jwt", string audience = "vigil")
    {
        var keys = new JsonWebKeySet((await Platform.Send(new(HttpMethod.Get, new Uri(Platform[Services.Identity].Url, "/.well-known/jwks")))).Must(200).Text);
        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = $"{Platform[Services.Identity].Url}", ValidAudience = audience, ValidTypes = [type], ValidAlgorithms = ["RS256"], IssuerSigningKeys = keys.GetSigningKeys(),
        });
        Assert.True(result.IsValid, $"{result.Exception?.Message}");
        return (JsonWebToken)result.SecurityToken;
    }

    static string[] Roles(JsonWebToken token) => [.. token.Claims.Where(c => c.Type == "role").Select(c => c.Value)];

    [Fact]
    public async Task An_access_token_says_who_and_which_roles_and_no_name()
    {
        var admin = Platform.As(Account.Admin);
        var person = await Staff.Join(Platform, admin, "editor", "safety");
        var browser = Browser();
        var answer = (await browser.Exchange(await browser.Code(person.Name, Staff.Password))).Must(200);
        var token = await Read(answer["access_token"].GetString()!);
        Assert.Equal(person.Id, Guid.Parse(token.Subject));
        Assert.Equal(["editor", "safety"], Roles(token).Order());
        Assert.Equal(TimeSpan.FromHours(1), token.ValidTo - token.IssuedAt);
        Assert.DoesNotContain(person.Name, Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(token.EncodedPayload)), StringComparison.Ordinal);
        var identity = await Read(answer["id_token"].GetString()!, "JWT", "newsroom");
        Assert.Equal(person.Name, identity.GetClaim("preferred_username").Value);
        Assert.Equal("a-nonce", identity.GetClaim("nonce").Value);
        Assert.Empty(Roles(identity));
    }

    [Fact]
    public async Task A_code_works_once_for_its_own_client_address_and_verifier()
    {
        foreach (var changed in new (string, string?)[][]
        {
            [("code_verifier", null)], [("code_verifier", new string('a', 64))], [("redirect_uri", "http://127.0.0.1/other")], [("client_id", "demonstration")], [("client_id", "nobody")], [("code", "made-up")],
        })
        {
            var browser = Browser();
            var code = await browser.Code("publisher");
            Assert.InRange((await browser.Exchange(code, changed)).Status, 400, 401);
        }
        var honest = Browser();
        var used = await honest.Code("publisher");
        (await honest.Exchange(used)).Must(200);
        Assert.Equal("invalid_grant", (await honest.Exchange(used)).Must(400)["error"].GetString());
    }

    [Theory]
    [InlineData("code_challenge", null)]
    [InlineData("code_challenge_method", "plain")]
    [InlineData("code_challenge_method", null)]
    [InlineData("redirect_uri", "http://127.0.0.1/other")]
    [InlineData("redirect_uri", "http://127.0.0.1/newsroom/signed-in/../../evil")]
    [InlineData("redirect_uri", "https://evil.example/")]
    [InlineData("redirect_uri", null)]
    [InlineData("client_id", "nobody")]
    [InlineData("client_id", "import")]
    [InlineData("response_type", "token")]
    [InlineData("response_type", "id_token")]
    [InlineData("response_mode", "fragment")]
    [InlineData("scope", "openid everything")]
    public async Task A_request_that_a_client_may_not_make_gets_no_code(string parameter, string? value)
    {
        var browser = Browser();
        (await browser.SignIn("publisher")).Must(302);
        Assert.Contains("code=", (await browser.Open(browser.Authorize())).Must(302).Headers["Location"], StringComparison.Ordinal);
        var answer = await browser.Open(browser.Authorize((parameter, value)));
        var location = answer.Headers.GetValueOrDefault("Location") ?? "";
        Assert.DoesNotContain("code=", location, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", location, StringComparison.Ordinal);
        // Told to the client where it is known and the address its own, otherwise to the person.
        if (answer.Status == 302) Assert.Matches($@"\A{Installed.Redirect}\?.*error=", location);
        else Assert.Contains("This sign-in cannot go on", answer.Must(400).Text, StringComparison.Ordinal);
    }

    Task<Reply> Machine(string id, string secret, params (string Name, string Value)[] more) => Platform.Send(new(HttpMethod.Post, new Uri(Platform[Services.Identity].Url, "/connect/token"))
    {
        Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", id), new("client_secret", secret), .. more.Select(m => KeyValuePair.Create(m.Name, m.Value))]),
    });

    [Fact]
    public async Task A_machine_has_the_roles_that_configuration_gave_it_and_no_account_s()
    {
        var answer = (await Machine("import", Installed.MachineSecret, ("role", "admin"))).Must(200);
        var token = await Read(answer["access_token"].GetString()!);
        Assert.Equal("import", token.Subject);
        Assert.Equal(["writer"], Roles(token));
        Assert.False(answer.Body.TryGetProperty("id_token", out _));
        foreach (var (id, secret) in new[] { ("import", "another secret of 32 characters!!"), ("import", ""), ("nobody", Installed.MachineSecret), ("newsroom", Installed.MachineSecret), ("newsroom", "") })
            Assert.InRange((await Machine(id, secret)).Status, 400, 401);
        foreach (var grant in new[] { "password", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code", "" })
            (await Platform.Send(new(HttpMethod.Post, new Uri(Platform[Services.Identity].Url, "/connect/token"))
            {
                Content = new FormUrlEncodedContent([new("grant_type", grant), new("client_id", "import"), new("client_secret", Installed.MachineSecret), new("username", "admin"), new("password", Installed.Password)]),
            })).Must(400);
    }

    [Fact]
    public async Task No_machine_administers_accounts_whatever_its_roles()
    {
        var token = (await Machine("administration", Installed.MachineSecret)).Must(200)["access_token"].GetString()!;
        Assert.Equal(["admin"], Roles(await Read(token)));
        (await Platform.As(token).Send(HttpMethod.Get, "/identity/accounts")).MustBe(403, "auth.forbidden");
    }

    [Fact, Trait("kind", "drill")]
    public async Task Keys_and_tokens_survive_a_restart_and_a_second_migration_changes_nothing()
    {
        await using var own = await Installed.Start();
        var service = own[Services.Identity];
        var token = await new Browser(own).Token("admin");
        var browser = new Browser(own);
        var code = await browser.Code("writer");
        var before = await Everything();
        await service.Stop();
        await service.Migrate();
        Assert.Equal(before, await Everything());
        await service.Start();

        (await own.As(token).Send(HttpMethod.Get, "/identity/accounts")).Must(200);
        (await browser.Exchange(code)).Must(200);
        Assert.Contains("code=", (await browser.Open(browser.Authorize())).Must(302).Headers["Location"], StringComparison.Ordinal);

        // Without the demonstration its accounts are shut, and its client is gone.
        await service.Stop();
        service.Set("Identity__Demonstration__Password", null);
        await service.Migrate();
        await service.Start();
        (await new Browser(own).SignIn("admin")).Must(422);
        Assert.StartsWith("/identity/sign-in", (await browser.Open(browser.Authorize())).Must(302).Headers["Location"], StringComparison.Ordinal);
        (await own.As(token).Send(HttpMethod.Get, "/identity/accounts")).MustBe(403, "auth.forbidden");

        async Task<string> Everything()
        {
            var all = new StringBuilder();
            foreach (var table in (await own.Query<string>("select table_name::text from information_schema.tables where table_schema = 'identity' order by 1")).Where(t => !t.Contains("Token", StringComparison.Ordinal)))
                foreach (var row in await own.Query<string>($"select t::text from identity.\"{table}\" t order by 1")) all.Append(table).Append(' ').AppendLine(row);
            // A concurrency mark says only that somebody looked, and a machine's secret is salted anew.
            return System.Text.RegularExpressions.Regex.Replace(all.ToString(), "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=(import|administration|newsroom),)AQ[^,]+", "");
        }
    }

    [Fact, Trait("kind", "drill")]
    public async Task Without_a_demonstration_there_is_no_account_but_the_one_invited_first()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "link");
        try
        {
            await using var own = await Installed.Start(("Identity__Demonstration__Password", ""));
            Assert.Equal(0, (await own.Query<long>("select count(*) from identity.\"Accounts\""))[0]);
            var service = own[Services.Identity];
            service.Set("Identity__FirstAdministrator__Name", "first");
            service.Set("Identity__FirstAdministrator__LinkFile", file);
            await service.Migrate();
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            var first = new Staff(default, "first", new((await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim()));
            (await first.Choose(new Browser(own), Staff.Password)).Must(200);
            var token = await new Browser(own).Token("first", Staff.Password);
            Assert.Single((await own.As(token).Send(HttpMethod.Get, "/identity/accounts")).Must(200)["items"].EnumerateArray());
            Assert.Equal(TimeSpan.FromMinutes(10), new JsonWebToken(token) is var read ? read.ValidTo - read.IssuedAt : default);
            Assert.DoesNotContain(service.Log, line => line.Contains("token=", StringComparison.Ordinal));

            // Disabled by whatever mishap, the same is invited again; what opened before opens no more.
            await own.Query<bool>("update identity.\"Accounts\" set \"Disabled\" = true, \"Roles\" = '{}' returning true");
            // Changed at the same moment, nobody is left with a link that opens nothing.
            var id = (await own.Query<Guid>("select \"Id\" from identity.\"Accounts\""))[0];
            await Assert.ThrowsAsync<InvalidOperationException>(() => AccountTests.Changed(own, id, async () => { await service.Migrate(); return true; }));
            await service.Migrate();
            (await new Browser(own).SignIn("first", Staff.Password)).Must(422);
            var again = new Staff(default, "first", new((await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim()));
            (await again.Choose(new Browser(own), "six other words that nobody knows")).Must(200);
            token = await new Browser(own).Token("first", "six other words that nobody knows");
            (await own.As(token).Send(HttpMethod.Get, "/identity/accounts")).Must(200);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }
}
