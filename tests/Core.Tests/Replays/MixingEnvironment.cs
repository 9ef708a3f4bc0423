using System.Runtime.InteropServices;
using SelfPlayArena.Core;

namespace SelfPlayArena.Core.Tests.Replays;

/// <summary>
/// One long match of many agents and heads whose state mixes in every action, so that one wrong number anywhere shows in all states that
/// follow. Stands for any game in tests of what a game does not matter for.
/// </summary>
/// <param name="length">Decisions of a match.</param>
/// <param name="otherRulesFrom">Decision from which on the rules are other ones, as after a change of the program.</param>
internal sealed class MixingEnvironment(int length = 700, int otherRulesFrom = int.MaxValue) : IBatchEnvironment
{
    public const int Heads = 9;
    private readonly ulong[] _state = new ulong[2];

    public static EnvironmentSpec Layout { get; } = Build();

    public EnvironmentSpec Spec => Layout;

    public int Matches => 1;

    public int SnapshotBytes => 2 * sizeof(ulong);

    public void Reset(int match, ulong seed)
    {
        _state[0] = seed;
        _state[1] = 0;
    }

    public MatchStatus StepOnly(int match, ReadOnlySpan<short> actions)
    {
        ulong rules = _state[1] >= (ulong)otherRulesFrom ? 1ul : 0ul;
        _state[0] = StableHash.Append(_state[0] + rules, MemoryMarshal.AsBytes(actions));
        return ++_state[1] >= (ulong)length ? MatchStatus.Terminated : MatchStatus.Running;
    }

    public MatchOutcome Outcome(int match) => new((int)(_state[0] & 1), (int)_state[1], "length", [_state[0] >> 40, 2]);

    public void Snapshot(int match, Span<byte> destination) => MemoryMarshal.AsBytes(_state.AsSpan()).CopyTo(destination);

    public void Restore(int match, ReadOnlySpan<byte> source) => source.CopyTo(MemoryMarshal.AsBytes(_state.AsSpan()));

    public ulong StateHash(int match) => StableHash.Of(MemoryMarshal.AsBytes(_state.AsSpan()));

    public void Observe(int match, Span<byte> observations, Span<byte> masks, Span<byte> fullState) => throw new NotSupportedException();

    public void Step(ReadOnlySpan<short> actions, Span<float> rewards, Span<MatchStatus> status) => throw new NotSupportedException();

    public void ActScripted(int match, int agent, int player, Span<short> action, ref Rng rng) => throw new NotSupportedException();

    public void Determinize(int match, int team, ref Rng rng) => throw new NotSupportedException();

    private static EnvironmentSpec Build()
    {
        EnvironmentSpec small = Specs.Small();
        return new EnvironmentSpec
        {
            Name = "test/mixing",
            ContentHash = small.ContentHash,
            Teams = 2,
            AgentsPerTeam = 5,
            SecondsPerDecision = 0.5f,
            TicksPerDecision = 1,
            Observation = small.Observation,
            FullState = small.FullState,
            Heads = [.. Enumerable.Range(0, Heads).Select(h => new ActionHeadSpec($"head{h}", ["a", "b"], null, h == 0 ? [0] : [0, 0]))],
            ValueHeads = small.ValueHeads,
            Rewards = small.Rewards,
            ScriptedPlayers = [],
        }.Validated();
    }
}
