using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests.Exactness;

/// <summary>What the masks offer is legal, all of what they do not offer is played as staying.</summary>
public sealed class LegalityTests
{
    /// <summary>Combinations of one verb's heads up to which all are tried.</summary>
    private const int Exhaustive = 512;
    private const string Macro = "macro";

    [Fact]
    public void EveryOfferedActionIsLegalAndNoOtherIs() => Property.Holds(MatchCase.Any(1200, 24), 60, c =>
    {
        var trial = new Trial(c);
        var rng = new Rng((ulong)c.Seed);
        for (int i = 0; i < c.Decisions && !trial.Over; i++)
        {
            trial.Choose();
            short[] chosen = [.. trial.Actions];
            for (int verb = 0; verb < trial.Spec.Heads[0].Size; verb++)
                TryVerb(trial, verb, ref rng);
            chosen.CopyTo(trial.Actions, 0);
            trial.Step();
        }
    });

    [Fact]
    public void AnIllegalActionLeavesTheStateThatStayingLeaves() => Property.Holds(MatchCase.Any(1200, 40), 60, c =>
    {
        var trial = new Trial(c, matches: 2);
        var rng = new Rng((ulong)c.Seed);
        byte[] snapshot = new byte[trial.Env.SnapshotBytes];
        int heads = trial.Spec.Heads.Count;
        for (int i = 0; i < c.Decisions && !trial.Over; i++)
        {
            trial.Env.Snapshot(0, snapshot);
            trial.Env.Restore(1, snapshot);
            trial.Choose();
            Span<short> other = trial.Actions.AsSpan(trial.Agents * heads);
            trial.Actions.AsSpan(0, trial.Agents * heads).CopyTo(other);
            for (int a = 0; a < trial.Agents; a++)
            {
                if (rng.Next(2) == 0)
                    continue;
                Span<short> action = trial.ActionOf(a);
                do
                    Nonsense(trial.Spec, action, ref rng);
                while (Offered(trial.Spec, trial.MaskOf(a), action));
                other.Slice(a * heads, heads).Fill(-1);
                other[a * heads] = (short)Verb.Stay;
            }
            trial.Step();
            ref WorldState stayed = ref trial.Env.State(1);
            if (!StateFields.Same(in trial.State, in stayed))
                Assert.Fail($"tick {stayed.Tick}: {StateFields.Difference(in trial.State, in stayed)}");
        }
    });

    /// <summary>All agents at once try the same options; what is legal differs between them.</summary>
    private static void TryVerb(Trial trial, int verb, ref Rng rng)
    {
        EnvironmentSpec spec = trial.Spec;
        long combinations = 1;
        for (int h = 1; h < spec.Heads.Count; h++)
            combinations *= Uses(spec, verb, h) ? spec.Heads[h].Size : 1;
        Span<short> action = stackalloc short[spec.Heads.Count];
        for (int n = 0; n < Math.Min(combinations, Exhaustive); n++)
        {
            int rest = n;
            action.Fill(-1);
            action[0] = (short)verb;
            for (int h = 1; h < spec.Heads.Count; h++)
            {
                int size = spec.Heads[h].Size;
                if (!Uses(spec, verb, h))
                    continue;
                // Most skills force most heads to 0, which a uniform draw would hardly ever meet.
                action[h] = (short)(combinations <= Exhaustive ? rest % size : rng.Next(2) == 0 ? 0 : rng.Next(size));
                rest /= size;
            }
            for (int a = 0; a < trial.Agents; a++)
                action.CopyTo(trial.ActionOf(a));
            int[] verbs = trial.Env.OrdersGivenBy(0, trial.Actions);
            for (int a = 0; a < trial.Agents; a++)
            {
                bool offered = Offered(spec, trial.MaskOf(a), action);
                if (verbs[a] != (offered ? verb : (int)Verb.Stay))
                    Assert.Fail($"tick {trial.State.Tick}, agent {a}: [{string.Join(", ", action.ToArray())}], {(offered ? "offered" : "not offered")}, comes to {(Verb)verbs[a]}");
            }
        }
    }

    /// <summary>Half of the heads in range, the others far or just outside it.</summary>
    private static void Nonsense(EnvironmentSpec spec, Span<short> action, ref Rng rng)
    {
        for (int h = 0; h < action.Length; h++)
        {
            int size = spec.Heads[h].Size;
            action[h] = (short)(rng.Next(8) switch
            {
                0 => size,
                1 => -1,
                2 => rng.Next(2 * short.MaxValue) - short.MaxValue,
                3 => -2 - rng.Next(300),
                _ => spec.Heads[h].Name == Macro ? -1 : rng.Next(size),
            });
        }
    }

    /// <summary>
    /// Whether a verb is legal only with certain options of a head. A macro command stands beside the verb: one that is not legal leaves the
    /// command in force, and scripted players may give any that the rules allow, offered or not.
    /// </summary>
    private static bool Uses(EnvironmentSpec spec, int verb, int head) => spec.Heads[head].MaskRows[verb] >= 0 && spec.Heads[head].Name != Macro;

    private static bool Offered(EnvironmentSpec spec, ReadOnlySpan<byte> mask, ReadOnlySpan<short> action)
    {
        int verb = action[0];
        if ((uint)verb >= (uint)spec.Heads[0].Size || mask[verb] == 0)
            return false;
        for (int h = 1; h < spec.Heads.Count; h++)
        {
            int row = Uses(spec, verb, h) ? spec.Heads[h].MaskRows[verb] : -1;
            if (row >= 0 && ((uint)action[h] >= (uint)spec.Heads[h].Size || mask[spec.MaskOffset(h, row) + action[h]] == 0))
                return false;
        }
        return true;
    }
}
