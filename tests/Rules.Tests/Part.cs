using System.Diagnostics;
using System.Reflection;
using Marten;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Vigil.Rules.Tests;

/// <summary>
/// A service as its own Program builds it, with a server that listens nowhere and no background work: what it registered and mapped can be
/// looked at, and nothing is connected to.
/// </summary>
public sealed class Part
{
    public static Part Authoring { get; } = new("authoring", typeof(Vigil.Authoring.Articles.Articles).Assembly);
    public static Part Publishing { get; } = new("publishing", typeof(Vigil.Publishing.Publications.Publications).Assembly);
    public static Part Notification { get; } = new("notification", typeof(Vigil.Notification.Mailings.Mailings).Assembly);
    public static Part Identity { get; } = new("identity", typeof(Vigil.Identity.Accounts.Accounts).Assembly);
    public static Part Gateway { get; } = new("gateway", System.Reflection.Assembly.Load("Gateway"));

    public static IReadOnlyList<Part> All { get; } = [Authoring, Publishing, Notification, Identity, Gateway];
    public static IReadOnlyList<Part> WithStore { get; } = [Authoring, Publishing, Notification];

    static readonly Lock OneAtATime = new();
    readonly Lazy<(IServiceProvider Services, IReadOnlyList<RouteEndpoint> Routes)> _built;

    readonly string[] _settings;

    Part(string name, Assembly assembly, params string[] settings) => (Name, Assembly, _settings, _built) = (name, assembly, settings, new(Build));

    /// <summary>The same, told something else.</summary>
    public Part With(params string[] settings) => new(Name, Assembly, settings);

    public string Name { get; }
    public Assembly Assembly { get; }
    public IServiceProvider Services => _built.Value.Services;
    public IReadOnlyList<RouteEndpoint> Routes => _built.Value.Routes;
    public IReadOnlyStoreOptions Store => Services.GetRequiredService<IDocumentStore>().Options;
    public IBusControl Bus => Services.GetRequiredService<IBusControl>();

    /// <summary>What the service would do besides answering requests.</summary>
    public IReadOnlyList<Type> Work { get { _ = _built.Value; return _work; } }

    IReadOnlyList<Type> _work = [];

    public override string ToString() => Name;

    static readonly string[] Settings =
    [
        "--ConnectionStrings:Postgres=Host=nowhere.invalid;Database=none;Username=none;Password=none",
        "--ConnectionStrings:RabbitMq=amqp://none:none@nowhere.invalid/none",
        "--Identity:Issuer=https://nowhere.invalid/",
        $"--Notification:Secret={Convert.ToBase64String(new byte[32])}",
        $"--Notification:Pickup={Path.GetTempPath()}",
        $"--Session:ClientSecret={new string('0', 32)}",
        "--Session:Store=http://nowhere.invalid/",
        $"--Session:StoreSecret={new string('0', 32)}",
        $"--Inner:Secret={Convert.ToBase64String(new byte[32])}",
        "--Gateway:NewsroomHosts:0=nowhere.invalid",
        $"--Gateway:DenyList={Path.Combine(Path.GetTempPath(), "vigil-rules-dark")}",
        "--Logging:LogLevel:Default=None",
    ];

    (IServiceProvider, IReadOnlyList<RouteEndpoint>) Build()
    {
        lock (OneAtATime)
        {
            using var watch = new Watch(abort: Assembly == Identity.Assembly);
            Exception? fault = null;
            var program = new Thread(() =>
            {
                try { Assembly.EntryPoint!.Invoke(null, [(string[])[.. Settings, .. _settings]]); }
                catch (TargetInvocationException e) when (e.InnerException is not HostAbortedException) { fault = e.InnerException; }
                catch (TargetInvocationException) { }
            }) { IsBackground = true };
            program.Start();
            while (!watch.Ready.Wait(100))
                if (!program.IsAlive && !watch.Ready.IsSet) throw new InvalidOperationException($"{Name} does not build.", fault);
            var host = watch.Host!;
            _work = watch.Work;
            var endpoints = Assembly == Identity.Assembly ? MapEverything(host) : host.Services.GetRequiredService<EndpointDataSource>().Endpoints;
            return (host.Services, [.. endpoints.Cast<RouteEndpoint>()]);
        }
    }

    /// <summary>Identity's Program reads its keys from the database before it maps; so here its doors are found and asked to map.</summary>
    IEnumerable<Endpoint> MapEverything(IHost host)
    {
        var app = (WebApplication)typeof(WebApplication).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            .Single(c => c.GetParameters() is [{ ParameterType: var only }] && only == typeof(IHost)).Invoke([host]);
        Vigil.Hosting.Defaults.MapDefaults(app);
        foreach (var map in Assembly.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(m => m.Name.StartsWith("Map", StringComparison.Ordinal) && m.GetParameters() is [{ ParameterType: var only }] && only == typeof(WebApplication))
            .Where(m => m.Name != "Map")) map.Invoke(null, [app]);
        return ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints);
    }

    /// <summary>Hears of the host being built, as design-time tools do, and changes it just before.</summary>
    sealed class Watch : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        readonly bool _abort;
        readonly IDisposable _all;
        readonly List<IDisposable> _subscriptions = [];

        public Watch(bool abort) => (_abort, _all) = (abort, DiagnosticListener.AllListeners.Subscribe(this));

        public ManualResetEventSlim Ready { get; } = new();
        public IHost? Host { get; private set; }
        public IReadOnlyList<Type> Work { get; private set; } = [];

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting") _subscriptions.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "HostBuilding", Value: IHostBuilder builder })
                builder.ConfigureServices(services =>
                {
                    Work = [.. services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Assembly.GetName().Name != "Microsoft.AspNetCore.Hosting").Select(s => s.ImplementationType).OfType<Type>()];
                    foreach (var work in services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Name != "GenericWebHostService").ToArray())
                        services.Remove(work);
                    // There is no database that could have been put back.
                    services.RemoveAll<Vigil.Hosting.Hold>();
                    services.Replace(ServiceDescriptor.Singleton<IServer, NoServer>());
                });
            if (value is not { Key: "HostBuilt", Value: IHost host }) return;
            Host = host;
            if (_abort) { Ready.Set(); throw new HostAbortedException(); }
            host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(Ready.Set);
        }

        public void OnCompleted() { }
        public void OnError(Exception error) { }

        public void Dispose()
        {
            _all.Dispose();
            _subscriptions.ForEach(s => s.Dispose());
        }
    }

    sealed class NoServer : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();
        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public void Dispose() { }
    }
}
