using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests.Exactness;

/// <summary>Orders given tick by tick mean what heads mean, and nothing that can be written as an action does more than the rules allow.</summary>
public sealed unsafe class OrderActionTests
{
    private const int Heads = OrderActions.Heads;

    [Fact]
    public void BotsTranslatedIntoOrdersPlayTheMatchThatHeadsPlay() => Property.Holds(MatchCase.Any(1500, 200), 40, any =>
    {
        MatchCase c = any with { Hands = any.Hands & 1 };
        var trial = new Trial(c);
        MobaEnvironment orders = ByOrders(c);
        Copy(trial.Env, orders);
        short[] actions = new short[trial.Agents * Heads];
        for (int i = 0; i < c.Decisions && !trial.Over; i++)
        {
            trial.Choose();
            for (int a = 0; a < trial.Agents; a++)
                orders.ToOrder(0, a, trial.ActionOf(a), actions.AsSpan(a * Heads, Heads));
            trial.Step();
            for (int tick = 0; tick < orders.World.Rules.DecisionTicks; tick++)
            {
                orders.StepOnly(0, actions);
                actions.AsSpan().Fill(OrderActions.None);
            }
            if (!StateFields.Same(in trial.State, in orders.State(0)))
                Assert.Fail($"tick {trial.State.Tick}: {StateFields.Difference(in trial.State, in orders.State(0))}");
        }
    });

    [Fact]
    public void ArbitraryNumbersNeverThrowNorDoWhatIsNotAllowed() => Property.Holds(MatchCase.Any(1500, 300), 60, c =>
    {
        var trial = new Trial(c);
        MobaEnvironment orders = ByOrders(c);
        Copy(trial.Env, orders);
        var rng = new Rng((ulong)c.Seed);
        short[] actions = new short[trial.Agents * Heads];
        ref WorldState s = ref orders.State(0);
        for (int i = 0; i < c.Decisions && s.Finished == 0; i++)
        {
            for (int n = 0; n < actions.Length; n++)
                actions[n] = Arbitrary(ref rng, n % Heads);
            WorldState before = s;
            orders.StepOnly(0, actions);
            StateChecks.All(orders.World, ref s);
            for (int h = 0; h < UnitIndex.Heroes; h++)
                OnlyWhatIsAllowed(in before, in s, h);
        }
    });

    [Fact]
    public void ALongVectorWalksNoFasterThanAShortOne()
    {
        foreach (short length in (short[])[1, 300, short.MaxValue])
        {
            var env = new MobaEnvironment(new MobaOptions { Mode = "1v1", Control = MobaOptions.Orders }, 1);
            env.Reset(0, 3);
            float x = env.State(0).X[0];
            env.StepOnly(0, [(short)Verb.Move, length, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1]);
            Assert.Equal(env.State(0).MoveSpeed[0], env.State(0).X[0] - x, 4);
        }
    }

    [Fact]
    public void AHeroShopsItselfFromWhenItSaysSo()
    {
        var env = new MobaEnvironment(new MobaOptions { Mode = "1v1", Control = MobaOptions.Orders }, 1);
        env.Reset(0, 3);
        env.StepOnly(0, [OrderActions.Control, -1, -1, -1, OrderActions.OwnShop | OrderActions.OwnSkills, -1, -1, -1, -1, -1, -1, -1]);
        ref WorldState s = ref env.State(0);
        Assert.Equal((1, 1, 0, 0), (s.ManualShop[0], s.ManualSkills[0], s.ManualShop[5], s.ManualSkills[5]));
        Assert.Equal((1, 0), (s.SkillPoints[0], s.SkillPoints[5]));
        env.StepOnly(0, [(short)Verb.Learn, -1, -1, -1, 1, -1, -1, -1, -1, -1, -1, -1]);
        Assert.Equal((1, 0), (s.SkillLevel[1], s.SkillPoints[0]));
        env.StepOnly(0, [OrderActions.Control, -1, -1, -1, 0, -1, -1, -1, -1, -1, -1, -1]);
        Assert.Equal((0, 0), (s.ManualShop[0], s.ManualSkills[0]));
    }

    [Fact]
    public void DelaysCountDecisionsAndAreRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => MobaEnvironment.SpecFor(new MobaOptions { Control = MobaOptions.Orders, ReactionDelay = [1] }));
        Assert.Contains("reaction_delay", e.Message, StringComparison.Ordinal);
        Assert.Contains("control", Assert.Throws<ArgumentException>(() => MobaEnvironment.SpecFor(new MobaOptions { Control = "mouse" })).Message, StringComparison.Ordinal);
    }

    private static void OnlyWhatIsAllowed(in WorldState before, in WorldState s, int h)
    {
        if (s.OrderVerb[h] == (byte)Verb.Move)
            Assert.Equal(1f, s.OrderX[h] * s.OrderX[h] + s.OrderY[h] * s.OrderY[h], 5);
        bool free = s.Alive[h] != 0 && before.Alive[h] != 0 && before.ForcedUntil[h] <= before.Tick && s.Moving[h] != 0;
        if (!free)
            return;
        float dx = s.X[h] - before.X[h];
        float dy = s.Y[h] - before.Y[h];
        float speed = MathF.Max(s.MoveSpeed[h], before.MoveSpeed[h]);
        Assert.True(dx * dx + dy * dy <= speed * speed * 1.0001f + 1e-5f, $"tick {s.Tick}: hero {h} walked ({dx}, {dy}) at a speed of {speed}");
    }

    /// <summary>Mostly what could mean something, else anything.</summary>
    private static short Arbitrary(ref Rng rng, int head)
    {
        if (rng.Next(4) == 0)
            return (short)rng.Next(1 << 16);
        return head switch
        {
            0 => rng.Next(20) == 0 ? OrderActions.Control : (short)(rng.Next(16) - 1),
            3 => (short)(rng.Next(UnitIndex.Count + 2) - 1),
            4 => (short)(rng.Next(2) == 0 ? -1 : rng.Next(70)),
            5 => (short)(rng.Next(20) - 1),
            _ => (short)(rng.Next(1 << 14) - (1 << 13)),
        };
    }

    private static MobaEnvironment ByOrders(MatchCase c)
        => new(c.Options with { Control = MobaOptions.Orders, ReactionDelay = [0], ActionRate = [0] }, 1);

    private static void Copy(MobaEnvironment from, MobaEnvironment to)
    {
        byte[] state = new byte[from.SnapshotBytes];
        from.Snapshot(0, state);
        to.Restore(0, state);
    }
}
