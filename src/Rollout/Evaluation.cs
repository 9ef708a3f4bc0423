using System.Diagnostics;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;

namespace SelfPlayArena.Rollout;

/// <summary>One side of an evaluation: a scripted player by name, or a policy.</summary>
/// <param name="Label">What it is called in reports.</param>
public sealed record Contestant(string Label, string? Scripted, PolicyVersion? Policy);

/// <summary>The matches of an evaluation, side A's point of view.</summary>
/// <param name="Decisions">Mean length of a match in decisions.</param>
/// <param name="AgentSteps">Decisions of all agents together.</param>
/// <param name="Reasons">How many matches ended for each reason.</param>
public sealed record EvaluationResult(
    int WinsA, int WinsB, int Draws, double Decisions, long AgentSteps, double Seconds, IReadOnlyDictionary<string, int> Reasons)
{
    public int Matches => WinsA + WinsB + Draws;
}

/// <summary>
/// Plays two contestants against each other. Every seed is played twice with sides swapped. Every match that begins is played to its end, so
/// that short matches are not over-represented. The same seed and number of threads give the same matches.
/// </summary>
public static class Evaluation
{
    private const int MatchesAtOnce = 64;

    /// <param name="temperature">Sampling temperature of policies, see <see cref="HostOptions.Temperature"/>.</param>
    /// <param name="recorder">Gets every match offered for recording; its files are numbered by match. The caller disposes of it.</param>
    /// <param name="progress">Called now and then, from any thread, with the number of finished matches.</param>
    /// <exception cref="OperationCanceledException">Cancelled before all matches were played.</exception>
    public static EvaluationResult Play(
        IEnvironmentFactory factory, Contestant a, Contestant b, int matches, ulong seed, int threads,
        float temperature = 1, Action<int>? progress = null, CancellationToken cancellation = default, IMatchRecorder? recorder = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(matches, 1);
        threads = Math.Clamp(threads, 1, matches);
        var source = new ContestantSource(a, b);
        var director = new ShareDirector(source, matches, threads, seed, progress);
        LabelledRecorder? labelled = recorder is null ? null : new LabelledRecorder(recorder, source);
        long start = Stopwatch.GetTimestamp();
        long agentSteps = 0;
        Exception? failure = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Thread[] hosts = Enumerable.Range(0, threads).Select(h => new Thread(() =>
        {
            try
            {
                IBatchEnvironment environment = factory.Create(Math.Min(MatchesAtOnce, director.ShareOf(h)));
                using var _ = environment as IDisposable;
                using var host = new MatchHost(h, environment, director, source, null, null, new HostOptions { Temperature = temperature }, seed, labelled);
                while (!stop.IsCancellationRequested && host.Step(stop.Token))
                {
                }
                Interlocked.Add(ref agentSteps, host.Counters.AgentSteps);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
                stop.Cancel();
            }
        })
        { IsBackground = true, Name = $"evaluation {h}" }).ToArray();
        foreach (Thread t in hosts)
            t.Start();
        foreach (Thread t in hosts)
            t.Join();
        if (failure is not null)
            throw new InvalidOperationException($"evaluation stopped: {failure.Message}", failure);
        cancellation.ThrowIfCancellationRequested();
        return director.Result(agentSteps, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private sealed class ContestantSource(Contestant a, Contestant b) : IPolicySource
    {
        public PlayerId A { get; } = Id(a, "a");

        public PlayerId B { get; } = Id(b, "b");

        /// <summary>What reports call a player.</summary>
        public string LabelOf(string player) => player == A.ToString() ? a.Label : b.Label;

        public PolicyVersion Get(PlayerId player)
            => (player == A ? a.Policy : b.Policy) ?? throw new ArgumentException($"player '{player}' has no policy");

        private static PlayerId Id(Contestant contestant, string side)
            => contestant.Scripted is { } name ? new PlayerId(new MemberId(MemberId.ScriptedPrefix + name), 0) : new PlayerId(new MemberId(side), 1);
    }

    /// <summary>Names players as reports do, and numbers files by match.</summary>
    private sealed class LabelledRecorder(IMatchRecorder inner, ContestantSource source) : IMatchRecorder
    {
        public ReplayRecording? Begin(IBatchEnvironment environment, int match, MatchToRecord subject) => inner.Begin(environment, match, subject with
        {
            Number = long.Parse(subject.Name, System.Globalization.CultureInfo.InvariantCulture),
            Players = [.. subject.Players.Select(source.LabelOf)],
        });
    }

    /// <summary>Gives host h the matches h, h + threads, …; two consecutive numbers share a seed and swap sides.</summary>
    private sealed class ShareDirector(ContestantSource source, int matches, int threads, ulong seed, Action<int>? progress) : IMatchDirector
    {
        private readonly object _gate = new();
        private readonly int[] _next = Enumerable.Range(0, threads).ToArray();
        private readonly Matchup _matchup = new(0, source.A, source.B, matches, seed);
        private readonly Dictionary<string, int> _reasons = [];
        private int _winsA, _winsB, _draws;
        private long _decisions;

        public int ShareOf(int host) => (matches - host + threads - 1) / threads;

        public Assignment? Next(int host)
        {
            int i = _next[host];
            if (i >= matches)
                return null;
            _next[host] += threads;
            return new Assignment(_matchup, i.ToString(System.Globalization.CultureInfo.InvariantCulture), i % 2, Seeds.Derive(seed, "evaluation", (ulong)(i / 2)));
        }

        public void Ended(int host, Assignment assignment)
        {
        }

        public void Report(int host, MatchResult result)
        {
            int finished;
            lock (_gate)
            {
                if (result.Outcome.Winner < 0)
                    _draws++;
                else if (result.Outcome.Winner == result.HomeSide)
                    _winsA++;
                else
                    _winsB++;
                _decisions += result.Outcome.Decisions;
                _reasons[result.Outcome.Reason] = _reasons.GetValueOrDefault(result.Outcome.Reason) + 1;
                finished = _winsA + _winsB + _draws;
            }
            progress?.Invoke(finished);
        }

        public EvaluationResult Result(long agentSteps, double seconds)
            => new(_winsA, _winsB, _draws, (double)_decisions / matches, agentSteps, seconds, _reasons);
    }
}
