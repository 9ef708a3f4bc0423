using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests;

public sealed unsafe class ScriptedPlayerTests
{
    private const int Easy = 0;
    private const int Medium = 1;
    private const int Hard = 2;
    private const int Micro = 3;

    /// <summary>Whole matches; the line-ups of 5v5 have every hero at least once between them.</summary>
    [Theory]
    [InlineData("5v5", 0, Hard, Medium, MobaOptions.Auto)]
    [InlineData("5v5", 1, Medium, Hard, MobaOptions.Policy)]
    [InlineData("3v3", 0, Hard, Micro, MobaOptions.Auto)]
    [InlineData("1v1", 0, Hard, Easy, MobaOptions.Auto)]
    public void A_scripted_players_action_is_always_one_that_the_mask_offers(string mode, int part, int home, int away, string shopping)
    {
        var arena = new Arena(new MobaOptions { Mode = mode, Home = Team(mode, 2 * part), Away = Team(mode, 2 * part + 1), Shopping = shopping }, 1, 90);
        int verbs = 0;
        while (arena.Status[0] == MatchStatus.Running)
        {
            arena.Observe(0);
            for (int a = 0; a < arena.Agents; a++)
            {
                arena.Env.ActScripted(0, a, a < arena.Spec.AgentsPerTeam ? home : away, arena.ActionOf(0, a), ref arena.Rngs[0]);
                short[] action = arena.ActionOf(0, a).ToArray();
                verbs |= 1 << action[0];
                Assert.True(Offered(arena.Spec, arena.MaskOf(0, a), action), $"agent {a}, decision {arena.Env.State(0).Tick / 4}: {(Verb)action[0]} [{string.Join(", ", action)}]");
            }
            arena.Step();
        }
        foreach (Verb verb in new[] { Verb.Move, Verb.Attack, Verb.Skill1, Verb.Skill2, Verb.Skill3, Verb.Recall })
            Assert.True((verbs >> (int)verb & 1) != 0, $"nobody used {verb}");
    }

    [Theory]
    [InlineData("5v5", Hard)]
    [InlineData("5v5", Medium)]
    [InlineData("3v3", Hard)]
    [InlineData("5v5", Micro)]
    public void Decisions_are_reflected_with_the_match(string mode, int player)
    {
        string[] one = Team(mode, 0);
        string[] two = Team(mode, 1);
        var a = new Arena(new MobaOptions { Mode = mode, Home = one, Away = two }, 1, 91);
        var b = new Arena(new MobaOptions { Mode = mode, Home = two, Away = one }, 1, 91);
        int per = a.Spec.AgentsPerTeam;
        for (int i = 0; i < 1200 && a.Status[0] == MatchStatus.Running; i++)
        {
            for (int agent = 0; agent < a.Agents; agent++)
            {
                int image = (agent + per) % a.Agents;
                var ra = new Rng((ulong)(i * 16 + agent));
                var rb = new Rng((ulong)(i * 16 + agent));
                a.Env.ActScripted(0, agent, player, a.ActionOf(0, agent), ref ra);
                b.Env.ActScripted(0, image, player, b.ActionOf(0, image), ref rb);
                Assert.True(a.ActionOf(0, agent).SequenceEqual(b.ActionOf(0, image)), $"decision {i}, agent {agent}: [{string.Join(", ", a.ActionOf(0, agent).ToArray())}] and [{string.Join(", ", b.ActionOf(0, image).ToArray())}]");
            }
            a.Step();
            b.Step();
        }
        Assert.Equal(a.Status[0], b.Status[0]);
    }

