using SelfPlayArena.Core;
using SelfPlayArena.Moba;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Server.Matches.Bots;

/// <summary>
/// Where the bots of a match decide, one after another or, those with the same network, in one batch. Holds the buffers of one thread: all matches
/// that a thread ticks share them.
/// </summary>
internal sealed class BotTable
{
    private const int MostRunners = 8;

    [ThreadStatic]
    private static BotTable? s_ofThread;

    private readonly PolicyRunners _runners = new(MostRunners);
    private readonly List<(Bot Bot, int Agent)> _batch = [];
    private byte[] _observations = [], _masks = [], _seen = [], _legal = [];
    private short[] _chosen = [];
    private float[] _recurrent = [], _probabilities = [];
    private Rng[] _rngs = [];

    public static BotTable OfThread => s_ofThread ??= new BotTable();

    /// <summary>Lets bots decide in a match's present state.</summary>
    /// <param name="bots">By agent; null where nobody decides.</param>
    /// <param name="heads">[agents, heads]: written for those who decide.</param>
    public void Decide(MobaEnvironment environment, ReadOnlySpan<Bot?> bots, Span<short> heads)
    {
        EnvironmentSpec spec = environment.Spec;
        int width = spec.Heads.Count;
        bool observed = false;
        foreach (Bot? bot in bots)
            observed |= bot is { Observes: true };
        if (observed)
        {
            Grow(ref _observations, spec.Agents * spec.ObservationBytes);
            Grow(ref _masks, spec.Agents * spec.MaskBytes);
            environment.Observe(0, _observations, _masks, default);
        }
        for (int a = 0; a < bots.Length; a++)
        {
            if (bots[a] is { Network: null } bot)
                bot.Decide(environment, a, _masks.AsSpan(observed ? a * spec.MaskBytes : 0, observed ? spec.MaskBytes : 0), heads.Slice(a * width, width));
        }
        for (int a = 0; a < bots.Length; a++)
        {
            if (bots[a]?.Network is not { } network || Earlier(bots, a, network))
                continue;
            _batch.Clear();
            for (int b = a; b < bots.Length; b++)
            {
                if (ReferenceEquals(bots[b]?.Network, network))
                    _batch.Add((bots[b]!, b));
            }
            Evaluate(spec, network, heads);
        }
    }

    private static bool Earlier(ReadOnlySpan<Bot?> bots, int agent, PolicyNetwork network)
    {
        for (int b = 0; b < agent; b++)
        {
            if (ReferenceEquals(bots[b]?.Network, network))
                return true;
        }
        return false;
    }

    private void Evaluate(EnvironmentSpec spec, PolicyNetwork network, Span<short> heads)
    {
        int rows = _batch.Count, width = spec.Heads.Count, memory = network.Plan.RecurrentSize;
        Grow(ref _seen, rows * spec.ObservationBytes);
        Grow(ref _legal, rows * spec.MaskBytes);
        Grow(ref _chosen, rows * width);
        Grow(ref _probabilities, rows * width);
        Grow(ref _recurrent, rows * memory);
        Grow(ref _rngs, rows);
        for (int r = 0; r < rows; r++)
        {
            (Bot bot, int agent) = _batch[r];
            _observations.AsSpan(agent * spec.ObservationBytes, spec.ObservationBytes).CopyTo(_seen.AsSpan(r * spec.ObservationBytes));
            _masks.AsSpan(agent * spec.MaskBytes, spec.MaskBytes).CopyTo(_legal.AsSpan(r * spec.MaskBytes));
            bot.Recurrent.CopyTo(_recurrent, r * memory);
            _rngs[r] = bot.Rng;
        }
        PolicyRunner runner = _runners.Of(network);
        runner.Forward(rows, _seen, _recurrent);
        runner.Sample(_legal, _rngs, _chosen, _probabilities);
        for (int r = 0; r < rows; r++)
        {
            (Bot bot, int agent) = _batch[r];
            _recurrent.AsSpan(r * memory, memory).CopyTo(bot.Recurrent);
            bot.Rng = _rngs[r];
            _chosen.AsSpan(r * width, width).CopyTo(heads[(agent * width)..]);
        }
    }

    private static void Grow<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new T[length];
    }
}
