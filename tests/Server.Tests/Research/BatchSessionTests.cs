using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Hosting;
using SelfPlayArena.Server.Research;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Tests.Research;

public sealed class BatchSessionTests
{
    private static readonly TestGames s_games = new();

    [Fact]
    public async Task WhatIsSentIsWhatTheEnvironmentObservesAndEarns()
    {
        foreach (string environment in new[] { TestGames.Matching, TestGames.Moba })
        {
            const int matches = 3;
            using var threads = new StepThreads(2, new PlayPressure());
            using BatchSession session = Open(threads, new BatchRequest { Environment = environment, Matches = matches, FullState = true, AutoReset = false, Seatings = [new(null, ["client", "client"])] });
            IBatchEnvironment own = s_games.Create(EnvironmentRecipe.Plain(environment)).Create(matches);
            EnvironmentSpec spec = own.Spec;
            Frame frame = Frame.Read(await session.ResetAsync(9, null));
            for (int m = 0; m < matches; m++)
                own.Reset(m, Seeds.Derive(9, "match", (ulong)m << 32));
            var rng = new Rng(4);
            var actions = new short[matches * spec.Agents * spec.Heads.Count];
            for (int step = 0; step < 40; step++)
            {
                (byte[] observations, byte[] masks, byte[] full) = Observe(own);
                Assert.Equal(observations, frame.Observations);
                Assert.Equal(masks, frame.Masks);
                Assert.Equal(full, frame.FullState);
                DrawLegal(spec, masks, actions, ref rng);
                frame = Frame.Read(await session.StepAsync(Bytes(actions)));
                var rewards = new float[matches * spec.Agents * spec.Rewards.Count];
                var status = new MatchStatus[matches];
                own.Step(actions, rewards, status);
                Assert.Equal(rewards, frame.Rewards);
                Assert.Equal(status.Select(s => (byte)s), frame.Status);
                Assert.All(frame.Illegal, i => Assert.Equal(0, i));
            }
        }
    }

    [Fact]
    public async Task WhatIsPlayedDoesNotDependOnThreadsAndOnMatchesBeside()
    {
        string[] seats = ["client", "run:mini@1"];
        BatchRequest request = new() { Environment = TestGames.Matching, Matches = 40, Seatings = [new(20, seats), new(10, ["random", "client"]), new(10, ["client", "scripted:perfect@1"])] };
        List<byte[]> alone = await Played(request, threads: 1), together = await Played(request, threads: 3);
        Assert.Equal(alone.Count, together.Count);
        for (int i = 0; i < alone.Count; i++)
            Assert.Equal(alone[i], together[i]);

        List<byte[]> few = await Played(request with { Matches = 5, Seatings = [new(5, seats)] }, threads: 1);
        for (int i = 0; i < few.Count; i++)
            Assert.Equal(alone[i][..few[i].Length], few[i]);

        static async Task<List<byte[]>> Played(BatchRequest request, int threads)
        {
            using var stepping = new StepThreads(threads, new PlayPressure());
            using BatchSession session = Open(stepping, request);
            var seen = new List<byte[]>();
            Frame frame = Frame.Read(await session.ResetAsync(3, null));
            for (int step = 0; step < 60; step++)
            {
                seen.Add(frame.Observations);
                frame = Frame.Read(await session.StepAsync(Bytes(FirstLegal(TestGames.MatchingSpec, frame.Masks))));
            }
            return seen;
        }
    }

    [Fact]
    public async Task TheSameSeedGivesTheSameMatchesAgainAlsoInTheMiddle()
    {
        using var threads = new StepThreads(2, new PlayPressure());
        using BatchSession session = Open(threads, new BatchRequest { Environment = TestGames.Matching, Matches = 6, Seatings = [new(null, ["run:mini@2", "client"])] });
        List<byte[]> first = await Play(3), between = await Play(4), again = await Play(3);
        Assert.NotEqual(first, between);
        Assert.Equal(first, again);

        async Task<List<byte[]>> Play(ulong seed)
        {
            var seen = new List<byte[]>();
            Frame frame = Frame.Read(await session.ResetAsync(seed, null));
            for (int step = 0; step < 23; step++)
            {
                seen.Add(frame.Observations);
                frame = Frame.Read(await session.StepAsync(Bytes(FirstLegal(TestGames.MatchingSpec, frame.Masks))));
                seen.Add(MemoryMarshal.AsBytes<float>(frame.Rewards).ToArray());
            }
            return seen;
        }
    }

