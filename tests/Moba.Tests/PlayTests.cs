using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests;

public sealed unsafe class PlayTests
{
    [Theory]
    [InlineData("1v1")]
    [InlineData("5v5")]
    public void SwappingSidesSwapsEverything(string mode)
    {
        int per = mode == "1v1" ? 1 : 5;
        string[] names = MobaContent.Default.Heroes.Select(h => h.Name).ToArray();
        string[] one = names.Take(per).ToArray();
        string[] two = names.Reverse().Take(per).ToArray();
        var a = new Arena(new MobaOptions { Mode = mode, Home = one, Away = two }, 1, 40);
        var b = new Arena(new MobaOptions { Mode = mode, Home = two, Away = one }, 1, 40);
        int ob = per * a.Spec.ObservationBytes;
        int actions = per * a.Spec.Heads.Count;
        int rewards = per * a.Spec.Rewards.Count;
        for (int i = 0; i < 2800 && a.Status[0] == MatchStatus.Running; i++)
        {
            a.Choose(homeEasy: i % 900 > 200, awayEasy: i % 1000 > 400);
            b.Observe(0);
            for (int team = 0; team < 2; team++)
            {
                Assert.True(a.Observations.AsSpan(team * ob, ob).SequenceEqual(b.Observations.AsSpan((1 - team) * ob, ob)), $"observations of team {team} at decision {i}");
                Assert.True(a.Full.AsSpan(team * a.Spec.FullStateBytes, a.Spec.FullStateBytes).SequenceEqual(b.Full.AsSpan((1 - team) * a.Spec.FullStateBytes, a.Spec.FullStateBytes)), $"full state of team {team} at decision {i}");
                a.Actions.AsSpan(team * actions, actions).CopyTo(b.Actions.AsSpan((1 - team) * actions, actions));
            }
            a.Step();
            b.Step();
            Assert.Equal(a.Status[0], b.Status[0]);
            for (int team = 0; team < 2; team++)
                Assert.Equal(a.Rewards.AsSpan(team * rewards, rewards).ToArray(), b.Rewards.AsSpan((1 - team) * rewards, rewards).ToArray());
        }
        Assert.Equal(MatchStatus.Terminated, a.Status[0]);
        int winner = a.Env.Outcome(0).Winner;
        Assert.Equal(winner < 0 ? -1 : 1 - winner, b.Env.Outcome(0).Winner);
    }

    [Theory]
    [InlineData("1v1", 6000)]
    [InlineData("5v5", 2500)]
    public void RandomPlayKeepsTheStateSound(string mode, int decisions)
    {
        var arena = new Arena(mode, 4, 60);
        int finished = 0;
        for (int i = 0; i < decisions; i++)
        {
            arena.Choose();
            arena.Step();
            Assert.All(arena.Rewards, r => Assert.True(float.IsFinite(r)));
            for (int m = 0; m < 4; m++)
            {
                if (arena.Status[m] != MatchStatus.Running)
                {
                    finished++;
                    arena.Env.Reset(m, (ulong)(i * 10 + m));
                }
                else if (i % 20 == 0)
                {
                    Sound(arena, m);
                }
            }
        }
        if (decisions > 3000)
            Assert.True(finished >= 4);
    }

    [Theory]
    [InlineData("1v1")]
    [InlineData("5v5")]
    public void EasyDestroysTheAncientOfRandom(string mode)
    {
        const int Matches = 20;
        var arena = new Arena(mode, Matches, 70);
        int wins = 0;
        for (int i = 0; i < 2750 && arena.Status.Contains(MatchStatus.Running); i++)
        {
            for (int m = 0; m < Matches; m++)
            {
                if (arena.Status[m] != MatchStatus.Running)
                    continue;
                arena.Observe(m);
                for (int a = 0; a < arena.Agents; a++)
                {
                    if (a < arena.Spec.AgentsPerTeam == (m % 2 == 0))
                        arena.Env.ActScripted(m, a, 0, arena.ActionOf(m, a), ref arena.Rngs[m]);
                    else
                        RandomPlayer.Act(arena.Spec, arena.MaskOf(m, a), arena.ActionOf(m, a), ref arena.Rngs[m]);
                }
            }
            arena.Step();
        }
        for (int m = 0; m < Matches; m++)
        {
            MatchOutcome outcome = arena.Env.Outcome(m);
            wins += outcome.Winner == m % 2 && outcome.Reason == "ancient" ? 1 : 0;
        }
        Assert.True(wins >= 19, $"{wins} of {Matches}");
    }

    [Fact]
    public void WinnersAreRewardedAndLosersPay()
    {
        var arena = new Arena("1v1", 1, 71);
        while (arena.Status[0] == MatchStatus.Running)
            arena.Play(1, homeEasy: true);
        int win = arena.Spec.Rewards.ToList().FindIndex(r => r.Name == "win");
        int winner = arena.Env.Outcome(0).Winner;
        Assert.Equal(winner == 0 ? 1f : -1f, arena.Rewards[win]);
        Assert.Equal(winner == 0 ? -1f : 1f, arena.Rewards[arena.Spec.Rewards.Count + win]);
    }

    private static void Sound(Arena arena, int match)
    {
        ref WorldState s = ref arena.Env.State(match);
        for (int u = 0; u < UnitIndex.Count; u++)
        {
            Assert.True(float.IsFinite(s.X[u]) && float.IsFinite(s.Y[u]) && float.IsFinite(s.Hp[u]), $"unit {u}");
            if (s.Alive[u] == 0)
                continue;
            Assert.True(s.Hp[u] > 0f && s.Hp[u] <= s.MaxHp[u], $"unit {u} has {s.Hp[u]} of {s.MaxHp[u]} hp");
            Assert.InRange(s.X[u], -64f, 64f);
            Assert.InRange(s.Y[u], -64f, 64f);
            if (UnitIndex.IsHero(u))
                Assert.True(arena.Env.World.Map.Walkable(s.X[u], s.Y[u]), $"hero {u} stands in a wall at {s.X[u]}, {s.Y[u]}");
        }
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            if (s.Present[h] == 0)
                continue;
            Assert.Equal(s.GoldEarned[h], s.Gold[h] + s.GoldSpent[h]);
            Assert.InRange(s.Mana[h], 0f, s.MaxMana[h]);
            Assert.InRange(s.Level[h], 1, RulesDefinition.MaxLevel);
        }
    }
}
