using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Live;
using SelfPlayArena.Server.Matches.Wire;

namespace SelfPlayArena.Server.Tests.Matches;

/// <summary>What a person's clicks come to.</summary>
public sealed unsafe class HandTests
{
    public static TheoryData<string> Heroes => [.. MobaContent.Default.Heroes.Select(h => h.Name)];

    [Theory]
    [MemberData(nameof(Heroes))]
    public void AHeroWalksWhereItIsSentWhateverSkillWasAskedForMeanwhile(string hero)
    {
        using var table = new Table();
        (LiveMatch match, Entry entry) = table.Open("1v1", new SeatRequest(0, 0, "person", hero), new SeatRequest(1, 0, "bot"));
        match.Start(entry.Token);
        Watcher seat = match.Attach(entry.Token, 0);
        match.Receive(seat, new ClientFrame(ClientAsk.Order, 1, HandVerb.Move, X: -40f, Y: -40f));
        match.Receive(seat, new ClientFrame(ClientAsk.Order, 2, HandVerb.Skill1, X: -50f, Y: -46f));
        ref WorldState s = ref match.Environment!.State(0);
        int ticks = 0;
        for (; ticks < 200 && MathF.Abs(s.X[0] + 40f) + MathF.Abs(s.Y[0] + 40f) > 0.5f; ticks++)
            match.Tick();
        Assert.True(ticks < 200, $"{hero} stands at ({s.X[0]}, {s.Y[0]})");
    }

    /// <summary>Whoever runs past the last corner would walk to and fro.</summary>
    [Fact]
    public void AWalkAroundWallsEndsWhereItWasSentAndStands()
    {
        using var table = new Table();
        (LiveMatch match, string token) = table.Duel("beginner");
        Watcher seat = match.Attach(token, 0);
        ref WorldState s = ref match.Environment!.State(0);
        var random = new Random(8);
        int arrived = 0;
        for (int i = 0; i < 25; i++)
        {
            // On the own side, where nobody gets into the way.
            float x = random.Next(-55, -5), y = random.Next(-55, -5);
            match.Receive(seat, new ClientFrame(ClientAsk.Order, i, HandVerb.Move, X: x, Y: y));
            for (int t = 0; t < 450 && s.Alive[0] != 0 && s.Finished == 0; t++)
            {
                match.Tick();
                while (seat.Outbox.Reader.TryRead(out _))
                {
                }
                if (t > 2 && s.OrderVerb[0] == (byte)Verb.Stay)
                    break;
            }
            bool wall = !match.World.Map.Walkable(x, y);
            if (s.Alive[0] == 0 || s.Finished != 0)
                continue;
            Assert.True(wall || MathF.Abs(s.X[0] - x) + MathF.Abs(s.Y[0] - y) < 0.6f, $"sent to ({x}, {y}), stands at ({s.X[0]}, {s.Y[0]})");
            arrived++;
        }
        Assert.True(arrived > 15, $"{arrived} walks ended");
    }

    [Fact]
    public void ASkillOutOfRangeIsWalkedToAndCastAndTheWalkGoesOn()
    {
        using var table = new Table();
        // Ember's second skill is aimed at a point.
        (LiveMatch match, string token) = table.Duel("beginner");
        Watcher seat = match.Attach(token, 0);
        ref WorldState s = ref match.Environment!.State(0);
        s.SkillLevel[1] = 1;
        match.Receive(seat, new ClientFrame(ClientAsk.Order, 1, HandVerb.Move, X: -30f, Y: -30f));
        match.Receive(seat, new ClientFrame(ClientAsk.Order, 2, HandVerb.Skill2, X: s.X[0] + 20f, Y: s.Y[0] + 18f));
        float cast = float.NaN;
        for (int t = 0; t < 400; t++)
        {
            match.Tick();
            if (float.IsNaN(cast) && s.SkillReady[1] > s.Tick)
                cast = s.X[0];
        }
        Assert.True(cast > -57f && cast < -38f, $"it was cast at x {cast}");
        Assert.Equal(-30f, s.X[0], 0.5f);
        Assert.Equal(-30f, s.Y[0], 0.5f);
    }
}