    [Fact]
    public async Task APolicyPlaysAsItsNetworkWouldAloneAndForgetsWhenAMatchEnds()
    {
        const int matches = 3;
        const ulong root = 8;
        EnvironmentSpec spec = TestGames.MatchingSpec;
        int per = spec.AgentsPerTeam, heads = spec.Heads.Count;
        using var threads = new StepThreads(2, new PlayPressure());
        using BatchSession session = Open(threads, new BatchRequest { Environment = TestGames.Matching, Matches = matches, Seatings = [new(null, ["client", "run:mini@5"])] });
        PolicyNetwork network = s_games.Load("run:mini@5", spec).Policy!.Network;
        IBatchEnvironment own = s_games.Create(EnvironmentRecipe.Plain(TestGames.Matching)).Create(matches);
        var runner = new PolicyRunner(network);
        var recurrent = new float[matches, spec.Agents][];
        var chance = new Rng[matches, spec.Agents];
        var rounds = new ulong[matches];
        for (int m = 0; m < matches; m++)
            Begin(m);
        Frame frame = Frame.Read(await session.ResetAsync(root, null));
        int ended = 0;
        for (int step = 0; step < 60; step++)
        {
            (byte[] observations, byte[] masks, _) = Observe(own);
            short[] mine = FirstLegal(spec, frame.Masks);
            var actions = new short[matches * spec.Agents * heads];
            for (int m = 0; m < matches; m++)
            {
                Assert.Equal(observations.AsSpan(m * spec.Agents * spec.ObservationBytes, per * spec.ObservationBytes).ToArray(), frame.Observations.AsSpan(m * per * spec.ObservationBytes, per * spec.ObservationBytes).ToArray());
                mine.AsSpan(m * per * heads, per * heads).CopyTo(actions.AsSpan(m * spec.Agents * heads));
                for (int a = per; a < spec.Agents; a++)
                {
                    int row = m * spec.Agents + a;
                    runner.Forward(1, observations.AsSpan(row * spec.ObservationBytes, spec.ObservationBytes), recurrent[m, a]);
                    runner.Sample(masks.AsSpan(row * spec.MaskBytes, spec.MaskBytes), ref chance[m, a], actions.AsSpan(row * heads, heads), new float[heads]);
                }
            }
            frame = Frame.Read(await session.StepAsync(Bytes(mine)));
            var status = new MatchStatus[matches];
            own.Step(actions, new float[matches * spec.Agents * spec.Rewards.Count], status);
            Assert.Equal(status.Select(s => (byte)s), frame.Status);
            foreach (FrameEnded over in frame.Ended)
            {
                Begin(over.Match);
                ended++;
            }
        }
        Assert.True(ended > matches);

        void Begin(int match)
        {
            ulong seed = Seeds.Derive(root, "match", ((ulong)match << 32) | rounds[match]++);
            own.Reset(match, seed);
            for (int a = 0; a < spec.Agents; a++)
            {
                recurrent[match, a] = new float[network.Plan.RecurrentSize];
                chance[match, a] = Shard.Chance(seed, a);
            }
        }
    }

