using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SelfPlayArena.Core;
using static SelfPlayArena.Matching.MatchingRules;

namespace SelfPlayArena.Matching;

/// <summary>
/// A tiny game of two teams of two whose best play is known, for checking that learning works. At the first decision an agent is shown a
/// colour. From then on, a decision deals it some cards; picking the one of its colour is right. When its table asks, answering what is asked
/// is right too, and is the only thing that is when no card matches. A right action earns 1, everything else 0, so a policy needs attention over
/// sets, heads conditioned on the verb, masks, and memory.
/// </summary>
/// <remarks>Each agent's table depends on nothing that agents do; the team with the higher score wins.</remarks>
public sealed class MatchingEnvironment : IBatchEnvironment
{
    private readonly MatchState[] _matches;
    private readonly float _sign;
    private readonly byte[] _cues;
    private readonly byte[] _given;

    /// <param name="matches">Number of matches M.</param>
    /// <param name="reverseRewards">Negates all rewards (not the score): a learner that follows them must get worse at the game.</param>
    /// <param name="options">Which colours agents are shown; null for all.</param>
    /// <exception cref="ArgumentException">Says which option is wrong and what is allowed.</exception>
    public MatchingEnvironment(int matches, bool reverseRewards = false, MatchingOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(matches);
        (_cues, _given) = (options ?? new MatchingOptions()).Validated();
        _matches = new MatchState[matches];
        _sign = reverseRewards ? -1f : 1f;
        for (int m = 0; m < matches; m++)
            Reset(m, Seeds.Derive(0, "matching", (ulong)m));
    }

    /// <summary>What the best player earns at every decision, in reward before weights: there is always exactly one kind of right action.</summary>
    public const float OptimalReturn = 1f;

    public EnvironmentSpec Spec => MatchingRules.Spec;

    public int Matches => _matches.Length;

    public int SnapshotBytes => Unsafe.SizeOf<MatchState>();

    public void Reset(int match, ulong seed)
    {
        ref MatchState s = ref _matches[match];
        s = default;
        s.Random = seed;
        s.Length = ShortestMatch + Draw(ref s, LongestMatch - ShortestMatch + 1);
        for (int a = 0; a < Agents; a++)
            s.Cue[a] = _given.Length > 0 ? _given[a] : _cues[Draw(ref s, _cues.Length)];
        Deal(ref s);
    }

    public void Observe(int match, Span<byte> observations, Span<byte> masks, Span<byte> fullState)
    {
        ref readonly MatchState s = ref _matches[match];
        int bytes = Spec.ObservationBytes;
        for (int a = 0; a < Agents; a++)
        {
            ObserveAgent(in s, a, observations.Slice(a * bytes, bytes));
            Mask(in s, a, masks.Slice(a * Spec.MaskBytes, Spec.MaskBytes));
        }
        if (fullState.IsEmpty)
            return;
        for (int t = 0; t < Teams; t++)
            ObserveFull(in s, t, fullState.Slice(t * Spec.FullStateBytes, Spec.FullStateBytes));
    }

    public void Step(ReadOnlySpan<short> actions, Span<float> rewards, Span<MatchStatus> status)
    {
        int terms = Spec.Rewards.Count;
        for (int m = 0; m < _matches.Length; m++)
            status[m] = Advance(ref _matches[m], actions.Slice(m * Agents * Heads, Agents * Heads), rewards.Slice(m * Agents * terms, Agents * terms));
    }

    public MatchStatus StepOnly(int match, ReadOnlySpan<short> actions) => Advance(ref _matches[match], actions, default);

    public void ActScripted(int match, int agent, int player, Span<short> action, ref Rng rng)
    {
        if (player != 0)
            throw new ArgumentOutOfRangeException(nameof(player), player, $"the only scripted player is 0, {Perfect}");
        ref readonly MatchState s = ref _matches[match];
        action.Fill(-1);
        int card = MatchingCard(in s, agent);
        action[0] = card >= 0 ? (short)Pick : (short)Answer;
        if (card >= 0)
            action[1] = (short)card;
        else
            action[2] = s.Asked[agent];
    }

