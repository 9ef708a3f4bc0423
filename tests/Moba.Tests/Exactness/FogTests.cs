using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests.Exactness;

/// <summary>A team sees what it may see, and what it may not makes no difference to it.</summary>
public sealed unsafe class FogTests
{
    /// <summary>
    /// What everybody is told about a hero in hiding: who it is, whether it lives, the score board, and where it was seen last. The rest of
    /// a hidden hero's entries is changed at will.
    /// </summary>
    private static readonly string[] Announced =
    [
        "Present", "Team", "Kind", "Alive", "Visible", "Viewer", "Level", "RespawnTick", "LastSeenX", "LastSeenY", "LastSeenTick",
        "GoldEarned", "GoldSpent", "XpEarned", "Kills", "KillStreak", "Deaths", "Assists",
    ];

    private static readonly StateFields.Field[] OfUnits = [.. StateFields.All.Where(f => f.Length == UnitIndex.Count && !Announced.Contains(f.Name))];

    /// <summary>What a monster is like is written in the rules.</summary>
    private static readonly string[] OfKind = ["MaxHp", "Attack", "Armor", "MagicResist", "AttackRange", "AttackInterval", "MoveSpeed"];

    private static readonly StateFields.Field[] OfMonsters = [.. OfUnits.Where(f => !OfKind.Contains(f.Name))];

    private static readonly StateFields.Field[] OfHeroes =
    [
        .. StateFields.All.Where(f => f.Length % UnitIndex.Heroes == 0 && f.Length > UnitIndex.Heroes - 1
            && (f.Length != UnitIndex.Structures || f.Name.StartsWith("Spell", StringComparison.Ordinal)) && !Announced.Contains(f.Name)),
    ];

    [Fact]
    public void WhatIsHiddenMakesNoDifferenceToWhatATeamSees()
    {
        int hidden = 0;
        Property.Holds(MatchCase.Any(1500, 12), 80, c =>
        {
            var trial = new Trial(c);
            var rng = new Rng((ulong)c.Seed);
            byte[] snapshot = new byte[trial.Env.SnapshotBytes];
            byte[] seen = new byte[trial.Observations.Length];
            byte[] offered = new byte[trial.Masks.Length];
            short[] before = new short[trial.Spec.ScriptedPlayers.Count * trial.Spec.Heads.Count];
            short[] after = new short[before.Length];
            for (int i = 0; i < c.Decisions && !trial.Over; i++)
            {
                trial.Choose();
                trial.Observations.CopyTo(seen, 0);
                trial.Masks.CopyTo(offered, 0);
                trial.Env.Snapshot(0, snapshot);
                for (int team = 0; team < UnitIndex.Teams; team++)
                {
                    int agent = team * trial.PerTeam + rng.Next(trial.PerTeam);
                    Rng same = rng;
                    Chosen(trial, agent, same, before);
                    hidden += Disturb(trial.Env.World, ref trial.State, team, ref rng);
                    trial.Env.StateChanged(0);
                    trial.Observe();
                    SeesTheSame(trial, team, seen, offered, "what is hidden changed");
                    Chosen(trial, agent, same, after);
                    Equal(trial, agent, after, before);
                    trial.Env.Restore(0, snapshot);
                }
                trial.Step();
            }
        });
        Assert.True(hidden > 2000, $"only {hidden} hidden units met");
    }

    [Fact]
    public void ASampleOfWhatATeamDoesNotKnowLooksTheSameAndIsSound()
    {
        int moved = 0;
        Property.Holds(MatchCase.Any(1500, 6), 80, c =>
        {
            var trial = new Trial(c);
            var rng = new Rng((ulong)c.Seed);
            byte[] snapshot = new byte[trial.Env.SnapshotBytes];
            byte[] seen = new byte[trial.Observations.Length];
            byte[] offered = new byte[trial.Masks.Length];
            for (int i = 0; i < c.Decisions && !trial.Over; i++)
            {
                trial.Choose();
                trial.Observations.CopyTo(seen, 0);
                trial.Masks.CopyTo(offered, 0);
                trial.Env.Snapshot(0, snapshot);
                for (int team = 0; team < UnitIndex.Teams; team++)
                {
                    WorldState before = trial.State;
                    trial.Env.Determinize(0, team, ref rng);
                    trial.Observe();
                    SeesTheSame(trial, team, seen, offered, "the unknown was sampled");
                    StateChecks.All(trial.Env.World, ref trial.State);
                    moved += StaysHidden(trial, team, in before);
                    for (int k = 0; k < 14 && !trial.Over; k++)
                    {
                        trial.Choose();
                        trial.Env.StepOnly(0, trial.Actions);
                        StateChecks.All(trial.Env.World, ref trial.State);
                    }
                    trial.Env.Restore(0, snapshot);
                }
                trial.Choose();
                trial.Step();
            }
        });
        Assert.True(moved > 100, $"only {moved} hidden heroes were sampled");
    }

