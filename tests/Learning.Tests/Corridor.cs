using SelfPlayArena.Core;

namespace SelfPlayArena.Learning.Tests;

/// <summary>
/// A walk of one agent along a row of places with a reward at the far end only: who walks at random hardly ever gets there, so what is learnt shows
/// whether something leads beyond what is known.
/// </summary>
internal sealed class Corridor(int matches) : IBatchEnvironment
{
    public const int Places = 16;
    public const int Decisions = 20;
    private readonly int[] _place = new int[matches], _decision = new int[matches];
    private readonly bool[] _over = new bool[matches];

    public EnvironmentSpec Spec { get; } = new EnvironmentSpec
    {
        Name = "corridor",
        ContentHash = "1",
        Teams = 1,
        AgentsPerTeam = 1,
        SecondsPerDecision = 1,
        TicksPerDecision = 1,
        Observation = new BlockLayout().Add("self", "self", 1, new FeatureSpec("place", FeatureKind.Categorical, Places)).Build(),
        FullState = [],
        Heads = [new ActionHeadSpec("verb", ["back", "ahead"], null, [0])],
        ValueHeads = ["goal"],
        Rewards = [new RewardTermSpec("reached", "goal", 1)],
        ScriptedPlayers = [],
    }.Validated();

    public int Matches => matches;

    public int SnapshotBytes => throw new NotSupportedException();

    public void Reset(int match, ulong seed) => (_place[match], _decision[match], _over[match]) = (0, 0, false);

    public void Observe(int match, Span<byte> observations, Span<byte> masks, Span<byte> fullState)
    {
        (observations[0], observations[1]) = (1, (byte)_place[match]);
        masks[..2].Fill(1);
    }

    public void Step(ReadOnlySpan<short> actions, Span<float> rewards, Span<MatchStatus> status)
    {
        for (int m = 0; m < matches; m++)
        {
            rewards[m] = 0;
            if (!_over[m])
            {
                _place[m] = actions[m] == 1 ? _place[m] + 1 : Math.Max(_place[m] - 1, 0);
                rewards[m] = _place[m] == Places - 1 ? 1 : 0;
                _over[m] = _place[m] == Places - 1 || ++_decision[m] == Decisions;
            }
            status[m] = _over[m] ? MatchStatus.Terminated : MatchStatus.Running;
        }
    }

    public MatchStatus StepOnly(int match, ReadOnlySpan<short> actions) => throw new NotSupportedException();

    public void ActScripted(int match, int agent, int player, Span<short> action, ref Rng rng) => throw new NotSupportedException();

    public MatchOutcome Outcome(int match) => throw new NotSupportedException();

    public void Snapshot(int match, Span<byte> destination) => throw new NotSupportedException();

    public void Restore(int match, ReadOnlySpan<byte> source) => throw new NotSupportedException();

    public void Determinize(int match, int team, ref Rng rng) => throw new NotSupportedException();

    public ulong StateHash(int match) => throw new NotSupportedException();
}
