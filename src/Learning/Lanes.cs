using System.Diagnostics;
using System.Runtime.ExceptionServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>
/// Threads that compute on the same weights side by side, each with gradients of its own. The products of a narrow network are too small to be shared among
/// threads; whole micro-batches are not. What a lane is given must not hang on how fast the others are: then the same chunks give the same bits, as gradients
/// are added up in the lanes' order.
/// </summary>
internal sealed class Lanes : IDisposable
{
    private readonly TorchNetwork[] _networks;
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim[] _begin;
    private readonly Exception?[] _failures;

    // Not an event that is reset: whoever has counted down to zero may set it only after the next work has begun, and would end that before its time.
    private readonly SemaphoreSlim _done = new(0);
    private Action<int> _work = _ => { };
    private volatile bool _ending;

    /// <param name="first">The first lane's, run by whoever calls; the others get networks that share its weights.</param>
    /// <param name="count">Lanes, the first included.</param>
    public Lanes(TorchNetwork first, int count)
    {
        _networks = [first, .. Enumerable.Range(1, count - 1).Select(_ => new TorchNetwork(first))];
        _failures = new Exception?[count];
        _begin = [.. Enumerable.Range(1, count - 1).Select(_ => new SemaphoreSlim(0))];
        _threads = [.. Enumerable.Range(1, count - 1).Select(lane => new Thread(() => Live(lane)) { IsBackground = true, Name = $"learner {lane + 1}" })];
        foreach (Thread thread in _threads)
            thread.Start();
    }

    public int Count => _networks.Length;

    public TorchNetwork this[int lane] => _networks[lane];

    /// <summary>Sets what all lanes compute in.</summary>
    public ScalarType Compute
    {
        set
        {
            foreach (TorchNetwork network in _networks)
                network.Compute = value;
        }
    }

    /// <summary>Runs the same work in every lane, the first on this thread, and returns when all are done; throws what the first of those that failed threw.</summary>
    /// <returns>Seconds that this thread waited for the others.</returns>
    public double Run(Action<int> work)
    {
        _work = work;
        Array.Clear(_failures);
        foreach (SemaphoreSlim begin in _begin)
            _ = begin.Release();
        Work(0);
        long wait = Stopwatch.GetTimestamp();
        for (int lane = 1; lane < _networks.Length; lane++)
            _done.Wait();
        if (Array.Find(_failures, f => f is not null) is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        return Stopwatch.GetElapsedTime(wait).TotalSeconds;
    }

    public void ZeroGradient()
    {
        foreach (TorchNetwork network in _networks)
            network.Parameters.ZeroGradient();
    }

    /// <summary>What all lanes collected [parameters].</summary>
    public Tensor Gradient()
    {
        Tensor sum = _networks[0].Parameters.Gradient();
        for (int lane = 1; lane < _networks.Length; lane++)
            sum = sum + _networks[lane].Parameters.Gradient();
        return sum;
    }

    /// <summary>Ends the threads; the first lane's network stays its owner's.</summary>
    public void Dispose()
    {
        _ending = true;
        foreach (SemaphoreSlim begin in _begin)
            _ = begin.Release();
        foreach (Thread thread in _threads)
            thread.Join();
        foreach (SemaphoreSlim begin in _begin)
            begin.Dispose();
        for (int lane = 1; lane < _networks.Length; lane++)
            _networks[lane].Dispose();
        _done.Dispose();
    }

    private void Live(int lane)
    {
        // libtorch gives a thread of its own as many helpers as the machine has cores.
        set_num_threads(1);
        while (true)
        {
            _begin[lane - 1].Wait();
            if (_ending)
                return;
            Work(lane);
            _ = _done.Release();
        }
    }

    private void Work(int lane)
    {
        try
        {
            _work(lane);
        }
        catch (Exception e)
        {
            _failures[lane] = e;
        }
    }
}
