using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests.Exactness;

/// <summary>No side has anything that the other has not: with line-ups and players exchanged, the match is the reflection of the match.</summary>
public sealed class ReflectionTests
{
    [Fact]
    public void AMatchWithTheSidesSwappedIsTheReflection() => Property.Holds(MatchCase.Any(0, 1600), 60, c =>
    {
        var trial = new Trial(c, matches: 2);
        trial.Reset(1, swapped: true);
        MobaEnvironment env = trial.Env;
        var reflection = new Reflection(env.World.Map);
        var rng = new Rng((ulong)c.Seed);
        byte[] observations = new byte[trial.Observations.Length];
        byte[] masks = new byte[trial.Masks.Length];
        byte[] full = new byte[trial.Full.Length];
        int actions = trial.Agents * trial.Spec.Heads.Count;
        int rewards = trial.Agents * trial.Spec.Rewards.Count;
        for (int i = 0; i < c.Decisions && !trial.Over; i++)
        {
            if (i % 24 == 12)
                MakeTies(trial, reflection, ref rng);
            trial.Choose();
            env.Observe(1, observations, masks, full);
            Swapped(trial, trial.Observations, observations, "observations");
            Swapped(trial, trial.Masks, masks, "masks");
            Swapped(trial, trial.Full, full, "the full state's views");
            if (i % 8 == 0)
                ScriptedChooseAlike(trial, i);
            if (i % 32 == 0)
                TheUnknownIsSampledAlike(trial, reflection, i);
            Exchange<short>(trial.Actions.AsSpan(0, actions), trial.Actions.AsSpan(actions));
            trial.Step();
            if (reflection.Difference(in trial.State, in env.State(1)) is { } difference)
                Assert.Fail(difference);
            Swapped<float>(trial, trial.Rewards.AsSpan(0, rewards), trial.Rewards.AsSpan(rewards), "rewards");
        }
    });

    /// <summary>
    /// Sides could matter most where things are equal: creeps on one spot, heroes of both teams as far from a monster as one another, many
    /// about to die at once. That is rare in play, so it is brought about by hand, in both matches alike.
    /// </summary>
    private static unsafe void MakeTies(Trial trial, Reflection reflection, ref Rng rng)
    {
        ref WorldState s = ref trial.State;
        GameMap map = trial.Env.World.Map;
        switch (rng.Next(4))
        {
            case 0:
                for (int u = UnitIndex.FirstCreep + 1; u < UnitIndex.FirstMonster; u++)
                {
                    if (s.Alive[u] != 0 && s.Alive[u - 1] != 0 && s.Team[u] == s.Team[u - 1] && rng.Next(2) == 0)
                        Put(trial, u, s.X[u - 1], s.Y[u - 1]);
                }
                break;
            case 1:
                Gather(trial, reflection, ref rng);
                break;
            case 2:
                for (int u = UnitIndex.FirstMonster; u < UnitIndex.FirstSummon; u++)
                    Weaken(trial, u);
                break;
            default:
                for (int h = 0; h < UnitIndex.Heroes; h++)
                {
                    if (rng.Next(2) == 0)
                        Weaken(trial, h);
                }
                break;
        }
        trial.Env.StateChanged(0);
        trial.Env.StateChanged(1);
    }