    public MatchOutcome Outcome(int match)
    {
        ref readonly MatchState s = ref _matches[match];
        if (s.Ended == 0)
            throw new InvalidOperationException($"match {match} is still running (decision {s.Decision} of {s.Length})");
        int winner = s.Scores[0] > s.Scores[1] ? 0 : s.Scores[1] > s.Scores[0] ? 1 : -1;
        return new MatchOutcome(winner, s.Decision, "last decision", [s.Scores[0], s.Scores[1]]);
    }

    public void Snapshot(int match, Span<byte> destination) => MemoryMarshal.AsBytes(_matches.AsSpan(match, 1)).CopyTo(destination);

    public void Restore(int match, ReadOnlySpan<byte> source) => source[..SnapshotBytes].CopyTo(MemoryMarshal.AsBytes(_matches.AsSpan(match, 1)));

    /// <summary>Draws the other team's cues and cards, the match's remaining length, and everybody's future anew.</summary>
    public void Determinize(int match, int team, ref Rng rng)
    {
        ref MatchState s = ref _matches[match];
        s.Random = rng.NextUInt64();
        if (s.Ended == 0)
        {
            int shortest = Math.Max(ShortestMatch, s.Decision + 1);
            s.Length = shortest + Draw(ref s, LongestMatch - shortest + 1);
        }
        for (int a = 0; a < Agents; a++)
        {
            if (a / AgentsPerTeam == team)
                continue;
            s.Cue[a] = _given.Length > 0 ? _given[a] : _cues[Draw(ref s, _cues.Length)];
            DealAgent(ref s, a);
        }
    }

    public ulong StateHash(int match) => StableHash.Of(MemoryMarshal.AsBytes(_matches.AsSpan(match, 1)));

    private MatchStatus Advance(ref MatchState s, ReadOnlySpan<short> actions, Span<float> rewards)
    {
        rewards.Clear();
        if (s.Ended != 0)
            return MatchStatus.Terminated;
        for (int a = 0; a < Agents; a++)
        {
            ReadOnlySpan<short> action = actions.Slice(a * Heads, Heads);
            bool picked = action[0] == Pick && (uint)action[1] < Slots && action[1] == MatchingCard(in s, a);
            bool answered = action[0] == Answer && s.Asked[a] < Answers && action[2] == s.Asked[a];
            if (picked || answered)
                s.Scores[a / AgentsPerTeam]++;
            if (!rewards.IsEmpty && (picked || answered))
                rewards[a * 2 + (picked ? 0 : 1)] = _sign;
        }
        if (++s.Decision >= s.Length)
        {
            s.Ended = 1;
            return MatchStatus.Terminated;
        }
        Deal(ref s);
        return MatchStatus.Running;
    }

    private static void Deal(ref MatchState s)
    {
        for (int a = 0; a < Agents; a++)
            DealAgent(ref s, a);
    }

    /// <summary>
    /// One table in four is empty; the others hold any set of colours, each once. The table asks exactly when no card matches, so that one kind
    /// of action is right at every decision.
    /// </summary>
    private static void DealAgent(ref MatchState s, int agent)
    {
        int start = agent * Slots;
        int colours = Draw(ref s, 4) == 0 ? 0 : Draw(ref s, 1 << Colours);
        int free = (1 << Slots) - 1;
        for (int slot = 0; slot < Slots; slot++)
        {
            s.Present[start + slot] = 0;
            s.Colour[start + slot] = 0;
            s.Marks[start + slot] = 0;
            s.Place[start + slot] = 0;
        }
        for (int colour = 0; colour < Colours; colour++)
        {
            if ((colours >> colour & 1) == 0)
                continue;
            int slot = Draw(ref s, Slots);
            while ((free >> slot & 1) == 0)
                slot = (slot + 1) % Slots;
            free &= ~(1 << slot);
            s.Present[start + slot] = 1;
            s.Colour[start + slot] = (byte)colour;
            s.Marks[start + slot] = (byte)Draw(ref s, 16);
            s.Place[start + slot] = (byte)Draw(ref s, 256);
        }
        s.Asked[agent] = (byte)(MatchingCard(in s, agent) >= 0 ? Answers : Draw(ref s, Answers));
    }