    [Fact]
    public async Task AnIllegalActionIsPlayedAsStayingAndCounted()
    {
        using var threads = new StepThreads(1, new PlayPressure());
        BatchRequest request = new() { Environment = TestGames.Moba, Matches = 1, Seatings = [new(null, ["client", "client"])] };
        using BatchSession wild = Open(threads, request), still = Open(threads, request);
        Frame a = Frame.Read(await wild.ResetAsync(1, null)), b = Frame.Read(await still.ResetAsync(1, null));
        EnvironmentSpec spec = s_games.Create(EnvironmentRecipe.Plain(TestGames.Moba)).Spec;
        int heads = spec.Heads.Count;
        foreach (short nonsense in new short[] { short.MinValue, -1, 99, short.MaxValue })
        {
            var action = new short[2 * heads];
            Array.Fill(action, nonsense);
            // The second agent acts legally: it stays, with nonsense in heads that staying does not use.
            short[] legal = FirstLegal(spec, a.Masks);
            for (int h = 0; h < heads; h++)
                action[heads + h] = spec.Heads[h].MaskRows[0] < 0 ? nonsense : legal[heads + h];
            a = Frame.Read(await wild.StepAsync(Bytes(action)));
            b = Frame.Read(await still.StepAsync(Bytes(FirstLegal(spec, b.Masks))));
            Assert.Equal([1, 0], a.Illegal);
            Assert.Equal(1, wild.IllegalActions);
            Assert.Equal([0, 0], b.Illegal);
            Assert.Equal(b.Observations, a.Observations);
        }
    }

    [Fact]
    public async Task AMatchThatEndedIsFollowedByTheNextOrStaysAsAsked()
    {
        using var threads = new StepThreads(1, new PlayPressure());
        BatchRequest request = new() { Environment = TestGames.Matching, Matches = 2, Seatings = [new(null, ["client", "random"])] };
        using BatchSession going = Open(threads, request), waiting = Open(threads, request with { AutoReset = false });
        Frame a = Frame.Read(await going.ResetAsync(5, null)), b = Frame.Read(await waiting.ResetAsync(5, null));
        do
        {
            a = Frame.Read(await going.StepAsync(Bytes(FirstLegal(TestGames.MatchingSpec, a.Masks))));
            b = Frame.Read(await waiting.StepAsync(Bytes(FirstLegal(TestGames.MatchingSpec, b.Masks))));
            Assert.Equal(a.Rewards, b.Rewards);
            Assert.Equal(a.Status, b.Status);
        }
        while (a.Ended.Count == 0);
        FrameEnded ended = a.Ended[0];
        Assert.Equal(ended, b.Ended[0]);
        Assert.Equal(1, a.Status[ended.Match]);
        Assert.Equal(Seeds.Derive(5, "match", (ulong)ended.Match << 32), ended.Seed);
        Assert.NotEqual(a.Observations, b.Observations);

        a = Frame.Read(await going.StepAsync(Bytes(FirstLegal(TestGames.MatchingSpec, a.Masks))));
        Assert.Equal(0, a.Status[ended.Match]);
        var nothing = new short[b.Illegal.Length * TestGames.MatchingSpec.Heads.Count];
        Frame over = Frame.Read(await waiting.StepAsync(Bytes(nothing)));
        Assert.Equal(1, over.Status[ended.Match]);
        Assert.DoesNotContain(over.Ended, e => e.Match == ended.Match);
        int terms = TestGames.MatchingSpec.Rewards.Count * TestGames.MatchingSpec.AgentsPerTeam;
        Assert.All(over.Rewards.AsSpan(ended.Match * terms, terms).ToArray(), r => Assert.Equal(0, r));

        await waiting.ResetAsync(null, [ended.Match]);
        over = Frame.Read(await waiting.StepAsync(Bytes(nothing)));
        Assert.Equal(0, over.Status[ended.Match]);
    }

    [Fact]
    public async Task APerfectOpponentWinsAndPoliciesPlayTheirOwnSeats()
    {
        using var threads = new StepThreads(2, new PlayPressure());
        using BatchSession session = Open(threads, new BatchRequest { Environment = TestGames.Matching, Matches = 16, Seatings = [new(8, ["client", "scripted:perfect@1"]), new(8, ["run:mini@1", "client"])] });
        Frame frame = Frame.Read(await session.ResetAsync(1, null));
        var lost = new List<FrameEnded>();
        while (lost.Count < 32)
        {
            frame = Frame.Read(await session.StepAsync(Bytes(FirstLegal(TestGames.MatchingSpec, frame.Masks))));
            lost.AddRange(frame.Ended);
        }
        Assert.All(lost.Where(e => e.Match < 8), e => Assert.Equal(1, e.Winner));
        Assert.Contains(lost, e => e.Match >= 8 && e.Winner != 1);
    }

