using System.Diagnostics;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning.Acting;

/// <summary>What <see cref="ActorInference"/> has done so far.</summary>
/// <param name="Batches">Forward passes.</param>
/// <param name="Requests">Requests of hosts that they answered.</param>
/// <param name="Rows">Agents' decisions in them.</param>
/// <param name="InterpretedRows">Agents' decisions that actors left to the interpreter: those of policies that do not learn.</param>
/// <param name="Waiting">Time that requests, all together, waited for their batch to begin.</param>
/// <param name="Computing">Time that batches took, sampling included.</param>
public sealed record ActorInferenceCounters(long Batches, long Requests, long Rows, long InterpretedRows, TimeSpan Waiting, TimeSpan Computing)
{
    public static ActorInferenceCounters None { get; } = new(0, 0, 0, 0, default, default);
}

/// <summary>
/// Evaluates the learning policy for all match hosts of a process through libtorch, in batches: while one is computed, the requests of the hosts that
/// come meanwhile gather for the next. Actions are drawn on the processor, by the sampler of the interpreter and with each host's own generator.
/// Thread-safe.
/// </summary>
public sealed class ActorInference : IDisposable
{
    /// <summary>The processor, through libtorch: for trying this path without a GPU, not for speed.</summary>
    public const string LibtorchOnCpu = "libtorch-cpu";

    /// <summary>Versions that hosts may still be playing with when the next one is there.</summary>
    private const int VersionsHeld = 2;

    /// <summary>About how long the first request waits for those of other hosts; a host may be simulating, or stand at the full queue for seconds.</summary>
    private static readonly TimeSpan MostWait = TimeSpan.FromMilliseconds(1);

    private readonly object _gate = new();
    private readonly NetworkPlan _plan;
    private readonly Device _device;
    private readonly int _mostRows;
    private readonly Thread _thread;
    private readonly List<Publication> _published = [];
    private List<ActorRequest> _waiting = [], _taken = [];
    private int _actors;
    private bool _closed;
    private Exception? _failure;
    private long _batches, _requests, _rows, _interpreted, _waitTicks, _busyTicks;

    /// <param name="plan">The network that learns.</param>
    /// <param name="device"><c>cuda</c>, or <see cref="LibtorchOnCpu"/>.</param>
    /// <exception cref="ArgumentException">There is no such device here.</exception>
    public ActorInference(NetworkPlan plan, string device)
    {
        _plan = plan;
        string name = device == LibtorchOnCpu ? "cpu" : device;
        _device = PpoLearner.DeviceProblem(name) is { } problem ? throw new ArgumentException($"actors' device: {problem}", nameof(device)) : PpoLearner.ChooseDevice(name);
        _mostRows = _device.type == DeviceType.CUDA ? PpoOptions.DeviceMicroBatch : PpoOptions.CpuMicroBatch;
        _thread = new Thread(Serve) { IsBackground = true, Name = "actors' inference" };
        _thread.Start();
    }

    /// <summary>Where it computes.</summary>
    public string DeviceName => _device.ToString();

    public ActorInferenceCounters Counters
    {
        get
        {
            lock (_gate)
                return new ActorInferenceCounters(_batches, _requests, _rows, _interpreted, Stopwatch.GetElapsedTime(0, _waitTicks), Stopwatch.GetElapsedTime(0, _busyTicks));
        }
    }

    internal NetworkPlan Plan => _plan;

    internal Placement Inputs => new(_device, ScalarType.Float32, ScalarType.Float32);

    /// <summary>Where an actor computes that a setting asks for; null for the interpreter.</summary>
    /// <param name="actorDevice"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <see cref="LibtorchOnCpu"/>.</param>
    /// <param name="learner">Where the learner computes, as <see cref="PpoLearner.DeviceName"/> says it.</param>
    /// <exception cref="ArgumentException">The setting is none of these.</exception>
    public static string? DeviceFor(string actorDevice, string learner) => actorDevice switch
    {
        "auto" => learner.StartsWith("cuda", StringComparison.Ordinal) ? "cuda" : null,
        "cpu" => null,
        "cuda" or LibtorchOnCpu => actorDevice,
        _ => throw new ArgumentException($"actor_device '{actorDevice}' is unknown; allowed: auto, cpu, cuda, {LibtorchOnCpu}", nameof(actorDevice)),
    };

    /// <summary>
    /// Makes a version known, before hosts get it. Hosts that still play with the one before are answered by that one, those that play with an older
    /// one, or with a frozen policy, by the interpreter: nobody is stopped, and whoever is named as the version of a step has made it.
    /// </summary>
    /// <param name="network">The version as hosts know it.</param>
    /// <param name="weights">The same weights; not written again.</param>
    public void Publish(PolicyNetwork network, Weights weights)
    {
        weights.Check(_plan);
        lock (_gate)
        {
            if (_published.Count == VersionsHeld)
                _published.RemoveAt(0);
            _published.Add(new Publication(network, weights));
        }
    }

    /// <summary>An actor for one host. Batches wait a moment for requests of all actors that were not disposed.</summary>
    public IPolicyActor CreateActor()
    {
        lock (_gate)
            _actors++;
        return new DeviceActor(this);
    }