    /// <summary>Heroes that were hidden are not where the team would see them. Returns how many there were.</summary>
    private static int StaysHidden(Trial trial, int team, in WorldState before)
    {
        WorldState looked = trial.State;
        Systems.Vision.Run(trial.Env.World, &looked, everything: true);
        int hidden = 0;
        for (int slot = 0; slot < UnitIndex.HeroesPerTeam; slot++)
        {
            int h = UnitIndex.Hero(1 - team, slot);
            if (before.Alive[h] == 0 || (before.Visible[h] >> team & 1) != 0)
                continue;
            hidden++;
            Assert.True(looked.Alive[h] != 0 && (trial.State.Visible[h] >> team & 1) == 0, $"tick {before.Tick}: hero {h} died or came into sight of team {team} by sampling");
            // One that has just come within sight, but was not looked at yet, may stay where it is.
            bool same = trial.State.X[h] == before.X[h] && trial.State.Y[h] == before.Y[h];
            Assert.True(same || (looked.Visible[h] >> team & 1) == 0, $"tick {before.Tick}: hero {h} was placed at ({looked.X[h]}, {looked.Y[h]}), in sight of team {team}");
        }
        return hidden;
    }

    /// <summary>Changes everything about the units, projectiles and zones that a team does not see. Returns how many there are.</summary>
    private static int Disturb(MobaWorld world, ref WorldState state, int team, ref Rng rng)
    {
        int hidden = 0;
        fixed (WorldState* s = &state)
        {
            // Effects first: whether they are seen depends on the units.
            for (int i = (1 - team) * WorldState.ProjectilesPerTeam; i < (2 - team) * WorldState.ProjectilesPerTeam; i++)
            {
                bool atHero = s->ProjectileTarget[i] >= 0 && UnitIndex.IsHero(s->ProjectileTarget[i]);
                if (s->ProjectileAlive[i] != 0 && !atHero && Unseen(world, s, team, s->ProjectileOwner[i], s->ProjectileX[i], s->ProjectileY[i]))
                    s->ProjectileAlive[i] = 0;
            }
            for (int i = (1 - team) * WorldState.ZonesPerTeam; i < (2 - team) * WorldState.ZonesPerTeam; i++)
            {
                if (s->ZoneAlive[i] != 0 && Unseen(world, s, team, s->ZoneOwner[i], s->ZoneX[i], s->ZoneY[i]))
                    s->ZoneAlive[i] = 0;
            }
            for (int u = 0; u < UnitIndex.Count; u++)
            {
                if (s->Team[u] == team || s->Alive[u] == 0 || (s->Visible[u] >> team & 1) != 0)
                    continue;
                hidden++;
                foreach (StateFields.Field f in UnitIndex.IsMonster(u) ? OfMonsters : OfUnits)
                    Change(s, f, u, ref rng);
                if (UnitIndex.IsHero(u))
                {
                    foreach (StateFields.Field f in OfHeroes)
                    {
                        int each = f.Length / UnitIndex.Heroes;
                        for (int k = 0; k < each; k++)
                            Change(s, f, u * each + k, ref rng);
                    }
                }
                else if (!UnitIndex.IsMonster(u) && rng.Next(3) == 0)
                {
                    // The clocks of camps and epic monsters are public: whether one stands is known to all.
                    Remove(s, u);
                }
            }
        }
        return hidden;
    }