    /// <summary>Both teams around one weak monster, all about to strike and equally strong.</summary>
    private static unsafe void Gather(Trial trial, Reflection reflection, ref Rng rng)
    {
        ref WorldState s = ref trial.State;
        ref WorldState other = ref trial.Env.State(1);
        GameMap map = trial.Env.World.Map;
        int i = rng.Next(map.MonsterCount);
        int monster = UnitIndex.FirstMonster + i;
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            float x = map.MonsterX[i] + rng.NextSingle() * 3f - 1.5f;
            float y = map.MonsterY[i] + rng.NextSingle() * 3f - 1.5f;
            Put(trial, h, x, y);
            int m = UnitIndex.Mirror(h);
            s.Attack[h] = other.Attack[m] = 60f;
            s.AttackReady[h] = other.AttackReady[m] = 0;
            s.WindUpEnd[h] = other.WindUpEnd[m] = 0;
            s.StunUntil[h] = other.StunUntil[m] = 0;
            s.CastSkill[h] = other.CastSkill[m] = -1;
            if (s.Alive[h] == 0 || s.Alive[monster] == 0)
                continue;
            s.Visible[monster] = other.Visible[UnitIndex.Mirror(monster)] = 3;
            Orders.Give(trial.Env.World, ref s, h, new Order(Verb.Attack, monster));
            Orders.Give(trial.Env.World, ref other, m, new Order(Verb.Attack, UnitIndex.Mirror(monster)));
        }
        if (s.Alive[monster] != 0)
            s.Hp[monster] = other.Hp[UnitIndex.Mirror(monster)] = MathF.Min(s.MaxHp[monster], 20f + rng.Next(200));
        for (int tick = 0; tick < 12; tick++)
        {
            trial.Env.World.Tick(ref s);
            trial.Env.World.Tick(ref other);
            if (reflection.Difference(in s, in other) is { } difference)
                Assert.Fail($"both teams at monster {monster}: {difference}");
        }
    }

    private static unsafe void Put(Trial trial, int u, float x, float y)
    {
        if (trial.State.Alive[u] == 0 || !trial.Env.World.Map.Walkable(x, y))
            return;
        ref WorldState other = ref trial.Env.State(1);
        int v = UnitIndex.Mirror(u);
        trial.State.X[u] = x;
        trial.State.Y[u] = y;
        other.X[v] = -y;
        other.Y[v] = -x;
    }

    private static unsafe void Weaken(Trial trial, int u)
    {
        if (trial.State.Alive[u] == 0)
            return;
        float hp = MathF.Min(trial.State.Hp[u], 8f);
        trial.State.Hp[u] = hp;
        trial.Env.State(1).Hp[UnitIndex.Mirror(u)] = hp;
    }

    private static void ScriptedChooseAlike(Trial trial, int i)
    {
        Span<short> here = stackalloc short[trial.Spec.Heads.Count];
        Span<short> there = stackalloc short[trial.Spec.Heads.Count];
        for (int player = 0; player < trial.Spec.ScriptedPlayers.Count; player++)
        {
            for (int agent = 0; agent < trial.Agents; agent++)
            {
                var a = new Rng((ulong)i);
                var b = new Rng((ulong)i);
                trial.Env.ActScripted(0, agent, player, here, ref a);
                trial.Env.ActScripted(1, (agent + trial.PerTeam) % trial.Agents, player, there, ref b);
                if (!here.SequenceEqual(there))
                    Assert.Fail($"tick {trial.State.Tick}: {trial.Spec.ScriptedPlayers[player]} plays agent {agent} by [{string.Join(", ", here.ToArray())}], on the other side by [{string.Join(", ", there.ToArray())}]");
            }
        }
    }

    private static void TheUnknownIsSampledAlike(Trial trial, Reflection reflection, int i)
    {
        WorldState here = trial.State;
        WorldState there = trial.Env.State(1);
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            var a = new Rng((ulong)i);
            var b = new Rng((ulong)i);
            trial.Env.Determinize(0, team, ref a);
            trial.Env.Determinize(1, 1 - team, ref b);
            if (reflection.Difference(in trial.State, in trial.Env.State(1)) is { } difference)
                Assert.Fail($"what team {team} does not know is sampled differently on the other side: {difference}");
            trial.State = here;
            trial.Env.State(1) = there;
            trial.Env.StateChanged(0);
            trial.Env.StateChanged(1);
        }
    }

    private static void Exchange<T>(ReadOnlySpan<T> from, Span<T> to)
    {
        int half = from.Length / 2;
        from[..half].CopyTo(to[half..]);
        from[half..].CopyTo(to);
    }

    private static void Swapped<T>(Trial trial, ReadOnlySpan<T> here, ReadOnlySpan<T> there, string what)
        where T : IEquatable<T>
    {
        int half = here.Length / 2;
        int at = here[..half].CommonPrefixLength(there[half..]);
        if (at < half)
            Assert.Fail($"tick {trial.State.Tick}: {what} differ in entry {at} of {half} between team 0 and team 1 of the reflection, {here[at]} and {there[half + at]}");
        at = here[half..].CommonPrefixLength(there[..half]);
        if (at < half)
            Assert.Fail($"tick {trial.State.Tick}: {what} differ in entry {at} of {half} between team 1 and team 0 of the reflection, {here[half + at]} and {there[at]}");
    }
}