    [Fact]
    public void AShortOrLongOrImpossibleRequestIsRefusedWithWhatIsAllowed()
    {
        using var threads = new StepThreads(1, new PlayPressure());
        Refuse("allowed: 1 to 8", r => r with { Matches = 0 });
        Refuse("allowed: 1 to 8", r => r with { Matches = 9 });
        Refuse("takes 2, one a team, or 4, one an agent", r => r with { Seatings = [new(null, ["client"])] });
        Refuse("at least one, and the same number", r => r with { Seatings = [new(null, ["random", "random"])] });
        Refuse("at least one, and the same number", r => r with { Seatings = [new(1, ["client", "client"]), new(1, ["client", "random"])] });
        Refuse("seatings are for 1 matches; there are 2", r => r with { Seatings = [new(1, ["client", "client"])] });
        Refuse("more or fewer", r => r with { Seatings = [new(int.MaxValue, ["client", "client"]), new(int.MaxValue, ["client", "client"])] });
        Refuse("does not say for how many", r => r with { Seatings = [new(null, ["client", "client"]), new(1, ["client", "random"])] });
        Refuse("is null", r => r with { Seatings = [null!] });
        Refuse("is null", r => r with { Seatings = [new(null, [null!, "client"])] });
        Refuse("'scripted:perfct@1' is neither 'client' nor a player", r => r with { Seatings = [new(null, ["client", "scripted:perfct@1"])] });
        Refuse("damaged: not a bundle", r => r with { Seatings = [new(null, ["client", "file:damaged"])] });
        Refuse("4 different players; allowed: 3", r => r with { Seatings = [new(1, ["client", "client", "run:mini@1", "run:mini@2"]), new(1, ["client", "client", "run:mini@3", "run:mini@4"])] });
        Refuse("unknown environment 'chess'", r => r with { Environment = "chess" });
        Refuse("one of the two", r => r with { Environment = null });
        Refuse("one of the two", r => r with { Run = "mini" });
        Refuse("there is no run 'gone'", r => r with { Environment = null, Run = "gone" });
        Refuse("those of a run", r => r with { Environment = null, Run = "mini", Options = JsonSerializer.SerializeToElement(1) });
        Refuse("allowed: 0 to 10", r => r with { Temperature = float.NaN });
        Assert.Contains("on this machine only", Assert.Throws<Refusal>(() => Plain.WithoutFiles()).Message, StringComparison.Ordinal);
        foreach (string json in new[] { "", "null", "[]", "{}", "{\"matches\": 1}", "{\"matches\": 1, \"seatings\": null}", "{\"matches\": 1, \"seatings\": [], \"colour\": 1}", "{\"matches\": 1.5, \"seatings\": []}", "{\"matches\": 1, \"matches\": 2, \"seatings\": []}" })
            Assert.Throws<Refusal>(() => BatchRequest.Parse(json));

        void Refuse(string why, Func<BatchRequest, BatchRequest> change)
        {
            var limits = new ResearchLimits { Matches = 8, Players = 3 };
            var budget = new ResearchBudget(limits);
            BatchRequest asked = change(Plain with { Seatings = [new(null, ["client", "client"])] });
            Refusal refused = Assert.Throws<Refusal>(() => BatchSession.Open(asked, s_games, limits, budget, threads));
            Assert.Contains(why, refused.Message, StringComparison.Ordinal);
            Assert.Equal((0, 0L), (budget.Sessions, budget.Bytes));
        }
    }

