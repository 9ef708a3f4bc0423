using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests.Exactness;

/// <summary>No side has anything that the other has not: with line-ups and players exchanged, the match is the reflection of the match.</summary>
public sealed class ReflectionTests
{
    [Fact]
    public void AMatchWithTheSidesSwappedIsTheReflection() => Property.Holds(MatchCase.Any(0, 1600), 30, c =>
    {
        var trial = new Trial(c, matches: 2);
        trial.Reset(1, swapped: true);
        MobaEnvironment env = trial.Env;
        var reflection = new Reflection(env.World.Map);
        byte[] observations = new byte[trial.Observations.Length];
        byte[] masks = new byte[trial.Masks.Length];
        byte[] full = new byte[trial.Full.Length];
        int actions = trial.Agents * trial.Spec.Heads.Count;
        int rewards = trial.Agents * trial.Spec.Rewards.Count;
        for (int i = 0; i < c.Decisions && !trial.Over; i++)
        {
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
