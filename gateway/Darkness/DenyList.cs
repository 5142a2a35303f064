using System.Collections.Immutable;
using System.Text.Json;
using Vigil.Hosting;

namespace Vigil.Gateway.Darkness;

/// <summary>
/// This instance's orders, each a file in Gateway:DenyList on its own disk: in force from the moment that it is there, whoever put it there,
/// and after every restart. A file says the address as it was given, and nothing else of the story.
/// </summary>
sealed class DenyList
{
    static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <param name="Sequence">Once it is withdrawn.</param>
    sealed record Entry(string Address, DateTimeOffset At, string? By, long? Sequence = null, DateTimeOffset? Lifted = null, DateTimeOffset? TakenBack = null, DateTimeOffset? Lapsed = null)
    {
        public static Entry Of(DarkOrder o) => new(o.Address, o.At, o.By, o.Sequence, o.LiftedAt, o.TakenBackAt, o.LapsedAt);
    }

    readonly string _folder;
    readonly ILogger<DenyList> _log;
    readonly Lock _writing = new();
    ImmutableDictionary<Guid, DarkOrder> _orders = ImmutableDictionary<Guid, DarkOrder>.Empty;
    // Files that could not be taken in, by when they were written.
    Dictionary<string, DateTime> _faults = [];

    public DenyList(IConfiguration configuration, ILogger<DenyList> log)
    {
        (_folder, _log) = (configuration["Gateway:DenyList"] is { Length: > 0 } folder ? folder : throw new InvalidOperationException("Set Gateway:DenyList to a folder on this instance's own disk."), log);
        Directory.CreateDirectory(_folder);
        Look();
    }

    public IEnumerable<DarkOrder> Orders => _orders.Values;

    public IEnumerable<DarkOrder> Open => _orders.Values.Where(o => o.OverAt is null);

    public DarkOrder? Find(Guid id) => _orders.GetValueOrDefault(id);

    /// <summary>Twice is once: a person's order for the same story that stands already is the answer.</summary>
    public DarkOrder Add(DarkOrder order)
    {
        lock (_writing) return Open.FirstOrDefault(o => o.Target == order.Target && o.By == order.By) ?? Keep(order);
    }

    /// <summary>An order of another gateway, of which there may be several for a story: each is taken back there.</summary>
    public void Learn(DarkOrder order)
    {
        lock (_writing) Keep(order);
    }

    DarkOrder Keep(DarkOrder order)
    {
        if (_orders.GetValueOrDefault(order.Id) is { } same) return same;
        Write(order);
        _orders = _orders.SetItem(order.Id, order);
        return order;
    }

    public void Hear(Guid id, Word word)
    {
        lock (_writing)
        {
            if (_orders.GetValueOrDefault(id) is not { } before) return;
            var after = DarkOrder.Next(before, word);
            if (after == before) return;
            if (Entry.Of(after) != Entry.Of(before)) Write(after);
            _orders = _orders.SetItem(id, after);
        }
    }

    /// <summary>Takes in what others have put into the folder, and throws out what was over long ago.</summary>
    public void Look(DateTimeOffset now = default)
    {
        lock (_writing)
        {
            var (faults, read) = (new Dictionary<string, DateTime>(), new List<(string File, DarkOrder Order)>());
            foreach (var file in Directory.EnumerateFiles(_folder, "*.json").Where(f => NameOf(f) is not { } id || !_orders.ContainsKey(id)).ToArray()) Try(file, () => read.Add((file, Read(file))));
            // Our own first: they know how far an order has come.
            foreach (var (file, order) in read.OrderBy(r => r.File != FileOf(r.Order.Id))) Try(file, () => TakeIn(file, order));
            _faults = faults;
            foreach (var old in _orders.Values.Where(o => o.OverAt + Kept < now))
            {
                File.Delete(FileOf(old.Id));
                _orders = _orders.Remove(old.Id);
            }

            // A file may be half-written, so it is tried at every beat; what is wrong with it is told once for each time that it was written.
            void Try(string file, Action work)
            {
                try { work(); }
                catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
                {
                    faults[file] = File.GetLastWriteTimeUtc(file);
                    if (!_faults.TryGetValue(file, out var before) || before != faults[file])
                        _log.LogError("A file of the deny list cannot be taken in ({Fault}), so that what it says may not be in force; it is tried again", e.GetType().Name);
                }
            }
        }
    }

    string FileOf(Guid id) => Path.Combine(_folder, $"{id:N}.json");

    /// <summary>Null: somebody else named it.</summary>
    static Guid? NameOf(string file) => Guid.TryParseExact(Path.GetFileNameWithoutExtension(file), "N", out var id) ? id : null;

    static DarkOrder Read(string file)
    {
        if (JsonSerializer.Deserialize<Entry>(File.ReadAllText(file), Json.Stored) is not { } e || Target.Read(e.Address) is not { } target) throw new JsonException();
        return new(e.Address, target, e.At == default ? Put(file) : e.At, e.By ?? "file") { Sequence = e.Sequence, LiftedAt = e.Lifted, TakenBackAt = e.TakenBack, LapsedAt = e.Lapsed };
    }

    static DateTimeOffset Put(string file) => new(File.GetLastWriteTimeUtc(file));

    /// <summary>First in force, then a file of ours.</summary>
    void TakeIn(string file, DarkOrder order)
    {
        var isOurs = file == FileOf(order.Id);
        // The same words once more, after that order was over, are an order of now.
        if (!isOurs && _orders.GetValueOrDefault(order.Id) is { OverAt: not null }) order = new(order.Address, order.Target, Put(file), order.By);
        if (!_orders.ContainsKey(order.Id)) _orders = _orders.SetItem(order.Id, order);
        if (isOurs) return;
        if (!File.Exists(FileOf(order.Id))) Write(_orders[order.Id]);
        File.Delete(file);
    }

    /// <summary>Whole or not at all, and on the disk before anybody is told.</summary>
    void Write(DarkOrder order)
    {
        var file = FileOf(order.Id);
        var unfinished = $"{file}.new";
        using (var stream = File.Create(unfinished))
        {
            JsonSerializer.Serialize(stream, Entry.Of(order), Json.Stored);
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, file, overwrite: true);
    }
}