    [Fact]
    public void AllBatchesTogetherStayWithinTheBudgetAndGiveItBack()
    {
        using var threads = new StepThreads(1, new PlayPressure());
        BatchRequest request = Plain with { Seatings = [new(null, ["client", "client"])] };
        var limits = new ResearchLimits { Sessions = 2 };
        var budget = new ResearchBudget(limits);
        BatchSession first = BatchSession.Open(request, s_games, limits, budget, threads);
        using (BatchSession.Open(request, s_games, limits, budget, threads))
            Assert.Contains("2 batches are open; allowed: 2", Assert.Throws<Refusal>(() => BatchSession.Open(request, s_games, limits, budget, threads)).Message, StringComparison.Ordinal);
        long each = budget.Bytes;
        first.Dispose();
        first.Dispose();
        Assert.Equal((0, 0L), (budget.Sessions, budget.Bytes));

        var tight = new ResearchLimits { Bytes = each };
        var little = new ResearchBudget(tight);
        using (BatchSession.Open(request, s_games, tight, little, threads))
            Assert.Contains("open fewer matches", Assert.Throws<Refusal>(() => BatchSession.Open(request, s_games, tight, little, threads)).Message, StringComparison.Ordinal);
        BatchSession.Open(request, s_games, tight, little, threads).Dispose();
    }

    [Fact]
    public void NoNetworkIsReadForABatchThatIsRefusedAndNoMoreThanFitIntoTheBudget()
    {
        using var threads = new StepThreads(1, new PlayPressure());
        string[] networks = [.. Enumerable.Range(1, 16).Select(i => $"run:mini@{i}")];
        var request = new BatchRequest { Environment = TestGames.Matching, Matches = 16, Seatings = [.. networks.Select(n => new Seating(1, ["client", n]))] };
        ResearchBudget all = Measure(request), one = Measure(request with { Seatings = [new(16, ["client", networks[0]])] });
        long network = (all.Bytes - one.Bytes) / 15, matches = one.Bytes - network;

        Assert.Equal((16, ""), Asked(all.Bytes));
        (int read, string refused) = Asked(matches - 1);
        Assert.Equal(0, read);
        Assert.Contains("open fewer matches", refused, StringComparison.Ordinal);
        (read, refused) = Asked(matches + 3 * network);
        Assert.Equal(4, read);
        Assert.Contains("with the network of 'run:mini@4'", refused, StringComparison.Ordinal);
        var counting = new Counting();
        var full = new ResearchLimits { Sessions = 0 };
        Assert.Throws<Refusal>(() => BatchSession.Open(request, counting, full, new ResearchBudget(full), threads));
        Assert.Equal(0, counting.Read);

        ResearchBudget Measure(BatchRequest of)
        {
            var limits = new ResearchLimits();
            var budget = new ResearchBudget(limits);
            BatchSession.Open(of, s_games, limits, budget, threads);
            return budget;
        }

        (int Read, string Refused) Asked(long bytes)
        {
            var games = new Counting();
            var limits = new ResearchLimits { Bytes = bytes };
            var budget = new ResearchBudget(limits);
            try
            {
                BatchSession.Open(request, games, limits, budget, threads).Dispose();
                return (games.Read, "");
            }
            catch (Refusal refusal)
            {
                Assert.Equal((0, 0L), (budget.Sessions, budget.Bytes));
                return (games.Read, refusal.Message);
            }
        }
    }

