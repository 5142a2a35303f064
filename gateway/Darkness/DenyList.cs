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
    sealed record Entry(string Address, DateTimeOffset At, string By, long? Sequence = null, DateTimeOffset? Lifted = null);

    readonly string _folder;
    readonly ILogger<DenyList> _log;
    readonly Lock _writing = new();
    readonly Dictionary<string, Guid?> _files = [];
    ImmutableDictionary<Guid, DarkOrder> _orders = ImmutableDictionary<Guid, DarkOrder>.Empty;

    public DenyList(IConfiguration configuration, ILogger<DenyList> log)
    {
        (_folder, _log) = (configuration["Gateway:DenyList"] is { Length: > 0 } folder ? folder : throw new InvalidOperationException("Set Gateway:DenyList to a folder on this instance's own disk."), log);
        Directory.CreateDirectory(_folder);
        Look();
    }

    public IEnumerable<DarkOrder> Orders => _orders.Values;

    public IEnumerable<DarkOrder> Open => _orders.Values.Where(o => o.LiftedAt is null);

    /// <summary>Twice is once: an order for the same story that stands already is the answer.</summary>
    public DarkOrder Add(DarkOrder order)
    {
        lock (_writing)
        {
            if (_orders.GetValueOrDefault(order.Id) is { } same) return same;
            if (Open.FirstOrDefault(o => o.Target == order.Target) is { } standing) return standing;
            Write(order);
            _orders = _orders.SetItem(order.Id, order);
            return order;
        }
    }

    public void Hear(Guid id, Word word)
    {
        lock (_writing)
        {
            var (before, after) = (_orders[id], DarkOrder.Next(_orders[id], word));
            if (after == before) return;
            if (after.Sequence != before.Sequence || after.LiftedAt != before.LiftedAt) Write(after);
            _orders = _orders.SetItem(id, after);
        }
    }

    /// <summary>Takes in what others have put into the folder, and throws out what was lifted long ago.</summary>
    public void Look(DateTimeOffset now = default)
    {
        lock (_writing)
        {
            foreach (var file in Directory.EnumerateFiles(_folder, "*.json").Where(f => !_files.ContainsKey(f)))
                if (Read(file) is { } order)
                {
                    _files[file] = order.Id;
                    _orders = _orders.SetItem(order.Id, order);
                }
                else
                {
                    _files[file] = null;
                    _log.LogError("A file of the deny list cannot be read, so that what it says is not in force");
                }
            foreach (var old in _orders.Values.Where(o => o.LiftedAt + Kept < now))
            {
                foreach (var file in _files.Where(f => f.Value == old.Id).Select(f => f.Key).ToArray())
                {
                    File.Delete(file);
                    _files.Remove(file);
                }
                _orders = _orders.Remove(old.Id);
            }
        }
    }

    static DarkOrder? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(File.ReadAllText(file), Json.Stored) is { } e && Target.Read(e.Address) is { } target
                ? new DarkOrder(e.Address, target, e.At, e.By) { Sequence = e.Sequence, LiftedAt = e.Lifted }
                : null;
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            return null;
        }
    }

    /// <summary>Whole or not at all, and on the disk before anybody is told.</summary>
    void Write(DarkOrder order)
    {
        var file = _files.FirstOrDefault(f => f.Value == order.Id).Key ?? Path.Combine(_folder, $"{order.Id:N}.json");
        var unfinished = $"{file}.new";
        using (var stream = File.Create(unfinished))
        {
            JsonSerializer.Serialize(stream, new Entry(order.Address, order.At, order.By, order.Sequence, order.LiftedAt), Json.Stored);
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, file, overwrite: true);
        _files[file] = order.Id;
    }
}
