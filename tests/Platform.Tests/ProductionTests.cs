using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace Vigil.Journeys;

/// <summary>A newsroom in earnest: what its settings must say, and that it comes up with them.</summary>
[Collection(nameof(BroughtUp)), Trait("kind", "drill"), UnsupportedOSPlatform("windows")]
public sealed partial class ProductionTests : IAsyncLifetime
{
    const string Host = "newsroom.test";

    readonly string _folder = Directory.CreateTempSubdirectory("vigil-production-").FullName;
    readonly BroughtUp _vigil = new();
    readonly SmtpSink _relay = new();

    public ValueTask InitializeAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Write("tls.crt", certificate.ExportCertificatePem());
        Write("tls.key", key.ExportPkcs8PrivateKeyPem());
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Write("other.key", other.ExportPkcs8PrivateKeyPem());
        Write("password", "geheim");
        Write("empty", "");
        File.SetUnixFileMode(Write("open", "geheim"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        return new(_vigil.Wipe());
    }

    public async ValueTask DisposeAsync()
    {
        await _vigil.DisposeAsync();
        _relay.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    Dictionary<string, string> Good => new()
    {
        ["Identity__Issuer"] = $"https://{Host}:{_vigil.Port}/",
        ["Gateway__NewsroomHosts__0"] = Host,
        ["Kestrel__Certificates__Default__Path"] = Path.Combine(_folder, "tls.crt"),
        ["Kestrel__Certificates__Default__KeyPath"] = Path.Combine(_folder, "tls.key"),
        ["Notification__Smtp__Host"] = "127.0.0.1",
        ["Notification__Smtp__Port"] = $"{_relay.Port}",
        ["Notification__Smtp__Security"] = "none",
        ["Identity__FirstAdministrator__Name"] = "mara",
    };

    string SettingsFile(Dictionary<string, string> settings) => Write("settings", string.Concat(settings.Select(s => $"{s.Key}={s.Value}\n")));

    static readonly (string Name, string? Value, string Why)[] Refused =
    [
        ("Identity__Issuer", null, "Identity__Issuer is missing"),
        ("Identity__Issuer", "http://newsroom.test/", "must be https"),
        ("Identity__Issuer", "https://elsewhere.test/", "no Gateway__NewsroomHosts__… names"),
        ("Identity__RequireHttps", "false", "for demonstrations"),
        ("Identity__Demonstration__Password", "geheim", "for demonstrations"),
        ("Identity__FirstAdministrator__Name", null, "who is invited first"),
        ("Identity__SigningKey", "{folder}/open", "others may read"),
        ("Identity__Machines__feed__Secret", "geheim", "file:/absolute/path"),
        ("Gateway__NewsroomHosts__0", null, "Gateway__NewsroomHosts__0 is missing"),
        ("Gateway__NewsroomHosts__1", "127.0.0.1", "this machine for itself alone"),
        ("Gateway__TrustedProxies__0", "everybody", "no address, no network"),
        ("Gateway__TrustedProxies__0", "0.0.0.0/0", "no address, no network"),
        ("Kestrel__Certificates__Default__Path", null, "belong together"),
        ("Kestrel__Certificates__Default__KeyPath", "{folder}/other.key", "not the key of"),
        ("Kestrel__Certificates__Default__Path", "{folder}/password", "no certificate"),
        ("Kestrel__Certificates__Default__Path", "{folder}/none", "no file that"),
        ("Gateway__NewsroomHosts__2", "other.test", "is not for other.test"),
        ("Notification__Smtp__Host", null, "the relay that takes the mail"),
        ("Notification__Smtp__Host", "relay.test", "in the open to relay.test"),
        ("Notification__Smtp__Host", "smtp.example.org", "still stands as in the example"),
        ("Notification__Smtp__Password", "geheim", "file:/absolute/path"),
        ("Notification__Smtp__Password", "file:{folder}/empty", "is empty"),
        ("Notification__Smtp__Password", "file:password", "file:/absolute/path"),
        ("Notification__Development", "true", "for demonstrations"),
        ("Notification__Secret", "geheim", "made by deploy/up"),
        ("ConnectionStrings__Postgres", "Host=elsewhere", "made by deploy/up"),
        ("ASPNETCORE_ENVIRONMENT", "Development", "for development"),
        ("Notification__Smpt__Host", "relay.test", "no setting that there is"),
        ("VIGIL_LISTEN", "443", "not <address>:<port>"),
    ];

    /// <summary>Each fault alone is told by its words, and all of them together at once; what is good is not.</summary>
    [Fact]
    public async Task Settings_that_no_newsroom_should_have_are_refused_and_every_fault_is_said_at_once()
    {
        Assert.Equal("", await Check(Good));
        foreach (var (name, value, why) in Refused)
        {
            var settings = Good;
            settings.Remove(name);
            if (value is not null) settings[name] = value.Replace("{folder}", _folder, StringComparison.Ordinal);
            Assert.Contains(why, await Check(settings), StringComparison.Ordinal);
        }
        var all = Good;
        all.Remove("Kestrel__Certificates__Default__Path");
        all.Remove("Kestrel__Certificates__Default__KeyPath");
        foreach (var name in new[] { "Identity__FirstAdministrator__Name", "Notification__Smtp__Host" }) all.Remove(name);
        var said = await Fails(() => _vigil.Run("deploy/up", "--native", "--production", SettingsFile(all)));
        foreach (var why in new[] { "Nothing was done", "TLS is missing", "who is invited first", "the relay that takes the mail" }) Assert.Contains(why, said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(BroughtUp.Folder, "postgres")));
    }

    async Task<string> Check(Dictionary<string, string> settings)
    {
        try { return await Script.Run("deploy/production/check", [SettingsFile(settings)]); }
        catch (InvalidOperationException e) { return e.Message; }
    }

    static async Task<string> Fails(Func<Task> run) => (await Assert.ThrowsAsync<InvalidOperationException>(run)).Message;

    [Fact]
    public async Task With_good_ones_it_comes_up_and_its_first_administrator_takes_over()
    {
        var up = await _vigil.Run("deploy/up", "--native", "--production", SettingsFile(Good));
        Assert.Contains($"https://{Host}:{_vigil.Port}/", up, StringComparison.Ordinal);
        Assert.DoesNotContain("/development/mail", up, StringComparison.Ordinal);
        await _vigil.AllParts();

        using var http = Browser();
        var link = (await File.ReadAllTextAsync(Path.Combine(BroughtUp.Folder, "invitation"), TestContext.Current.CancellationToken)).Trim();
        Assert.StartsWith($"https://{Host}:{_vigil.Port}/identity/invitation", link, StringComparison.Ordinal);
        var page = await http.GetStringAsync(new Uri(link), TestContext.Current.CancellationToken);
        Assert.Contains("mara", page, StringComparison.Ordinal);
        var form = Hidden().Matches(page).Select(m => KeyValuePair.Create(m.Groups[1].Value, WebUtility.HtmlDecode(m.Groups[2].Value)));
        const string Password = "vier zufaellige woerter genuegen";
        using var answer = await http.PostAsync(new Uri(new Uri(link), "/identity/invitation"), new FormUrlEncodedContent([.. form, KeyValuePair.Create("password", Password), KeyValuePair.Create("repeated", Password)]), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Your password is set", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // Nothing of a demonstration, not by an address either, and nobody turns the one into the other.
        using var mail = await http.GetAsync(new Uri(new Uri(link), "/development/mail"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, mail.StatusCode);
        Assert.Equal("mara", (await _vigil.Run("deploy/psql", "-Atc", "select \"UserName\" from identity.\"Accounts\"")).Trim());
        Assert.Contains("no demonstration here", await Fails(() => _vigil.Run("deploy/token", "editor")), StringComparison.Ordinal);
        Assert.Contains("newsroom in earnest", await Fails(() => _vigil.Run("deploy/up", "--native")), StringComparison.Ordinal);

        // What brings it up again by itself does so in earnest, too.
        await _vigil.Run("deploy/upgrade");
        await _vigil.Run("deploy/restore", (await _vigil.Run("deploy/backup")).Trim());
        await _vigil.AllParts();
        Assert.Equal("mara", (await _vigil.Run("deploy/psql", "-Atc", "select \"UserName\" from identity.\"Accounts\"")).Trim());
    }

    static HttpClient Browser() => new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == $"CN={Host}" },
        ConnectCallback = async (context, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
