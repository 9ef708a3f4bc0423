using System.Diagnostics;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Learning.Cloning;

/// <summary>Where cloning stands.</summary>
/// <param name="Seconds">Since it began.</param>
/// <param name="Share">Share of the way to its end, 0 to 1.</param>
/// <param name="Epoch">Pass over the demonstrations, from 1.</param>
/// <param name="Matches">Matches begun, each once a pass.</param>
/// <param name="Steps">Agent-steps learnt from, each once a pass.</param>
/// <param name="Loss">Running mean of an agent-step's loss, in nats.</param>
/// <param name="HeldOut">Scores on held-out matches, if they were just measured.</param>
public sealed record CloningProgress(double Seconds, double Share, int Epoch, int Matches, long Steps, double Loss, IReadOnlyList<HeadScore>? HeldOut);

/// <summary>What cloning made.</summary>
/// <param name="HeldOut">Scores on held-out matches of the weights, or of those of the last epoch where it was interrupted; null if it never came to measuring.</param>
/// <param name="Forbidden">By head: shown choices that were passed over because a mask forbids them.</param>
/// <param name="Interrupted">Whether it was cancelled before its end.</param>
public sealed record CloningResult(Weights Weights, int Epochs, int Matches, long Steps, double Loss, double Seconds, IReadOnlyList<HeadScore>? HeldOut, IReadOnlyDictionary<string, long> Forbidden, bool Interrupted);

/// <summary>Learns a policy from demonstrations and measures it on matches that it did not learn from.</summary>
public static class BehaviourCloning
{
    private const double LastRate = 0.1;
    private const double LossMemory = 0.98;
    private const int ProgressEvery = 8;
    private const int FollowEvery = 16;

    /// <param name="plan">The network.</param>
    /// <param name="weights">What it starts from.</param>
    /// <param name="demonstrations">Where matches come from.</param>
    /// <param name="training">Numbers of the matches to learn from.</param>
    /// <param name="heldOut">Numbers of those to measure on.</param>
    /// <param name="seed">Orders the matches.</param>
    /// <param name="progress">Called now and then on this thread.</param>
    /// <param name="cancellation">Ends it early; the result holds what was learnt so far.</param>
    /// <exception cref="InvalidOperationException">The loss is not finite.</exception>
    public static CloningResult Run(
        NetworkPlan plan, Weights weights, IDemonstrations demonstrations, IReadOnlyList<int> training, IReadOnlyList<int> heldOut,
        CloningOptions options, ulong seed, string device = "auto", Action<CloningProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(training.Count);
        long start = Stopwatch.GetTimestamp();
        using var cloner = new BehaviourCloner(plan, weights, options, device);
        var layout = new TrajectoryLayout(plan.Spec, options.Steps, plan.RecurrentSize);
        int streams = Streams(plan.Spec, options);
        IEnumerable<int> order = Order(training, options.Epochs, seed);
        using var matches = new DemonstrationStreams(demonstrations, order, Math.Min(streams, training.Count), layout, seed);
        var sequences = new List<ShownSequence>();
        long steps = 0, updates = 0;
        int epoch = 1;
        double loss = 0, seen = 0;
        IReadOnlyList<HeadScore>? scores = null;
        while (!cancellation.IsCancellationRequested && Share() < 1)
        {
            sequences.Clear();
            if (!matches.Next(sequences))
                break;
            double now = cloner.Learn(sequences, (float)(options.LearningRate * (1 - (1 - LastRate) * Share())));
            loss = LossMemory * loss + (1 - LossMemory) * now;
            seen = LossMemory * seen + (1 - LossMemory);
            steps += sequences.Sum(s => s.Stretch!.AgentSteps);
            int reached = Math.Min((matches.Begun - 1) / training.Count + 1, options.Epochs ?? int.MaxValue);
            if (reached > epoch)
            {
                scores = Measure(cloner, demonstrations, heldOut, layout, streams, cancellation) ?? scores;
                Tell(scores);
                epoch = reached;
            }
            else if (updates % ProgressEvery == 0)
            {
                Tell(null);
            }
            updates++;
            if (updates % FollowEvery == 0)
                demonstrations.Follow(new PolicyNetwork(plan, cloner.Export()));
        }
        bool interrupted = cancellation.IsCancellationRequested;
        if (!interrupted && Measure(cloner, demonstrations, heldOut, layout, streams, cancellation) is { } last)
        {
            scores = last;
            Tell(scores);
        }
        return new CloningResult(cloner.Export(), epoch, matches.Begun, steps, loss / Math.Max(seen, 1e-9), Seconds(), scores, plan.Spec.Heads.Zip(matches.Forbidden).ToDictionary(h => h.First.Name, h => h.Second), interrupted);

        double Seconds() => Stopwatch.GetElapsedTime(start).TotalSeconds;

        double Share() => Math.Max(
            options.Minutes is { } minutes ? Seconds() / (60 * minutes) : 0,
            options.Epochs is { } epochs ? Math.Min((double)matches.Begun / ((long)epochs * training.Count), 0.999) : 0);

        void Tell(IReadOnlyList<HeadScore>? measured)
            => progress?.Invoke(new CloningProgress(Seconds(), Math.Min(Share(), 1), epoch, matches.Begun, steps, loss / seen, measured));
    }

    /// <summary>Matches side by side that make up a batch if both teams are learnt from; more add nothing, fewer leave steps too much alike.</summary>
    private static int Streams(EnvironmentSpec spec, CloningOptions options)
        => Math.Clamp(options.BatchSteps / (options.Steps * spec.Agents), 4, 256);

    private static IEnumerable<int> Order(IReadOnlyList<int> numbers, int? epochs, ulong seed)
    {
        var rng = new Rng(Seeds.Derive(seed, "cloning order"));
        int[] order = [.. numbers];
        for (int epoch = 0; epochs is null || epoch < epochs; epoch++)
        {
            for (int i = order.Length - 1; i > 0; i--)
            {
                int j = rng.Next(i + 1);
                (order[i], order[j]) = (order[j], order[i]);
            }
            foreach (int n in order)
                yield return n;
        }
    }

    private static IReadOnlyList<HeadScore>? Measure(BehaviourCloner cloner, IDemonstrations demonstrations, IReadOnlyList<int> numbers, TrajectoryLayout layout, int streams, CancellationToken cancellation)
    {
        if (numbers.Count == 0)
            return null;
        var scores = new HeadScores([.. layout.Spec.Heads.Select(h => h.Name)]);
        using var matches = new DemonstrationStreams(demonstrations, numbers, Math.Min(streams, numbers.Count), layout);
        var sequences = new List<ShownSequence>();
        while (!cancellation.IsCancellationRequested && matches.Next(sequences))
        {
            cloner.Measure(sequences, scores);
            sequences.Clear();
        }
        return cancellation.IsCancellationRequested ? null : scores.Result();
    }
}