    [Theory]
    [InlineData(Medium)]
    [InlineData(Hard)]
    public void What_is_hidden_makes_no_difference(int player)
    {
        var arena = new Arena("5v5", 1, 92);
        byte[] before = new byte[arena.Env.SnapshotBytes];
        short[] chosen = new short[arena.Spec.Heads.Count];
        int hidden = 0;
        for (int i = 0; i < 700 && arena.Status[0] == MatchStatus.Running; i++)
        {
            for (int a = 0; a < arena.Agents; a++)
            {
                Rng again = arena.Rngs[0];
                arena.Env.ActScripted(0, a, player, arena.ActionOf(0, a), ref arena.Rngs[0]);
                if (i % 7 != a % 7)
                    continue;
                arena.Env.Snapshot(0, before);
                hidden += Disturb(ref arena.Env.State(0), arena.HeroOf(a) / UnitIndex.HeroesPerTeam);
                arena.Env.StateChanged(0);
                arena.Env.ActScripted(0, a, player, chosen, ref again);
                Assert.Equal(arena.ActionOf(0, a).ToArray(), chosen);
                arena.Env.Restore(0, before);
            }
            arena.Step();
        }
        Assert.True(hidden > 200, $"only {hidden} hidden heroes were disturbed");
    }

    [Theory]
    [InlineData(Hard, Medium, 6)]
    [InlineData(Medium, Easy, 6)]
    public void The_better_player_wins_most_matches(int better, int worse, int least)
    {
        const int Matches = 10;
        var arena = new Arena("5v5", Matches, 93);
        for (int m = 0; m < Matches; m++)
            arena.Env.Reset(m, 93ul + (ulong)(m / 2));
        while (arena.Status.Contains(MatchStatus.Running))
        {
            for (int m = 0; m < Matches; m++)
            {
                for (int a = 0; a < arena.Agents && arena.Status[m] == MatchStatus.Running; a++)
                    arena.Env.ActScripted(m, a, a / arena.Spec.AgentsPerTeam == m % 2 ? better : worse, arena.ActionOf(m, a), ref arena.Rngs[m]);
            }
            arena.Step();
        }
        int wins = Enumerable.Range(0, Matches).Count(m => arena.Env.Outcome(m).Winner == m % 2);
        Assert.True(wins >= least, $"{wins} of {Matches}");
    }

    [Fact]
    public void Thinking_allocates_nothing()
    {
        var arena = new Arena("5v5", 1, 94);
        Play(300);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Play(300);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Play(int decisions)
        {
            for (int i = 0; i < decisions; i++)
            {
                for (int a = 0; a < arena.Agents; a++)
                    arena.Env.ActScripted(0, a, i % 2 == 0 ? Hard : Medium, arena.ActionOf(0, a), ref arena.Rngs[0]);
                arena.Env.StepOnly(0, arena.ActionsOf(0));
            }
        }
    }

    private static string[] Team(string mode, int number)
    {
        int per = mode[0] - '0';
        HeroDefinition[] heroes = MobaContent.Default.Heroes;
        return [.. Enumerable.Range(0, per).Select(i => heroes[(number * per + i) % heroes.Length].Name)];
    }

    /// <summary>Changes what a team cannot know of the enemies it does not see; returns how many there are.</summary>
    private static int Disturb(ref WorldState s, int team)
    {
        int count = 0;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int h = UnitIndex.Hero(1 - team, i);
            if (s.Alive[h] == 0 || (s.Visible[h] >> team & 1) != 0)
                continue;
            count++;
            s.X[h] += 7f;
            s.Y[h] -= 5f;
            s.Hp[h] *= 0.3f;
            s.Mana[h] = 0f;
            s.Moving[h] ^= 1;
            for (int k = 0; k < WorldState.Skills; k++)
                s.SkillReady[h * WorldState.Skills + k] += 200;
        }
        return count;
    }

    private static bool Offered(EnvironmentSpec spec, ReadOnlySpan<byte> mask, ReadOnlySpan<short> action)
    {
        int verb = action[0];
        if (mask[verb] == 0)
            return false;
        for (int h = 1; h < spec.Heads.Count; h++)
        {
            int row = spec.Heads[h].MaskRows[verb];
            // A scripted player commands itself at any time.
            if (spec.Heads[h].Name != "macro" && row >= 0 && mask[spec.MaskOffset(h, row) + action[h]] == 0)
                return false;
        }
        return true;
    }
}
