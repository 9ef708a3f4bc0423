namespace SelfPlayArena.Moba.Tests.Exactness;

/// <summary>Gold comes only from what the rules pay for, and goes only into items.</summary>
public sealed class LedgerTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public void EveryTickPaysWhatTheRulesPayForWhatHappenedInIt()
    {
        long eventful = 0;
        long toTheCoin = 0;
        long heroSteps = 0;
        Property.Holds(MatchCase.Any(0, 2200), 48, c =>
        {
            var trial = new Trial(c);
            MobaWorld world = trial.Env.World;
            var ledger = new Ledger(world);
            WorldState before = default;
            for (int i = 0; i < c.Decisions && !trial.Over; i++)
            {
                trial.Choose();
                before = trial.State;
                trial.Env.GiveOrders(0, trial.Actions);
                for (int k = 0; k < world.Rules.DecisionTicks; k++)
                {
                    world.Tick(ref trial.State);
                    ledger.Check(in before, in trial.State);
                    before = trial.State;
                }
                trial.Env.StateChanged(0);
                heroSteps += trial.Agents;
            }
            eventful += ledger.Eventful;
            toTheCoin += ledger.ToTheCoin;
        });
        output.WriteLine($"{heroSteps} hero-steps, {eventful} payments, {toTheCoin} of them known to the coin");
        Assert.True(eventful > 1000 && toTheCoin > eventful * 9 / 10, $"{eventful} payments, only {toTheCoin} known to the coin");
    }

    /// <summary>Looking at every tick, as above, is playing as usual.</summary>
    [Fact]
    public void OrdersAndTicksAreWhatAStepIs() => Property.Holds(MatchCase.Any(1200, 20), 24, c =>
    {
        var trial = new Trial(c, matches: 2);
        byte[] snapshot = new byte[trial.Env.SnapshotBytes];
        for (int i = 0; i < c.Decisions && !trial.Over; i++)
        {
            trial.Choose();
            trial.Env.Snapshot(0, snapshot);
            trial.Env.Restore(1, snapshot);
            trial.Env.StepOnly(1, trial.Actions);
            trial.Env.GiveOrders(0, trial.Actions);
            for (int k = 0; k < trial.Env.World.Rules.DecisionTicks; k++)
                trial.Env.World.Tick(ref trial.State);
            trial.Env.StateChanged(0);
            if (!StateFields.Same(in trial.State, in trial.Env.State(1)))
                Assert.Fail(StateFields.Difference(in trial.State, in trial.Env.State(1)));
        }
    });
}
