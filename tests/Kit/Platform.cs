using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
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
    public const string DemonstrationPassword = "a password for tests only";

    readonly string _name = $"t{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
    // Tests beside one another add to it while others read.
    ImmutableList<Instance> _instances = [];
    readonly IReadOnlyDictionary<string, string> _settings;
    readonly Parts _parts;
    readonly bool _ownsParts;
    readonly int _each;
    readonly ConcurrentDictionary<string, Lazy<Task<string>>> _signedIn = new();

    public Services Services { get; }
    public Issuer Issuer { get; }
    public SmtpSink Mail { get; } = new();

    /// <summary>Where mail goes instead if the test wants it so: into a folder, each exactly once.</summary>
    public Pickup? Pickup { get; }

    string Folder { get; } = Directory.CreateTempSubdirectory("vigil-test-").FullName;

    public HttpClient Http { get; }
    public IReadOnlyList<Instance> Instances => _instances;

    Platform(Services services, int each, Parts parts, bool ownsParts, bool pickup, IReadOnlyDictionary<string, string> settings, Issuer issuer)
    {
        _each = each;
        if (pickup) Pickup = new(Path.Combine(Folder, "mail"));
        (Services, _parts, _ownsParts, _settings, Issuer) = (services, parts, ownsParts, settings, issuer);
        Wire = new(RabbitMq, _name);
        Http = Loopback.Client();
    }

    /// <param name="ownParts">PostgreSQL and RabbitMQ that no other test uses, to be stopped or restarted.</param>
    /// <param name="pickup">Mail goes to a folder and not to the sink.</param>
    /// <param name="settings">More configuration for every service, as environment variables.</param>
    /// <param name="each">How many instances of each service, the gateway too; every gateway knows all origins.</param>
    /// <param name="issuerHost">By which name of this machine the provider is known.</param>
    /// <param name="faulty">The services reach PostgreSQL and RabbitMQ through <see cref="ToPostgres"/> and <see cref="ToRabbitMq"/>.</param>
    public static async Task<Platform> Start(Services services, bool ownParts = false, bool pickup = false, IReadOnlyDictionary<string, string>? settings = null, int each = 1, bool faulty = false, string issuerHost = "127.0.0.1")
    {
        var platform = new Platform(services, each, ownParts ? await Parts.Start() : await Parts.Shared, ownParts, pickup, settings ?? new Dictionary<string, string>(), await Issuer.Start()) { IssuerHost = issuerHost };
        if (faulty) (platform.ToPostgres, platform.ToRabbitMq) = (new(platform.Postgres.Port), new(platform.RabbitMq.Port));
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

    string PasswordFile => Path.Combine(Folder, "password");

    async Task Start()
    {
        await File.WriteAllTextAsync(PasswordFile, DemonstrationPassword);
        // A gateway has neither.
        if (Services is not Services.Gateway) await Task.WhenAll(Postgres.Create(_name), RabbitMq.Create(_name));
        foreach (var service in Enum.GetValues<Services>().Where(s => int.IsPow2((int)s) && Services.HasFlag(s)))
            for (var i = 0; i < _each; i++) _instances = _instances.Add(new Instance(service));
        foreach (var instance in _instances) instance.Configure(SettingsOf(instance));
        await Task.WhenAll(_instances.Where(i => i.Service is not Services.Gateway).DistinctBy(i => i.Service).Select(i => i.Migrate()));
        // It sends nobody to an origin that did not answer when it looked first.
        await Task.WhenAll(_instances.Where(i => i.Service is not Services.Gateway).Select(i => i.Start()));
        await Task.WhenAll(All(Services.Gateway).Select(i => i.Start()));
        await SetEditions();
    }

    public Postgres Postgres => _parts.Postgres;
    public RabbitMq RabbitMq => _parts.RabbitMq;
    public Wire Wire { get; }

    /// <summary>Another connection to the broker, for while this one's was away.</summary>
    public Wire Rewire() => new(RabbitMq, _name);

    /// <summary>What stands between the services and the stores, where a test asked for it.</summary>
    public FaultProxy? ToPostgres { get; private set; }
    public FaultProxy? ToRabbitMq { get; private set; }

    /// <summary>What the parts know each other by.</summary>
    public string InnerSecret { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>The first instance of a service.</summary>
    public Instance this[Services service] => _instances.First(i => i.Service == service);

    public IEnumerable<Instance> All(Services service) => _instances.Where(i => i.Service == service);

    /// <summary>Where a gateway keeps what has to be dark.</summary>
    public string DenyListOf(Instance gateway) => Path.Combine(Folder, $"dark-{gateway.Port}");

    /// <summary>One more instance of a service. The gateway does not know it.</summary>
    /// <param name="more">Settings of its own; null: none of what the others have.</param>
    public async Task<Instance> Add(Services service, params (string Name, string? Value)[] more)
    {
        var instance = new Instance(service);
        instance.Configure(SettingsOf(instance));
        foreach (var (name, value) in more) instance.Set(name, value);
        ImmutableInterlocked.Update(ref _instances, (all, one) => all.Add(one), instance);
        await instance.Start();
        return instance;
    }

    Dictionary<string, string> SettingsOf(Instance instance)
    {
        var service = instance.Service;
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Identity__Issuer"] = IssuerUrl,
            ["Identity__Metadata"] = Services.HasFlag(Services.Identity) ? new Uri(this[Services.Identity].Url, "/.well-known/openid-configuration").ToString() : Issuer.Metadata,
            ["Identity__Audience"] = "vigil",
            ["Identity__RoleClaim"] = "role",
            ["Identity__RequireHttps"] = "false",
            ["Inner__Secret"] = InnerSecret,
        };
        foreach (var (i, authoring) in All(Services.Authoring).Index()) settings[$"Inner__authoring__{i}"] = authoring.Url.ToString();
        if (service is Services.Gateway)
        {
            settings["Gateway__NewsroomHosts__0"] = "127.0.0.1";
            settings["Gateway__NewsroomHosts__1"] = "localhost";
            foreach (var area in new[] { "public", "newsroom" })
            {
                settings[$"Gateway__Limits__{area}__PerSecond"] = "10000";
                settings[$"Gateway__Limits__{area}__Burst"] = "10000";
            }
            settings["Session__ClientSecret"] = ClientSecret;
            settings["Session__Store"] = Services.HasFlag(Services.Identity) ? this[Services.Identity].Url.ToString() : Issuer.Url;
            settings["Session__StoreSecret"] = Secret;
            foreach (var origins in _instances.Where(i => i.Service is not Services.Gateway).GroupBy(i => i.Service))
                foreach (var (i, origin) in origins.Index())
                    settings[$"ReverseProxy__Clusters__{origin.Service.ToString().ToLowerInvariant()}__Destinations__{(char)('a' + i)}__Address"] = origin.Url.ToString();
            settings["Gateway__DenyList"] = DenyListOf(instance);
        }
        else
        {
            settings["ConnectionStrings__Postgres"] = Postgres.Connection(_name, service.ToString().ToLowerInvariant(), ToPostgres?.Port);
            settings["ConnectionStrings__RabbitMq"] = RabbitMq.Address(_name, ToRabbitMq?.Port).ToString();
        }
        if (service is Services.Notification)
        {
            settings["Notification__Secret"] = Secret;
            settings["Notification__Smtp__Host"] = Pickup is null ? "127.0.0.1" : "";
            settings["Notification__Pickup"] = Pickup?.Folder ?? "";
            settings["Notification__Smtp__Port"] = $"{Mail.Port}";
            settings["Notification__Smtp__Security"] = "none";
            settings["Notification__SignUps__PerDomain"] = "100000";
        }
        if (service is Services.Identity)
        {
            settings["Identity__Demonstration__Password"] = DemonstrationPassword;
            settings["Identity__Clients__newsroom__Secret"] = ClientSecret;
            settings["Identity__Sessions__Secret"] = Secret;
            settings["Identity__SecondFactor"] = "optional";
            if (Services.HasFlag(Services.Gateway))
                foreach (var (i, host) in new[] { "127.0.0.1", "localhost" }.Index()) settings[$"Identity__Clients__newsroom__RedirectUris__{i}"] = At("/newsroom/session/callback", host).ToString();
        }
        foreach (var (name, value) in _settings) settings[name] = value;
        return settings;
    }

    /// <summary>What the newsroom's pages' backend shows to the provider.</summary>
    public string ClientSecret { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>What gateways show where sessions are kept; and Notification's own.</summary>
    public string Secret { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    string IssuerHost { get; init; } = "";

    string IssuerUrl => !Services.HasFlag(Services.Identity) ? Issuer.Url : At("/identity", IssuerHost).GetLeftPart(UriPartial.Authority) + '/';

    /// <summary>Where a path is answered: by the gateway, or, where there is none, by the service that owns it.</summary>
    /// <param name="host">An edition's host name; null: the newsroom's.</param>
    public Uri At(string path, string? host = null) => new($"http://{host ?? "127.0.0.1"}:{PortOf(path)}{path}");

    // Of several gateways one that is up, as a balancer knows them.
    int PortOf(string path) => Services.HasFlag(Services.Gateway) ? (_instances.Find(i => i is { Service: Services.Gateway, IsUp: true }) ?? this[Services.Gateway]).Port : this[path.Split('/', '?') switch
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

    /// <summary>The public API for one account: with the identity service signed in there, anew before that is too long ago for what needs a fresh sign-in.</summary>
    public Newsroom As(Account account) => new(this, async () => Services.HasFlag(Services.Identity) ? await Kept(account) : Issuer.Token(account));

    async Task<string> Kept(Account account)
    {
        var name = $"{account.Name} {Environment.TickCount64 / 180_000}";
        var token = _signedIn.GetOrAdd(name, _ => new(() => SignIn(account.Name)));
        try { return await token.Value; }
        catch
        {
            _signedIn.TryRemove(KeyValuePair.Create(name, token));
            throw;
        }
    }

    /// <param name="token">Null: nobody.</param>
    public Newsroom As(string? token) => new(this, () => Task.FromResult(token));

    /// <summary>A browser without script that is signed in to the newsroom's pages through the gateway.</summary>
    public async Task<Visitor> Visit(string account, string? password = null)
    {
        var visitor = new Visitor(this, this[Services.Gateway].Url);
        (await visitor.SignIn(account, password ?? DemonstrationPassword)).Must(200);
        return visitor;
    }

    /// <summary>A token of the identity service, by signing in as a person does.</summary>
    public async Task<string> SignIn(string account)
    {
        return (await Script.Run("deploy/token", [account], new Dictionary<string, string> { ["VIGIL_URL"] = $"http://127.0.0.1:{PortOf("/connect/token")}", ["VIGIL_PASSWORD_FILE"] = PasswordFile })).Trim();
    }

    /// <summary>The whole way of a story: drafted, submitted, approved by another, published.</summary>
    public async Task<Guid> Publish(JsonObject article, string? mail = null)
    {
        var id = (await As(Account.Writer).Draft(article)).Must(201).Id;
        (await As(Account.Writer).Submit(id)).Must(200);
        (await As(Account.Editor).Approve(id)).Must(200);
        (await As(Account.Publisher).Publish(id, mail)).Must(200);
        return id;
    }

    /// <summary>Waits until a story stands in an edition, and returns it as the content API shows it.</summary>
    public Task<Reply> Live(Guid article, string edition, long version = 0, TimeSpan? within = null) =>
        Wait.Until(() => Read(article, edition), r => r.Status == 200 && r["version"].GetInt64() >= version, $"{article} live in {edition}", within);

    /// <summary>Waits until a story is dark in an edition.</summary>
    public Task<Reply> Dark(Guid article, string edition, int status) => Wait.Until(() => Read(article, edition), r => r.Status == status, $"{article} dark in {edition}");

    public Task<Reply> Read(Guid article, string edition) => Get(edition, $"/api/content/v1/editions/{edition}/articles/by-id/{article}");

    /// <summary>All mail that has left, whichever way.</summary>
    public IReadOnlyList<Mail> AllMail => [.. Mail.Mails, .. Pickup?.Mails ?? []];

    /// <summary>The database, with every right.</summary>
    public async Task<NpgsqlConnection> OpenDatabase()
    {
        var connection = new NpgsqlConnection(Postgres.Connection(_name));
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>As a service sees it, for a store of a test's own.</summary>
    public string ConnectionOf(Services service) => Postgres.Connection(_name, service.ToString().ToLowerInvariant());

    /// <summary>The ledger, as a service sees it.</summary>
    public string LedgerOf(string role) => $"{Postgres.Connection($"{_name}_ledger", role)};Pooling=false";

    /// <summary>The first column of what a statement returns.</summary>
    public Task<IReadOnlyList<T>> Query<T>(string sql, params object[] values) => Query<T>(_name, sql, values);

    async Task<IReadOnlyList<T>> Query<T>(string database, string sql, object[] values)
    {
        await using var connection = new NpgsqlConnection(Postgres.Connection(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(await reader.GetFieldValueAsync<T>(0));
        return rows;
    }

    /// <summary>The first column of what a statement returns from the ledger.</summary>
    public Task<IReadOnlyList<T>> QueryLedger<T>(string sql, params object[] values) => Query<T>($"{_name}_ledger", sql, values);

    /// <summary>Of this moment, while everything runs.</summary>
    public async Task<string> Backup()
    {
        var file = Path.Combine(Folder, $"{Guid.NewGuid():N}.dump");
        await Postgres.Dump(_name, file);
        return file;
    }

    /// <summary>Puts a backup back, once no service runs, as deploy/restore does up to the point where the services reapply. May be repeated.</summary>
    /// <param name="until">When this is over first, it is killed.</param>
    public Task PutBack(string backup, Guid restore, Task? until = null)
    {
        Kit.Postgres.Forget();
        return Script.Run("/bin/bash", ["-euc", """exec tests/put-back "${@:2}" <"$1" """, "-", backup, .. Postgres.Place, .. RabbitMq.Place, _name, restore, Guid.NewGuid()], until: until);
    }

    /// <summary>The tables of a schema that have a row with these words in any column.</summary>
    public async Task<IReadOnlyList<string>> TablesWith(string schema, string words)
    {
        var tables = await Query<string>("select quote_ident(table_schema) || '.' || quote_ident(table_name) from information_schema.tables where table_schema = $1 and table_type = 'BASE TABLE'", schema);
        return await Query<string>(string.Join(" union all ", tables.Select(t => $"select '{t}' where exists (select from {t} x where x::text ilike $1)")), $"%{words}%");
    }

    async Task SetEditions()
    {
        // Gateway and identity know none, and without the others nobody would hear of them.
        if ((Services & (Services.Authoring | Services.Publishing | Services.Notification)) == 0) return;
        foreach (var (key, name, language, zone, theme) in new[] { ("au", "Vigil Australia", "en", "Australia/Sydney", "ink"), ("de", "Vigil Deutschland", "de", "Europe/Berlin", "sea") })
        {
            var host = $"{key}.localhost";
            var (sender, address) = ($"news@{key}.example.org", (Services & (Services.Gateway | Services.Publishing)) == 0 ? $"http://{host}" : At("", host).ToString().TrimEnd('/'));
            if (Services.HasFlag(Services.Publishing))
            {
                // The newsroom's own host shows the first edition, as in the demonstration.
                var hosts = new JsonArray([host, .. key == "au" ? new JsonNode[] { "127.0.0.1", "localhost" } : []]);
                var settings = new JsonObject
                {
                    ["name"] = name, ["hosts"] = hosts, ["language"] = language, ["timeZone"] = zone, ["theme"] = theme,
                    ["sender"] = new JsonObject { ["name"] = name, ["address"] = sender }, ["baseAddress"] = address,
                };
                // A gateway that has just begun may not have found its origins yet.
                await Wait.Until(() => As(Account.Admin).Send(HttpMethod.Put, $"/api/publishing/v1/editions/{key}", settings), r => r.Status is 200 or 201, $"edition {key}");
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
        if (ToPostgres is not null) await ToPostgres.DisposeAsync();
        if (ToRabbitMq is not null) await ToRabbitMq.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        Http.Dispose();
        Mail.Dispose();
        await Wire.DisposeAsync();
        await Issuer.DisposeAsync();
        if (_ownsParts) await _parts.DisposeAsync();
    }
}
