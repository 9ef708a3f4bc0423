using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests;

public sealed unsafe class ObservationTests
{
    [Theory]
    [InlineData("1v1")]
    [InlineData("5v5")]
    public void RowsOfAbsentSlotsAreZero(string mode)
    {
        var arena = new Arena(mode, 1, 31);
        int absent = 0;
        for (int i = 0; i < 60; i++)
        {
            arena.Play(20, homeEasy: true, awayEasy: i % 2 == 0);
            arena.Observe(0);
            for (int a = 0; a < arena.Agents; a++)
                absent += Check(arena.Spec.Observation, arena.ObservationOf(0, a));
            for (int team = 0; team < 2; team++)
                Check(arena.Spec.FullState, arena.Full.AsSpan(team * arena.Spec.FullStateBytes, arena.Spec.FullStateBytes));
        }
        Assert.True(absent > 0);
    }

    [Fact]
    public void EveryFeatureBesidesReservedOnesIsUsed()
    {
        var used = new HashSet<string>();
        var arena = new Arena(new MobaOptions { Mode = "5v5" }, 2, 33);
        arena.Play(600);
        BesideAMonster(arena);
        for (int i = 0; i < 2100; i++)
        {
            if (i == 1000)
                IntoBrush(arena);
            arena.Choose(homeEasy: true, awayEasy: i < 100);
            if (i < 60)
                new short[] { (short)Verb.Attack, -1, -1, Sizes.MonsterSlot }.CopyTo(arena.ActionOf(0, 0));
            arena.Step();
            if (i % 5 != 0)
                continue;
            for (int a = 0; a < arena.Agents; a++)
            {
                foreach (BlockSpec b in arena.Spec.Observation)
                {
                    for (int slot = 0; slot < b.Slots; slot++)
                    {
                        foreach (FeatureSpec f in b.Features)
                        {
                            Span<byte> at = arena.ObservationOf(0, a).Slice(b.RowsOffset + slot * b.SlotBytes + b.FeatureOffset(f.Name), f.Bytes);
                            if (at.ContainsAnyExcept((byte)0))
                                used.Add(b.Name + "." + f.Name);
                        }
                    }
                }
            }
        }
        string[] expected = ["self.dx", "self.dy", "self.dx_far", "self.dy_far", "self.distance", "self.in_my_range", "self.in_its_range", "self.attacks_me",
            "self.hidden", "ally.in_my_range", "ally.in_its_range", "ally.attacks_me", "ally.hidden", "enemy.ultimate_ready", "macro.command"];
        var all = arena.Spec.Observation.SelectMany(b => b.Features.Select(f => b.Name + "." + f.Name)).Except(expected);
        Assert.Empty(all.Except(used));
    }

    private static void BesideAMonster(Arena arena)
    {
        ref WorldState s = ref arena.Env.State(0);
        for (int u = UnitIndex.FirstMonster; u < UnitIndex.Count; u++)
        {
            if (s.Alive[u] == 0)
                continue;
            s.X[0] = s.X[u] + 1f;
            s.Y[0] = s.Y[u];
            break;
        }
        arena.Env.StateChanged(0);
    }

    private static void IntoBrush(Arena arena)
    {
        ref WorldState s = ref arena.Env.State(0);
        GameMap map = arena.Env.World.Map;
        for (float x = -40f; x < 40f; x += 0.5f)
        {
            for (float y = -40f; y < 40f; y += 0.5f)
            {
                if (map.Brush(x, y) == 0)
                    continue;
                s.X[1] = x;
                s.Y[1] = y;
                arena.Env.StateChanged(0);
                return;
            }
        }
    }

