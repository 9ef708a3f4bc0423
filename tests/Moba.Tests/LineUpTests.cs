using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests;

/// <summary>Which heroes play, and what is shown of their commands to those who learn from them.</summary>
public sealed unsafe class LineUpTests
{
    private static readonly string[] Five = ["bulwark", "reaver", "ember", "ballista", "chime"];

    [Theory]
    [InlineData("5v5", 5)]
    [InlineData("1v1", 1)]
    public void LineUpsAreDrawnFromThePoolAloneEachHeroOnceATeamAndInAnyOrder(string mode, int each)
    {
        var arena = new Arena(new MobaOptions { Mode = mode, HeroPool = Five }, 1, 3);
        var seen = new HashSet<string>();
        for (ulong seed = 0; seed < 40; seed++)
        {
            arena.Env.Reset(0, seed);
            for (int team = 0; team < 2; team++)
            {
                string[] names = [.. Enumerable.Range(team * each, each).Select(a => arena.Env.World.HeroOf(in arena.Env.State(0), arena.HeroOf(a)).Name)];
                Assert.Equal(each, names.Distinct().Count());
                Assert.Empty(names.Except(Five));
                seen.Add(names[0]);
            }
        }
        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public void APoolOfAllHeroesInTheirOrderDrawsAsNone()
    {
        string[] all = [.. MobaContent.Default.Heroes.Select(h => h.Name)];
        var one = new MobaEnvironment(new MobaOptions { HeroPool = all }, 1);
        var two = new MobaEnvironment(new MobaOptions(), 1);
        for (ulong seed = 0; seed < 5; seed++)
        {
            one.Reset(0, seed);
            two.Reset(0, seed);
            Assert.Equal(two.StateHash(0), one.StateHash(0));
        }
    }

    [Fact]
    public void APoolThatIsTooSmallUnknownOrBesidesOtherLineUpsIsRefused()
    {
        Refused("at least 5 heroes", new MobaOptions { HeroPool = Five[..4] });
        Refused("each named once", new MobaOptions { HeroPool = [.. Five, Five[0]] });
        Refused("unknown hero 'bulwork'", new MobaOptions { HeroPool = ["bulwork", .. Five] });
        Refused("one of the two", new MobaOptions { HeroPool = Five, Home = Five, Away = Five });
        Refused("one of the two", new MobaOptions { HeroPool = Five, Draft = "1-2-2-2-2-1" });

        static void Refused(string reason, MobaOptions options)
            => Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new MobaEnvironment(options, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HiddenCommandsAreSeenByNobodyAndGivenAllTheSame()
    {
        var options = new MobaOptions { HeroPool = Five };
        var shown = new MobaEnvironment(options, 1);
        var hidden = new MobaEnvironment(options, 1) { HidesCommands = true };
        EnvironmentSpec spec = hidden.Spec;
        byte[] observations = new byte[spec.Agents * spec.ObservationBytes], masks = new byte[spec.Agents * spec.MaskBytes], full = new byte[spec.Teams * spec.FullStateBytes];
        byte[] without = new byte[observations.Length], masksWithout = new byte[masks.Length], fullWithout = new byte[full.Length];
        short[] actions = new short[spec.Agents * spec.Heads.Count];
        (Rng one, Rng two) = (new Rng(1), new Rng(1));
        int commanded = 0;
        for (int d = 0; d < 300; d++)
        {
            ulong before = hidden.StateHash(0);
            hidden.Observe(0, observations, masks, full);
            Assert.Equal(before, hidden.StateHash(0));
            // The same state without commands, shown by an environment that hides nothing.
            byte[] state = new byte[shown.SnapshotBytes];
            shown.Snapshot(0, state);
            for (int h = 0; h < UnitIndex.Heroes; h++)
            {
                commanded += shown.State(0).Macro[h] != 0 ? 1 : 0;
                shown.State(0).Macro[h] = 0;
            }
            shown.StateChanged(0);
            shown.Observe(0, without, masksWithout, fullWithout);
            shown.Restore(0, state);
            Assert.Equal(without, observations);
            Assert.Equal(masksWithout, masks);
            Assert.Equal(fullWithout, full);
            Play(shown, ref one);
            Play(hidden, ref two);
            Assert.Equal(shown.StateHash(0), hidden.StateHash(0));
        }
        Assert.True(commanded > 1000, $"{commanded} commands");

        void Play(MobaEnvironment environment, ref Rng rng)
        {
            for (int a = 0; a < spec.Agents; a++)
                environment.ActScripted(0, a, 1, actions.AsSpan(a * spec.Heads.Count, spec.Heads.Count), ref rng);
            environment.StepOnly(0, actions);
        }
    }
}
