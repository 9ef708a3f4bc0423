using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Matches.Bots;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.Matches.Reels;
using SelfPlayArena.Server.Matches.Wire;
using SelfPlayArena.Server.Replays;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Tests.Matches;

/// <summary>Watching replays: those of orders, played live, and those of heads, recorded in training.</summary>
public sealed class ReelTests : IDisposable
{
    private readonly string _runs = Directory.CreateTempSubdirectory("reels-").FullName;

    [Theory]
    [InlineData(MobaOptions.Heads)]
    [InlineData(MobaOptions.Orders)]
    public void AReplayIsShownTickByTickAsItWasPlayed(string control)
    {
        (Reel reel, List<(float X, float Y)> walked) = Recorded(control);
        var session = new ReelSession(reel, SightOf.Everything, new PlayerSource(null, files: false));
        var view = new View();
        for (int i = 0; i < 400; i++)
        {
            session.Tick();
            Table.Drain(session.Watcher, view);
            Assert.Equal(i + 1, view.Tick);
            Assert.Equal(walked[view.Tick].X, view.Value("units", 0, "x"), 0.009);
        }
        Assert.Equal((long)reel.Ticks, ((Dictionary<string, object?>)view.Hello!["replay"]!)["ticks"]);
        Assert.Contains(view.Others, f => (string)f[0]! == "chronicle" && ((object?[])f[1]!).Length == reel.Events.Count(e => e.Event.Kind != MatchEventKind.End));
        Assert.Equal(reel.GoldLead.Count, ((object?[])((Dictionary<string, object?>)view.Others.First(f => (string)f[0]! == "curves")[1]!)["gold"]!).Length);
    }

    [Fact]
    public void ThePolicyOfARunTellsItsMindOnceItsHeroIsSelected()
    {
        (Reel reel, _) = Recorded(MobaOptions.Heads, "run-1", ["main@4", "scripted:easy@1"]);
        var session = new ReelSession(reel, SightOf.Everything, new Run());
        var view = new View();
        session.Receive(new ClientFrame(ClientAsk.Select, Number: 5));
        for (int i = 0; i < 20; i++)
            session.Tick();
        session.Receive(new ClientFrame(ClientAsk.Select, Number: 0));
        for (int i = 0; i < 20; i++)
            session.Tick();
        Table.Drain(session.Watcher, view);
        Dictionary<string, object?>[] minds = [.. view.Others.Where(f => (string)f[0]! == "mind").Select(f => (Dictionary<string, object?>)f[1]!)];
        Assert.Equal(20 / reel.TicksPerDecision, minds.Length);
        Assert.All(minds, m => Assert.Equal((0L, "run:run-1@4"), ((long)m["unit"]!, (string)m["player"]!)));
    }

    /// <summary>A run with one policy, of new weights.</summary>
    private sealed class Run : IPlayerSource
    {
        public Contestant Load(string player, EnvironmentSpec spec)
        {
            Assert.Equal("run:run-1@4", player);
            var plan = new NetworkPlan(NetworkSize.Tiny.Describe(spec), spec);
            return new Contestant(player, null, new PolicyVersion(new PolicyNetwork(plan, WeightInitializer.Create(plan, 3)), 4));
        }
    }

    [Fact]
    public void LeapsLeadWherePlayingLeads()
    {
        (Reel reel, List<(float X, float Y)> walked) = Recorded(MobaOptions.Orders);
        var session = new ReelSession(reel, 0, new PlayerSource(null, files: false));
        var view = new View();
        var rng = new Rng(4);
        session.Receive(new ClientFrame(ClientAsk.Pause, First: true));
        for (int i = 0; i < 40; i++)
        {
            int tick = rng.Next(reel.Ticks + 1);
            session.Receive(new ClientFrame(ClientAsk.Seek, Number: tick));
            session.Tick();
            Table.Drain(session.Watcher, view);
            Assert.Equal(tick, view.Tick);
            if (view.Ids("units").Contains(0))
                Assert.Equal(walked[tick].X, view.Value("units", 0, "x"), 0.009);
        }
        session.Receive(new ClientFrame(ClientAsk.Seek, Number: reel.Ticks - 3));
        session.Receive(new ClientFrame(ClientAsk.Pause, First: false));
        session.Receive(new ClientFrame(ClientAsk.Speed, Value: 2));
        for (int i = 0; i < 3; i++)
            session.Tick();
        Table.Drain(session.Watcher, view);
        Assert.Equal(reel.Ticks, view.Tick);
        Assert.NotNull(view.End);
    }

    [Theory]
    [InlineData("play:../../etc/passwd")]
    [InlineData("../play:x")]
    [InlineData("play:..")]
    [InlineData("play:x/y")]
    [InlineData("play")]
    [InlineData("")]
    public void NamesThatLeadElsewhereAreRefused(string id)
    {
        Refusal refused = Assert.Throws<Refusal>(() => ReplayNames.PathOf(_runs, id));
        Assert.True(refused.Status is 400 or 404);
        Assert.DoesNotContain(_runs, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADamagedReplayIsRefusedWithoutNamingTheServersFolders()
    {
        string file = Path.Combine(_runs, "damaged.replay");
        File.WriteAllBytes(file, [1, 2, 3]);
        Refusal refused = Assert.Throws<Refusal>(() => new Reel("play:damaged", file));
        Assert.Equal(409, refused.Status);
        Assert.DoesNotContain(_runs, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_runs, recursive: true);

    private unsafe (Reel Reel, List<(float X, float Y)> Walked) Recorded(string control, string run = "play", IReadOnlyList<string>? players = null)
    {
        var options = new MobaOptions { Mode = "1v1", Control = control };
        var env = new MobaEnvironment(options, 1);
        env.Reset(0, 11);
        var tape = new MatchTape(env.Spec);
        tape.Begin(env, 0);
        var rng = new Rng(1);
        short[] heads = new short[12], actions = new short[12];
        var walked = new List<(float, float)> { (env.State(0).X[0], env.State(0).Y[0]) };
        while (env.State(0).Finished == 0)
        {
            bool due = env.State(0).Tick % env.World.Rules.DecisionTicks == 0;
            actions.AsSpan().Fill(-1);
            for (int a = 0; due && a < 2; a++)
            {
                env.ActScripted(0, a, 2 * a, heads.AsSpan(a * 6, 6), ref rng);
                if (control == MobaOptions.Orders)
                    env.ToOrder(0, a, heads.AsSpan(a * 6, 6), actions.AsSpan(a * 6, 6));
                else
                    heads.AsSpan(a * 6, 6).CopyTo(actions.AsSpan(a * 6));
            }
            if (control == MobaOptions.Orders)
            {
                env.StepOnly(0, actions);
                walked.Add((env.State(0).X[0], env.State(0).Y[0]));
            }
            else
            {
                env.GiveOrders(0, actions);
                for (int t = 0; t < env.Spec.TicksPerDecision; t++)
                {
                    env.World.Tick(ref env.State(0));
                    env.StateChanged(0);
                    if (env.State(0).Tick >= walked.Count)
                        walked.Add((env.State(0).X[0], env.State(0).Y[0]));
                }
            }
            tape.Decided(env, 0, actions);
        }
        string file = Path.Combine(_runs, control + ".replay");
        tape.End(env, 0);
        File.WriteAllBytes(file, tape.Replay(new MatchToRecord(11, "m", 0, ["a", "b"]), MobaRecipe.Of(options), players ?? ["a", "b"]));
        return (new Reel($"{run}:{control}", file), walked);
    }
}