    /// <summary>A place out of sight of all heroes of a team, of something whose owner it does not see.</summary>
    private static bool Unseen(MobaWorld world, WorldState* s, int team, int owner, float x, float y)
    {
        if ((s->Visible[owner] >> team & 1) != 0)
            return false;
        for (int h = UnitIndex.Hero(team, 0); h < UnitIndex.Hero(team, UnitIndex.HeroesPerTeam); h++)
        {
            float dx = s->X[h] - x;
            float dy = s->Y[h] - y;
            if (s->Alive[h] != 0 && dx * dx + dy * dy <= world.Rules.HeroSight * world.Rules.HeroSight)
                return false;
        }
        return true;
    }

    private static void Remove(WorldState* s, int u)
    {
        s->Alive[u] = 0;
        s->Hp[u] = 0f;
        int i = u - UnitIndex.FirstCreep;
        if (UnitIndex.IsCreep(u))
            s->LaneAlive[i / UnitIndex.CreepsPerLane] &= (ushort)~(1 << i % UnitIndex.CreepsPerLane);
    }

    /// <summary>Another value that the field could have. Unit and content numbers stay within what there is.</summary>
    private static void Change(WorldState* s, StateFields.Field f, int i, ref Rng rng)
    {
        byte* p = (byte*)s + f.Offset;
        float draw = rng.NextSingle();
        switch (Type.GetTypeCode(f.Type))
        {
            case TypeCode.Single:
                float* value = (float*)p + i;
                *value = f.Name is "X" or "Y" ? (draw - 0.5f) * 120f : *value * (0.25f + draw) + draw;
                break;
            case TypeCode.UInt16:
                ((ushort*)p)[i] = draw < 0.5f ? (ushort)0 : (ushort)(s->Tick + draw * 300f);
                break;
            case TypeCode.Int16:
                ((short*)p)[i] = draw < 0.3f ? (short)-1 : (short)(draw * (UnitIndex.Count - 1));
                break;
            case TypeCode.Int32:
                ((int*)p)[i] = (int)(draw * 3000f);
                break;
            case TypeCode.SByte:
                ((sbyte*)p)[i] = draw < 0.5f ? (sbyte)-1 : (sbyte)(draw * 4f);
                break;
            default:
                p[i] = (byte)(draw * 4f);
                break;
        }
    }

    /// <summary>What each scripted player would do in an agent's place.</summary>
    private static void Chosen(Trial trial, int agent, Rng rng, short[] actions)
    {
        for (int player = 0; player < trial.Spec.ScriptedPlayers.Count; player++)
        {
            Rng own = rng;
            trial.Env.ActScripted(0, agent, player, actions.AsSpan(player * trial.Spec.Heads.Count, trial.Spec.Heads.Count), ref own);
        }
    }

    private static void Equal(Trial trial, int agent, short[] now, short[] before)
    {
        int at = now.AsSpan().CommonPrefixLength(before);
        if (at == now.Length)
            return;
        int heads = trial.Spec.Heads.Count;
        int first = at / heads * heads;
        Assert.Fail($"tick {trial.State.Tick}: {trial.Spec.ScriptedPlayers[at / heads]} in the place of agent {agent} does [{string.Join(", ", now[first..(first + heads)])}] after what is hidden changed, "
            + $"[{string.Join(", ", before[first..(first + heads)])}] before");
    }

    private static void SeesTheSame(Trial trial, int team, byte[] seen, byte[] offered, string after)
    {
        for (int i = 0; i < trial.PerTeam; i++)
        {
            int agent = team * trial.PerTeam + i;
            Equal(trial, agent, trial.ObservationOf(agent), seen.AsSpan(agent * trial.Spec.ObservationBytes, trial.Spec.ObservationBytes), $"sees after {after}");
            Equal(trial, agent, trial.MaskOf(agent), offered.AsSpan(agent * trial.Spec.MaskBytes, trial.Spec.MaskBytes), $"is offered after {after}");
        }
    }

    private static void Equal(Trial trial, int agent, ReadOnlySpan<byte> now, ReadOnlySpan<byte> before, string what)
    {
        int at = now.CommonPrefixLength(before);
        if (at == now.Length)
            return;
        BlockSpec? block = now.Length == trial.Spec.ObservationBytes ? trial.Spec.Observation.Last(b => b.Offset <= at) : null;
        Assert.Fail($"tick {trial.State.Tick}: agent {agent} {what} byte {at} ({block?.Name} + {at - (block?.Offset ?? 0)}) {before[at]} as {now[at]}");
    }
}