    private static int MatchingCard(in MatchState s, int agent)
    {
        for (int slot = 0; slot < Slots; slot++)
        {
            int i = agent * Slots + slot;
            if (s.Present[i] != 0 && s.Colour[i] == s.Cue[agent])
                return slot;
        }
        return -1;
    }

    private void ObserveAgent(in MatchState s, int agent, Span<byte> to)
    {
        to.Clear();
        BlockSpec self = Spec.Observation[0], cue = Spec.Observation[1], cards = Spec.Observation[2];
        to[self.Offset] = 1;
        to[self.RowsOffset] = Quantize.Scalar8(s.Decision / (float)LongestMatch);
        // Index Answers stands for 'nothing asked': some card is right, and only memory of the cue tells which.
        to[self.RowsOffset + 1] = s.Asked[agent];
        if (s.Decision == 0)
        {
            to[cue.Offset] = 1;
            to[cue.RowsOffset] = s.Cue[agent];
        }
        for (int slot = 0; slot < Slots; slot++)
        {
            int i = agent * Slots + slot;
            if (s.Present[i] == 0)
                continue;
            to[cards.Offset + slot] = 1;
            Span<byte> row = to.Slice(cards.RowsOffset + slot * cards.SlotBytes, cards.SlotBytes);
            row[0] = s.Colour[i];
            row[1] = Quantize.Scalar8((s.Place[i] - 128) / 127f);
            BitConverter.TryWriteBytes(row[2..], (Half)(s.Place[i] / 32f));
            row[4] = s.Marks[i];
        }
    }

    private static void ObserveFull(in MatchState s, int team, Span<byte> to)
    {
        to.Clear();
        BlockSpec match = MatchingRules.Spec.FullState[0], agents = MatchingRules.Spec.FullState[1];
        to[match.Offset] = 1;
        to[match.RowsOffset] = Quantize.Scalar8(s.Decision / (float)LongestMatch);
        BitConverter.TryWriteBytes(to[(match.RowsOffset + 1)..], (Half)(s.Length / (float)LongestMatch));
        for (int i = 0; i < Agents; i++)
        {
            int a = (i + team * AgentsPerTeam) % Agents;
            to[agents.Offset + i] = 1;
            Span<byte> row = to.Slice(agents.RowsOffset + i * agents.SlotBytes, agents.SlotBytes);
            row[0] = a / AgentsPerTeam == team ? (byte)1 : (byte)0;
            row[1] = s.Cue[a];
            row[2] = MatchingCard(in s, a) >= 0 ? (byte)1 : (byte)0;
        }
    }

    private static void Mask(in MatchState s, int agent, Span<byte> mask)
    {
        mask.Clear();
        Span<byte> cards = mask.Slice(MatchingRules.Spec.MaskOffset(1, 0), Slots);
        Span<byte> answers = mask.Slice(MatchingRules.Spec.MaskOffset(2, 0), Answers);
        int any = 0;
        for (int slot = 0; slot < Slots; slot++)
            any |= cards[slot] = s.Present[agent * Slots + slot];
        answers.Fill(1);
        mask[Wait] = 1;
        mask[Pick] = (byte)any;
        mask[Answer] = 1;
    }

    private static int Draw(ref MatchState s, int bound) => (int)(((Seeds.Mix(ref s.Random) >> 32) * (ulong)bound) >> 32);
}
