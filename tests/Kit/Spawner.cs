using System.Collections.Concurrent;
using System.Diagnostics;

namespace Vigil.Kit;

/// <summary>Starts processes that end with this one, also when it is killed.</summary>
static class Spawner
{
    static readonly BlockingCollection<Action> Orders = [];

    // The kernel sends the signal when the thread that started a process ends: so one that never ends starts them all.
    static Spawner() => new Thread(() => { foreach (var order in Orders.GetConsumingEnumerable()) order(); }) { IsBackground = true }.Start();

    public static Task Start(Process process)
    {
        var info = process.StartInfo;
        var program = info.FileName;
        info.FileName = "setpriv";
        foreach (var (i, argument) in new[] { "--pdeathsig", "KILL", program }.Index()) info.ArgumentList.Insert(i, argument);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Orders.Add(() =>
        {
            try { process.Start(); started.SetResult(); }
            catch (Exception e) { started.SetException(e); }
        });
        return started.Task;
    }
}