    [Fact]
    public async Task WrongActionsAndMatchesAreRefusedAndTheBatchGoesOn()
    {
        using var threads = new StepThreads(1, new PlayPressure());
        using BatchSession session = Open(threads, Plain with { Seatings = [new(null, ["client", "client"])] });
        Frame before = Frame.Read(await session.ResetAsync(2, null));
        Refusal refused = await Assert.ThrowsAsync<Refusal>(() => session.StepAsync(new ReadOnlySequence<byte>(new byte[session.ActionBytes - 2])));
        Assert.Contains($"allowed: {session.ActionBytes}, int16 [2 matches, 4 driven agents, {TestGames.MatchingSpec.Heads.Count} heads]", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<Refusal>(() => session.ResetAsync(null, [0, 2]));
        Assert.Contains("match 2 is not of this batch; allowed: 0 to 1", refused.Message, StringComparison.Ordinal);
        Frame after = Frame.Read(await session.ResetAsync(2, []));
        Assert.Equal(before.Observations, after.Observations);
    }

    [Fact]
    public async Task AFailureInOnePartReachesTheCallerAndTheThreadsGoOn()
    {
        using var threads = new StepThreads(2, new PlayPressure());
        await Assert.ThrowsAsync<InvalidOperationException>(() => threads.RunAsync(5, part => _ = part == 3 ? throw new InvalidOperationException("part 3") : part));
        int done = 0;
        await threads.RunAsync(100, _ => Interlocked.Increment(ref done));
        Assert.Equal(100, done);
    }

    [Fact]
    public async Task SteppingGoesOnWhilePeoplePlay()
    {
        var pressure = new PlayPressure();
        using var threads = new StepThreads(4, pressure);
        using IDisposable played = pressure.Raise();
        int done = 0;
        await threads.RunAsync(100, _ => Interlocked.Increment(ref done)).WaitAsync(TestServer.Patience);
        Assert.Equal(100, done);
    }

    /// <summary>Counts the players that are read.</summary>
    private sealed class Counting : IGameCatalog
    {
        public int Read { get; private set; }

        public IEnvironmentFactory Create(EnvironmentRecipe recipe) => s_games.Create(recipe);

        public IEnvironmentFactory CreateAsIn(string run) => s_games.CreateAsIn(run);

        public Contestant Load(string player, EnvironmentSpec spec)
        {
            Read++;
            return s_games.Load(player, spec);
        }
    }

    private static BatchRequest Plain { get; } = new() { Environment = TestGames.Matching, Matches = 2, Seatings = [new(null, ["client", "file:x"])] };

    private static BatchSession Open(StepThreads threads, BatchRequest request)
    {
        var limits = new ResearchLimits();
        return BatchSession.Open(request, s_games, limits, new ResearchBudget(limits), threads);
    }

    private static ReadOnlySequence<byte> Bytes(short[] actions) => new(MemoryMarshal.AsBytes(actions.AsSpan()).ToArray());

    private static (byte[] Observations, byte[] Masks, byte[] Full) Observe(IBatchEnvironment environment)
    {
        EnvironmentSpec spec = environment.Spec;
        int ob = spec.Agents * spec.ObservationBytes, mb = spec.Agents * spec.MaskBytes, fb = spec.Teams * spec.FullStateBytes;
        byte[] observations = new byte[environment.Matches * ob], masks = new byte[environment.Matches * mb], full = new byte[environment.Matches * fb];
        for (int m = 0; m < environment.Matches; m++)
            environment.Observe(m, observations.AsSpan(m * ob, ob), masks.AsSpan(m * mb, mb), full.AsSpan(m * fb, fb));
        return (observations, masks, full);
    }

    private static void DrawLegal(EnvironmentSpec spec, byte[] masks, short[] actions, ref Rng rng)
    {
        int heads = spec.Heads.Count;
        for (int i = 0; i < actions.Length / heads; i++)
            RandomPlayer.Act(spec, masks.AsSpan(i * spec.MaskBytes, spec.MaskBytes), actions.AsSpan(i * heads, heads), ref rng);
    }

    /// <summary>The first legal verb of every agent, with the first legal option of each head that it uses.</summary>
    private static short[] FirstLegal(EnvironmentSpec spec, byte[] masks)
    {
        int rows = masks.Length / spec.MaskBytes;
        var actions = new short[rows * spec.Heads.Count];
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<byte> mask = masks.AsSpan(i * spec.MaskBytes, spec.MaskBytes);
            int verb = 0;
            for (int h = 0; h < spec.Heads.Count; h++)
            {
                int row = h == 0 ? 0 : spec.Heads[h].MaskRows[verb];
                int option = row < 0 ? -1 : mask.Slice(spec.MaskOffset(h, row), spec.Heads[h].Size).IndexOf((byte)1);
                verb = h == 0 ? option : verb;
                actions[i * spec.Heads.Count + h] = (short)option;
            }
        }
        return actions;
    }
}
