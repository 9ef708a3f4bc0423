using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Grains;

/// <summary>A match host on its thread: finds the learner, plays for it, and finds it again when it has moved.</summary>
internal sealed class HostThread
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <summary>A host asks for as many matchups at a time as it plays matches, divided by this.</summary>
    private const int MatchesPerBatch = 16;

    private readonly HostOrder _order;
    private readonly SiloRuns _runs;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private MatchHost? _host;
    private HostCounters _before = new(0, 0, 0, TimeSpan.Zero);
    private string? _linked;
    private string? _fault;
    private bool _over;

    public HostThread(HostOrder order, SiloRuns runs)
    {
        (_order, _runs) = (order, runs);
        runs.Playing(this);
        new Thread(Work) { IsBackground = true, Name = $"match host {order.Key}" }.Start();
    }

    /// <summary>Completes when the thread has ended.</summary>
    public Task Ended => _ended.Task;

    public HostStatus Status
    {
        get
        {
            lock (_gate)
            {
                HostCounters played = _host is null ? _before : _before + _host.Counters;
                HostState state = _fault is not null ? HostState.Failed : _over ? HostState.Idle : _host is null ? HostState.Waiting : HostState.Playing;
                return new HostStatus(
                    state, _host?.Running ?? 0, played.Matches, played.AgentSteps, played.SinkWait.TotalSeconds, _runs.Outbox(_order.Run).Waiting, _linked,
                    Environment.MachineName, Environment.ProcessId, _fault);
            }
        }
    }

    /// <summary>Asks it to end.</summary>
    public void Stop() => _stop.Cancel();

    private void Work()
    {
        using (_runs.Meter.Show(_order.Key, () => Status))
            FindAndPlay();
        _ended.SetResult();
    }

    private void FindAndPlay()
    {
        try
        {
            ILearnerGrain learner = _runs.Grains.GetGrain<ILearnerGrain>(_order.Run);
            while (!_stop.IsCancellationRequested)
            {
                // Who learns in this process is found without asking.
                using (ILearnerLine? here = _runs.LocalLine(_order.Run))
                {
                    if (here is not null)
                    {
                        Play(here);
                        continue;
                    }
                }
                LearnerPlace place = Patience.Wait(() => _runs.Meter.Call("learner", "place", learner.Place), TimeSpan.MaxValue, _stop.Token);
                if (place.Over)
                    break;
                using ILearnerLine? line = place.Open ? _runs.Line(_order.Run, place) : null;
                if (line is null)
                    _stop.Token.WaitHandle.WaitOne(Poll);
                else
                    Play(line);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It was stopped while it waited for somebody.
        }
        catch (Exception e)
        {
            _runs.Log($"match host {_order.Key} stopped: {e}");
            lock (_gate)
                _fault = e.Message;
        }
        finally
        {
            lock (_gate)
                _over = true;
        }
    }

    private void Play(ILearnerLine line)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, line.Closed);
        try
        {
            HostTerms terms = line.Terms(stop.Token);
            int matches = _order.Matches > 0 ? _order.Matches : terms.Matches;
            var matchups = new HostMatchups(
                _runs.Grains.GetGrain<ILeagueGrain>(_order.Run), _runs.Outbox(_order.Run), matches / MatchesPerBatch, _runs.Meter, stop.Token);
            var director = new LeagueDirector(matchups, 0, terms.Options.Alike);
            director.Join(_order.Number);
            IBatchEnvironment environment = terms.Factory.Create(matches);
            using var owned = environment as IDisposable;
            using MatchHost host = terms.Make(_order.Number, environment, director);
            using IDisposable seat = line.Enlist(host);
            lock (_gate)
                (_host, _linked) = (host, line.Name);
            while (!stop.IsCancellationRequested && host.Step(stop.Token))
            {
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || line.Closed.IsCancellationRequested)
        {
            // The learner went away, or this host is to end, while it waited for a matchup or a policy.
        }
        catch (Exception e)
        {
            line.HostFailed(e);
            throw;
        }
        finally
        {
            lock (_gate)
            {
                if (_host is not null)
                    _before += _host.Counters;
                (_host, _linked) = (null, null);
            }
        }
    }
}
