using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Npgsql;
using Vigil.Contracts.Publishing;

namespace Vigil.Kit;

/// <summary>
/// An installation: the services asked for, each a process, on a database and a virtual host of their own, with the editions au and de.
/// Tokens come from <see cref="Issuer"/>, unless the identity service is one of them; mail goes to <see cref="Mail"/>.
/// </summary>
public sealed class Platform : IAsyncDisposable
{
    const string DemonstrationPassword = "a password for tests only";

    readonly string _name = $"t{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
    readonly List<Instance> _instances = [];
    readonly IReadOnlyDictionary<string, string> _settings;
    readonly Parts _parts;
    readonly bool _ownsParts;
    string? _passwordFile;

    public Services Services { get; }
    public Issuer Issuer { get; }
    public SmtpSink Mail { get; } = new();
    public HttpClient Http { get; }
    public IReadOnlyList<Instance> Instances => _instances;

    Platform(Services services, Parts parts, bool ownsParts, IReadOnlyDictionary<string, string> settings, Issuer issuer)
    {
        (Services, _parts, _ownsParts, _settings, Issuer) = (services, parts, ownsParts, settings, issuer);
        Wire = new(RabbitMq, _name);
        Http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // Editions have host names of their own, all of them here.
            ConnectCallback = async (context, ct) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        }) { Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <param name="ownParts">PostgreSQL and RabbitMQ that no other test uses, to be stopped or restarted.</param>
    /// <param name="settings">More configuration for every service, as environment variables.</param>
    public static async Task<Platform> Start(Services services, bool ownParts = false, IReadOnlyDictionary<string, string>? settings = null)
    {
        var platform = new Platform(services, ownParts ? await Parts.Start() : await Parts.Shared, ownParts, settings ?? new Dictionary<string, string>(), await Issuer.Start());
        try
        {
            await platform.Start();
            return platform;
        }
        catch (Exception e)
        {
            var logs = Log.Tails();
            await platform.DisposeAsync();
            throw new InvalidOperationException($"The platform did not start: {e.Message}\n{logs}", e);
        }
    }

    async Task Start()
    {
        await Task.WhenAll(Postgres.Create(_name), RabbitMq.Create(_name));
        foreach (var service in Enum.GetValues<Services>().Where(s => int.IsPow2((int)s) && Services.HasFlag(s))) _instances.Add(new Instance(service));
        foreach (var instance in _instances) instance.Configure(SettingsOf(instance.Service));
        await Task.WhenAll(_instances.Where(i => i.Service is not Services.Gateway).Select(i => i.Migrate()));
        // It sends nobody to an origin that did not answer when it looked first.
        await Task.WhenAll(_instances.Where(i => i.Service is not Services.Gateway).Select(i => i.Start()));
        if (Services.HasFlag(Services.Gateway)) await this[Services.Gateway].Start();
        await SetEditions();
    }

    public Postgres Postgres => _parts.Postgres;
    public RabbitMq RabbitMq => _parts.RabbitMq;
    public Wire Wire { get; }

    /// <summary>The first instance of a service.</summary>
    public Instance this[Services service] => _instances.First(i => i.Service == service);

    /// <summary>One more instance of a service. The gateway does not know it.</summary>
    public async Task<Instance> Add(Services service)
    {
        var instance = new Instance(service, SettingsOf(service));
        _instances.Add(instance);
        await instance.Start();
        return instance;
    }

    Dictionary<string, string> SettingsOf(Services service)
    {
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Identity__Issuer"] = IssuerUrl,
            ["Identity__Metadata"] = Services.HasFlag(Services.Identity) ? new Uri(this[Services.Identity].Url, "/.well-known/openid-configuration").ToString() : Issuer.Metadata,
            ["Identity__Audience"] = "vigil",
            ["Identity__RoleClaim"] = "role",
            ["Identity__RequireHttps"] = "false",
        };
        if (service is Services.Gateway)
        {
            settings["Gateway__NewsroomHosts__0"] = "127.0.0.1";
            settings["Gateway__NewsroomHosts__1"] = "localhost";
            foreach (var area in new[] { "public", "newsroom" })
            {
                settings[$"Gateway__Limits__{area}__PerSecond"] = "10000";
                settings[$"Gateway__Limits__{area}__Burst"] = "10000";
            }
            foreach (var origin in _instances.Where(i => i.Service is not Services.Gateway))
                settings[$"ReverseProxy__Clusters__{origin.Service.ToString().ToLowerInvariant()}__Destinations__a__Address"] = origin.Url.ToString();
        }
        else
        {
            settings["ConnectionStrings__Postgres"] = Postgres.Connection(_name, service.ToString().ToLowerInvariant());
            settings["ConnectionStrings__RabbitMq"] = RabbitMq.Address(_name).ToString();
        }
        if (service is Services.Notification)
        {
            settings["Notification__Secret"] = Secret;
            settings["Notification__Smtp__Host"] = "127.0.0.1";
            settings["Notification__Smtp__Port"] = $"{Mail.Port}";
            settings["Notification__Smtp__Security"] = "none";
            settings["Notification__SignUps__PerDomain"] = "100000";
        }
        if (service is Services.Identity) settings["Identity__Demonstration__Password"] = DemonstrationPassword;
        foreach (var (name, value) in _settings) settings[name] = value;
        return settings;
    }

    string Secret { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    string IssuerUrl => !Services.HasFlag(Services.Identity) ? Issuer.Url : $"{(Services.HasFlag(Services.Gateway) ? this[Services.Gateway] : this[Services.Identity]).Url}";

    /// <summary>Where a path is answered: by the gateway, or, where there is none, by the service that owns it.</summary>
    /// <param name="host">An edition's host name; null: the newsroom's.</param>
    public Uri At(string path, string? host = null) => new($"http://{host ?? "127.0.0.1"}:{PortOf(path)}{path}");

    int PortOf(string path) => Services.HasFlag(Services.Gateway) ? this[Services.Gateway].Port : this[path.Split('/', '?') switch
    {
        [_, "api", "newsroom", ..] or [_, "newsroom", ..] => Services.Authoring,
        [_, "api", "notification", ..] or [_, "subscribe" or "u" or "preferences" or "development", ..] => Services.Notification,
        [_, "identity" or "connect" or ".well-known", ..] => Services.Identity,
        _ => Services.Publishing,
    }].Port;

    /// <summary>A page, feed or answer of an edition's public site.</summary>
    public Task<Reply> Get(string edition, string path) => Send(new HttpRequestMessage(HttpMethod.Get, At(path, $"{edition}.localhost")));

    public async Task<Reply> Send(HttpRequestMessage request)
    {
        using (request)
        using (var answer = await Http.SendAsync(request))
            return await Reply.Of(answer);
    }

    /// <summary>The public API for one account.</summary>
    public Newsroom As(Account account) => new(this, Issuer.Token(account));

    public Newsroom As(string? token) => new(this, token);

    /// <summary>A token of the identity service, by signing in as a person does.</summary>
    public async Task<string> SignIn(string account)
    {
        if (_passwordFile is null)
        {
            _passwordFile = Path.GetTempFileName();
            await File.WriteAllTextAsync(_passwordFile, DemonstrationPassword);
        }
        return (await Script.Run("deploy/token", [account], new Dictionary<string, string> { ["VIGIL_URL"] = $"http://127.0.0.1:{PortOf("/connect/token")}", ["VIGIL_PASSWORD_FILE"] = _passwordFile })).Trim();
    }

    /// <summary>The database, with every right.</summary>
    public async Task<NpgsqlConnection> OpenDatabase()
    {
        var connection = new NpgsqlConnection(Postgres.Connection(_name));
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>As a service sees it, for a store of a test's own.</summary>
    public string ConnectionOf(Services service) => Postgres.Connection(_name, service.ToString().ToLowerInvariant());

    /// <summary>The first column of what a statement returns.</summary>
    public async Task<IReadOnlyList<T>> Query<T>(string sql, params object[] values)
    {
        await using var connection = await OpenDatabase();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(await reader.GetFieldValueAsync<T>(0));
        return rows;
    }

    async Task SetEditions()
    {
        foreach (var (key, name, language, zone, theme) in new[] { ("au", "Vigil Australia", "en", "Australia/Sydney", "ink"), ("de", "Vigil Deutschland", "de", "Europe/Berlin", "sea") })
        {
            var host = $"{key}.localhost";
            var (sender, address) = ($"news@{key}.example.org", (Services & (Services.Gateway | Services.Publishing)) == 0 ? $"http://{host}" : At("", host).ToString().TrimEnd('/'));
            if (Services.HasFlag(Services.Publishing))
            {
                // The newsroom's own host shows the first edition, as in the demonstration.
                var hosts = new JsonArray([host, .. key == "au" ? new JsonNode[] { "127.0.0.1", "localhost" } : []]);
                var set = await As(Services.HasFlag(Services.Identity) ? await SignIn("admin") : Issuer.Token(Account.Admin)).Send(HttpMethod.Put, $"/api/publishing/v1/editions/{key}", new JsonObject
                {
                    ["name"] = name, ["hosts"] = hosts, ["language"] = language, ["timeZone"] = zone, ["theme"] = theme,
                    ["sender"] = new JsonObject { ["name"] = name, ["address"] = sender }, ["baseAddress"] = address,
                });
                set.Must(201);
            }
            else
                await Wire.Publish(new EditionChanged
                {
                    Key = key, Version = 1, Name = name, Hosts = [host], Language = language, TimeZone = zone, Theme = theme,
                    Sender = new Sender(name, sender), BaseAddress = address,
                });
        }
        if (Services.HasFlag(Services.Authoring)) await Known("authoring.mt_doc_knownedition");
        if (Services.HasFlag(Services.Notification)) await Known("notification.mt_doc_edition");

        Task Known(string table) => Wait.Until(async () => (await Query<long>($"select count(*) from {table}"))[0], n => n == 2, $"editions in {table}");
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_instances.Select(i => i.DisposeAsync().AsTask()));
        if (_passwordFile is not null) File.Delete(_passwordFile);
        Http.Dispose();
        Mail.Dispose();
        await Wire.DisposeAsync();
        await Issuer.DisposeAsync();
        if (_ownsParts) await _parts.DisposeAsync();
    }
}