    /// <summary>Ends after the batch under way; actors that wait for another one, or ask from now on, are answered by the interpreter.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
        _thread.Join();
    }

    internal void Leave()
    {
        lock (_gate)
        {
            _actors--;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>What was published under that network; null for one that is not held, whose rows the interpreter answers.</summary>
    internal Publication? Find(PolicyNetwork network, int rows)
    {
        lock (_gate)
        {
            Publication? found = _closed ? null : _published.Find(p => ReferenceEquals(p.Network, network));
            if (found is null)
                _interpreted += rows;
            return found;
        }
    }

    /// <summary>Waits until the request is answered; false if the service ended before.</summary>
    /// <exception cref="InvalidOperationException">A forward pass failed, this one or one before.</exception>
    internal bool Answer(ActorRequest request)
    {
        lock (_gate)
        {
            if (_failure is not null)
                throw Told(_failure);
            if (_closed)
                return false;
            request.Begin();
            _waiting.Add(request);
            Monitor.PulseAll(_gate);
        }
        return request.Await() is { } fault ? throw Told(fault) : request.Answered;
    }

    private InvalidOperationException Told(Exception e) => new($"the actors' inference on {DeviceName} failed: {e.Message}", e);

    private void Serve()
    {
        var networks = new List<Loaded>();
        Exception? fault = null;
        try
        {
            set_num_threads(1);
            using IDisposable guard = no_grad();
            var batch = new ActorBatch(_plan);
            while (Gather())
            {
                long begin = Stopwatch.GetTimestamp();
                foreach (IGrouping<Publication, ActorRequest> version in _taken.GroupBy(r => r.Version))
                    batch.Answer(NetworkOf(version.Key, networks), [.. version]);
                Count(begin);
                foreach (ActorRequest request in _taken)
                    request.Complete(answered: true);
            }
        }
        catch (Exception e)
        {
            fault = e is AggregateException { InnerExceptions: [var only, ..] } ? only : e;
        }
        foreach (Loaded network in networks)
            network.Network.Dispose();
        lock (_gate)
        {
            _failure = fault;
            foreach (ActorRequest request in _taken.Concat(_waiting))
                request.Complete(answered: false, fault);
            _waiting.Clear();
        }
    }

    /// <summary>Takes what waits, once every actor has asked, enough is there, or the first has waited long enough. False when it is all over.</summary>
    private bool Gather()
    {
        lock (_gate)
        {
            _taken.Clear();
            while (_waiting.Count == 0)
            {
                if (_closed)
                    return false;
                Monitor.Wait(_gate);
            }
            long first = Stopwatch.GetTimestamp();
            int rows;
            while ((rows = _waiting.Sum(r => r.Rows)) < _mostRows && _waiting.Count < _actors && !_closed)
            {
                TimeSpan left = MostWait - Stopwatch.GetElapsedTime(first);
                // Whole milliseconds: a part of one would be none.
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, (int)Math.Ceiling(left.TotalMilliseconds)))
                    break;
            }
            if (_closed)
                return false;
            int take = 1;
            for (int taken = _waiting[0].Rows; take < _waiting.Count && taken + _waiting[take].Rows <= _mostRows; take++)
                taken += _waiting[take].Rows;
            (_taken, _waiting) = (_waiting[..take], _waiting[take..]);
            return true;
        }
    }

    private TorchNetwork NetworkOf(Publication version, List<Loaded> networks)
    {
        int at = networks.FindIndex(n => ReferenceEquals(n.Version, version));
        if (at < 0 && networks.Count < VersionsHeld)
        {
            networks.Add(new Loaded(new TorchNetwork(_plan, version.Weights, _device), version));
            return networks[^1].Network;
        }
        Loaded found = networks[Math.Max(at, 0)];
        if (at < 0)
            found.Network.Parameters.Import(version.Weights);
        // The one that was used last goes to the end: the first is the next to make room.
        networks.Remove(found);
        networks.Add(found with { Version = version });
        return found.Network;
    }

    private void Count(long begin)
    {
        long now = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            _batches++;
            _busyTicks += now - begin;
            foreach (ActorRequest request in _taken)
            {
                _requests++;
                _rows += request.Rows;
                _waitTicks += begin - request.Since;
            }
        }
    }

    private sealed record Loaded(TorchNetwork Network, Publication Version);
}

/// <summary>A version: the network as hosts know it, and its weights.</summary>
internal sealed record Publication(PolicyNetwork Network, Weights Weights);

/// <summary>A host's side of the service. What the service does not hold, the interpreter evaluates on the host's thread.</summary>
internal sealed class DeviceActor(ActorInference service) : IPolicyActor
{
    private readonly InterpreterActor _interpreter = new();
    private readonly ActorRequest _request = new(service.Plan);
    private int _left;

    public void Act(PolicyNetwork network, ActorRows rows, ref Rng rng)
    {
        if (service.Find(network, rows.Rows) is not { } version)
        {
            _interpreter.Act(network, rows, ref rng);
            return;
        }
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        _request.Fill(version, rows, rng, service.Inputs);
        if (service.Answer(_request))
            rng = _request.Rng;
        else
            _interpreter.Act(network, rows, ref rng);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) != 0)
            return;
        service.Leave();
        _interpreter.Dispose();
    }
}