    [Fact]
    public void HiddenEnemiesLeakNothing()
    {
        var arena = new Arena(matches: 1, seed: 35);
        int tried = 0;
        var rng = new Rng(1);
        for (int i = 0; i < 120; i++)
        {
            arena.Play(12, homeEasy: true, awayEasy: i % 3 != 0);
            if (arena.Status[0] != MatchStatus.Running)
                break;
            arena.Observe(0);
            byte[] observations = arena.Observations.ToArray();
            byte[] masks = arena.Masks.ToArray();
            byte[] snapshot = new byte[arena.Env.SnapshotBytes];
            arena.Env.Snapshot(0, snapshot);
            ref WorldState s = ref arena.Env.State(0);
            for (int hero = 0; hero < UnitIndex.Heroes; hero++)
            {
                int other = 1 - hero / UnitIndex.HeroesPerTeam;
                if (s.Alive[hero] == 0 || (s.Visible[hero] >> other & 1) != 0)
                    continue;
                s.X[hero] = rng.NextSingle() * 100f - 50f;
                s.Y[hero] = rng.NextSingle() * 100f - 50f;
                s.Hp[hero] *= 0.5f;
                s.Mana[hero] = 0f;
                s.StunUntil[hero] = (ushort)(s.Tick + 20);
                s.CastSkill[hero] = 1;
                s.RecallTicks[hero] = 5;
                s.AttackTarget[hero] = (short)UnitIndex.Hero(other, 0);
                s.OrderVerb[hero] = 2;
                arena.Env.StateChanged(0);
                arena.Observe(0);
                int o = arena.Spec.AgentsPerTeam * arena.Spec.ObservationBytes;
                int m = arena.Spec.AgentsPerTeam * arena.Spec.MaskBytes;
                Assert.True(observations.AsSpan(other * o, o).SequenceEqual(arena.Observations.AsSpan(other * o, o)));
                Assert.True(masks.AsSpan(other * m, m).SequenceEqual(arena.Masks.AsSpan(other * m, m)));
                tried++;
                arena.Env.Restore(0, snapshot);
            }
        }
        Assert.True(tried > 50, $"{tried} hidden heroes");
    }

    [Fact]
    public void DeterminizationChangesOnlyWhatTheTeamCannotSee()
    {
        var arena = new Arena(matches: 1, seed: 36);
        var rng = new Rng(2);
        int moved = 0;
        for (int i = 0; i < 60; i++)
        {
            arena.Play(15, homeEasy: true, awayEasy: true);
            int team = i % 2;
            arena.Observe(0);
            byte[] observations = arena.Observations.ToArray();
            float[] xs = Enumerable.Range(0, UnitIndex.Heroes).Select(h => arena.Env.State(0).X[h]).ToArray();
            byte[] snapshot = new byte[arena.Env.SnapshotBytes];
            arena.Env.Snapshot(0, snapshot);
            arena.Env.Determinize(0, team, ref rng);
            arena.Observe(0);
            int o = arena.Spec.AgentsPerTeam * arena.Spec.ObservationBytes;
            Assert.True(observations.AsSpan(team * o, o).SequenceEqual(arena.Observations.AsSpan(team * o, o)));
            for (int h = 0; h < UnitIndex.Heroes; h++)
            {
                ref WorldState s = ref arena.Env.State(0);
                moved += s.X[h] != xs[h] ? 1 : 0;
                if (s.Alive[h] != 0)
                    Assert.True(arena.Env.World.Map.Walkable(s.X[h], s.Y[h]));
            }
            arena.Env.StepOnly(0, arena.ActionsOf(0));
            arena.Env.Restore(0, snapshot);
        }
        Assert.True(moved > 0);
    }

    private static int Check(IReadOnlyList<BlockSpec> blocks, ReadOnlySpan<byte> bytes)
    {
        int absent = 0;
        foreach (BlockSpec b in blocks)
        {
            for (int slot = 0; slot < b.Slots; slot++)
            {
                byte present = bytes[b.Offset + slot];
                Assert.InRange(present, 0, 1);
                if (present != 0)
                    continue;
                absent++;
                Assert.False(bytes.Slice(b.RowsOffset + slot * b.SlotBytes, b.SlotBytes).ContainsAnyExcept((byte)0), $"{b.Name}[{slot}]");
            }
        }
        return absent;
    }
}
