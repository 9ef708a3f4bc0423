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
    public void EveryFeatureIsUsed()
    {
        var used = new HashSet<string>();
        var arena = new Arena(new MobaOptions { Mode = "5v5", Macro = MobaOptions.Policy }, 2, 33);
        arena.Play(1);
        Note(arena, used);
        arena.Play(600);
        BesideAMonster(arena);
        for (int i = 0; i < 2100; i++)
        {
            if (i == 1000)
                IntoBrush(arena);
            arena.Choose(homeEasy: true, awayEasy: i < 100);
            if (i < 60)
                new short[] { (short)Verb.Attack, -1, -1, Sizes.MonsterSlot, -1, -1 }.CopyTo(arena.ActionOf(0, 0));
            arena.Step();
            if (i % 5 == 0)
                Note(arena, used);
        }
        Decorate(ref arena.Env.State(1));
        arena.Env.StateChanged(1);
        arena.Observe(1);
        Note(arena, used);
        string[] expected = ["self.dx", "self.dy", "self.dx_far", "self.dy_far", "self.distance", "self.in_my_range", "self.in_its_range", "self.attacks_me",
            "self.hidden", "ally.in_my_range", "ally.in_its_range", "ally.attacks_me", "ally.hidden", "enemy.ultimate_ready", "enemy.command"];
        var all = arena.Spec.Observation.Concat(arena.Spec.FullState).SelectMany(b => b.Features.Select(f => b.Name + "." + f.Name)).Except(expected);
        Assert.Empty(all.Except(used));
    }

    /// <summary>Adds the names of the features that are not zero somewhere in what anybody sees.</summary>
    private static void Note(Arena arena, HashSet<string> used)
    {
        for (int m = 0; m < arena.Env.Matches; m++)
        {
            for (int a = 0; a < arena.Agents; a++)
                Note(arena.Spec.Observation, arena.ObservationOf(m, a), used);
            for (int team = 0; team < UnitIndex.Teams; team++)
                Note(arena.Spec.FullState, arena.Full.AsSpan((m * UnitIndex.Teams + team) * arena.Spec.FullStateBytes, arena.Spec.FullStateBytes), used);
        }
    }

    private static void Note(IReadOnlyList<BlockSpec> blocks, ReadOnlySpan<byte> bytes, HashSet<string> used)
    {
        foreach (BlockSpec b in blocks)
        {
            for (int slot = 0; slot < b.Slots; slot++)
            {
                foreach (FeatureSpec f in b.Features)
                {
                    if (bytes.Slice(b.RowsOffset + slot * b.SlotBytes + b.FeatureOffset(f.Name), f.Bytes).ContainsAnyExcept((byte)0))
                        used.Add(b.Name + "." + f.Name);
                }
            }
        }
    }

    /// <summary>Everything that is rare in play, at once: hero 0 has it all, and an enemy, a ward, summoned units and an epic monster stand beside it.</summary>
    private static void Decorate(ref WorldState s)
    {
        ushort soon = (ushort)(s.Tick + 100);
        for (int hero = 0; hero < UnitIndex.Heroes; hero++)
        {
            s.GoldSpent[hero] = 3000;
            s.KillStreak[hero] = 3;
            s.Kills[hero] = s.Deaths[hero] = 4;
            s.SkillPoints[hero] = 2;
            s.StealthUntil[hero] = s.RootUntil[hero] = s.WardReady[hero] = soon;
            s.SilenceUntil[hero] = s.StunUntil[hero] = soon;
            s.Haste[hero] = s.CritChance[hero] = s.LifeSteal[hero] = 0.3f;
            s.Power[hero] = s.MagicResist[hero] = 50f;
            s.WardCharges[hero] = 1;
            s.Macro[hero] = (byte)MacroCommand.PushTop;
            s.MacroSince[hero] = (ushort)(s.Tick - 40);
            s.Items[hero * WorldState.ItemSlots] = 1;
            s.Items[hero * WorldState.ItemSlots + 1] = (byte)(1 + Array.FindIndex(MobaContent.Default.Items, i => i.Active is not null));
            s.ItemReady[hero * WorldState.ItemSlots + 1] = hero % 2 == 0 ? soon : (ushort)0;
            s.Spell[hero * WorldState.Spells] = 1;
            s.Spell[hero * WorldState.Spells + 1] = 2;
            s.SpellReady[hero * WorldState.Spells] = s.SpellReady[hero * WorldState.Spells + 1] = hero % 2 == 0 ? soon : (ushort)0;
        }
        s.TeamBuffUntil[0] = s.TeamBuffUntil[1] = s.PushUntil[0] = s.PushUntil[1] = soon;
        s.EpicsSlain[0] = 2;
        Beside(ref s, 5);
        s.CastSkill[5] = 2;
        Beside(ref s, UnitIndex.Ward(1, 0));
        s.ExpireTick[UnitIndex.Summons] = s.ExpireTick[UnitIndex.Summons + UnitIndex.WardsPerTeam] = soon;
        Beside(ref s, UnitIndex.Summon(1, 0));
        s.ExpireTick[UnitIndex.SummonsPerTeam] = soon;
        Beside(ref s, UnitIndex.FirstEpic);
        Beside(ref s, UnitIndex.FirstEpic + 1);
        int champion = UnitIndex.Creep(1, 0, 0);
        Beside(ref s, champion);
        s.Kind[champion] = 3;
        s.LaneAlive[UnitIndex.Lanes] |= 1;
    }

    private static void Beside(ref WorldState s, int unit)
    {
        s.Alive[unit] = 1;
        s.Visible[unit] = 3;
        s.X[unit] = s.X[0] + 1f;
        s.Y[unit] = s.Y[0] + 0.5f;
        s.MaxHp[unit] = s.Hp[unit] = 800f;
    }

    private static void BesideAMonster(Arena arena)
    {
        ref WorldState s = ref arena.Env.State(0);
        for (int u = UnitIndex.FirstMonster; u < UnitIndex.FirstEpic; u++)
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
                s.StealthUntil[hero] = (ushort)(s.Tick + 30);
                s.Macro[hero] = (byte)MacroCommand.Farm;
                s.MacroSince[hero] = (ushort)s.Tick;
                s.SpellReady[hero * WorldState.Spells] = (ushort)(s.Tick + 50);
                s.ItemReady[hero * WorldState.ItemSlots] = (ushort)(s.Tick + 50);
                s.WardCharges[hero]++;
                s.SkillPoints[hero]++;
                s.Shield[hero] = 100f;
                s.PendingVerb[hero * WorldState.PendingOrders] = (byte)Verb.Recall;
                s.Power[hero] = s.Armor[hero] = s.Haste[hero] = 1f;
                int ward = UnitIndex.Ward(1 - other, tried % UnitIndex.WardsPerTeam);
                if (s.Alive[ward] == 0)
                {
                    (s.Alive[ward], s.Visible[ward], s.Hp[ward], s.MaxHp[ward]) = (1, (byte)(1 << 1 - other), 1f, 1f);
                    (s.X[ward], s.Y[ward]) = (s.X[UnitIndex.Hero(other, 0)], s.Y[UnitIndex.Hero(other, 0)]);
                }
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
