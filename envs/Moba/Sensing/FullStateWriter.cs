using System.Numerics;
using System.Runtime.CompilerServices;
using SelfPlayArena.Core;

namespace SelfPlayArena.Moba;

/// <summary>Writes the true state in one team's frame for the critic, feature by feature in the order of <see cref="MobaSpec"/>.</summary>
internal static unsafe class FullStateWriter
{
    private const float PerSecond = 1f / RulesDefinition.TicksPerSecond;

    public static void Write(MobaWorld world, WorldState* s, int team, byte* o)
    {
        Unsafe.InitBlockUnaligned(o, 0, Sizes.FullStateBytes);
        WriteHeroes(s, team, o + Sizes.FullHeroAt);
        WriteStructures(s, team, o + Sizes.FullStructureAt);
        WriteLanes(world, s, team, o + Sizes.FullLaneAt);
        WriteGlobal(world, s, team, o + Sizes.FullGlobalAt);
        WriteWards(s, team, o + Sizes.FullWardAt);
    }

    private static void WriteHeroes(WorldState* s, int team, byte* o)
    {
        for (int i = 0; i < UnitIndex.Heroes; i++)
        {
            int u = (i + team * UnitIndex.HeroesPerTeam) % UnitIndex.Heroes;
            if (s->Present[u] == 0)
                continue;
            o[i] = 1;
            byte* p = o + UnitIndex.Heroes + i * Sizes.FullHeroRow;
            bool enemy = i >= UnitIndex.HeroesPerTeam;
            bool alive = s->Alive[u] != 0;
            p[0] = s->Kind[u];
            p[1] = Flag(enemy);
            p[2] = Q((team == 0 ? s->X[u] : -s->Y[u]) * (1f / Sizes.Far));
            p[3] = Q((team == 0 ? s->Y[u] : -s->X[u]) * (1f / Sizes.Far));
            p[4] = alive ? Q(s->Hp[u] / s->MaxHp[u]) : (byte)0;
            p[5] = alive ? Q(s->Hp[u] * (1f / Sizes.HeroHp)) : (byte)0;
            p[6] = Q(s->MaxMana[u] > 0f ? s->Mana[u] / s->MaxMana[u] : 0f);
            p[7] = Q(s->Level[u] * (1f / RulesDefinition.MaxLevel));
            p[8] = Q(s->GoldEarned[u] * (1f / Sizes.Lead));
            p[9] = Q(s->Attack[u] * (1f / Sizes.HeroAttack));
            p[10] = Flag(alive);
            p[11] = alive ? (byte)0 : Q((s->RespawnTick[u] - s->Tick) * (PerSecond / Sizes.RespawnSeconds));
            p[12] = Flag(s->SkillLevel[u * 4 + 3] != 0 && s->SkillReady[u * 4 + 3] <= s->Tick);
            p[13] = Flag(s->StunUntil[u] > s->Tick);
            p[14] = Flag((s->Visible[u] >> (1 - s->Team[u]) & 1) != 0);
            p[16] = Q(s->GoldSpent[u] * (1f / Sizes.Worth));
            p[17] = Q(s->KillStreak[u] * (1f / Sizes.Streak));
            p[18] = Flag(s->StealthUntil[u] > s->Tick);
            p[19] = Q(s->Armor[u] * (1f / Sizes.Resistance));
            p[20] = Q(s->MagicResist[u] * (1f / Sizes.Resistance));
            p[21] = Q(s->Power[u] * (1f / Sizes.HeroAttack));
            int ready = 0;
            for (int k = 0; k < WorldState.Spells; k++)
                ready += s->SpellReady[u * WorldState.Spells + k] <= s->Tick ? 1 : 0;
            p[22] = Q(ready * (1f / WorldState.Spells));
            p[23] = s->Macro[u];
        }
        for (int k = 0; k < UnitIndex.Structures; k++)
        {
            int target = s->AttackTarget[UnitIndex.FirstStructure + k];
            if (s->Alive[UnitIndex.FirstStructure + k] != 0 && UnitIndex.IsHero(target))
                o[UnitIndex.Heroes + (target + team * UnitIndex.HeroesPerTeam) % UnitIndex.Heroes * Sizes.FullHeroRow + 15] = 127;
        }
    }

    private static void WriteStructures(WorldState* s, int team, byte* o)
    {
        for (int i = 0; i < UnitIndex.Structures; i++)
        {
            int k = (i + team * UnitIndex.StructuresPerTeam) % UnitIndex.Structures;
            int u = UnitIndex.FirstStructure + k;
            if (s->Alive[u] == 0)
                continue;
            o[i] = 1;
            byte* p = o + UnitIndex.Structures + i * Sizes.FullStructureRow;
            p[0] = Q((team == 0 ? s->X[u] : -s->Y[u]) * (1f / Sizes.Far));
            p[1] = Q((team == 0 ? s->Y[u] : -s->X[u]) * (1f / Sizes.Far));
            p[2] = Q(s->Hp[u] / s->MaxHp[u]);
            p[3] = Flag(s->Protected[k] == 0);
            p[4] = Flag(i >= UnitIndex.StructuresPerTeam);
            p[5] = Q(s->Kind[u] * (1f / 3f));
            p[6] = Flag(i % UnitIndex.StructuresPerTeam == UnitIndex.AncientOfTeam);
        }
    }

    private static void WriteLanes(MobaWorld world, WorldState* s, int team, byte* o)
    {
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            if (!world.HasLane(lane))
                continue;
            o[lane] = 1;
            byte* p = o + UnitIndex.Lanes + lane * Sizes.FullLaneRow;
            p[0] = (byte)lane;
            for (int i = 0; i < UnitIndex.Teams; i++)
            {
                int side = i == 0 ? team : 1 - team;
                int count = 0;
                float front = -GameMap.Size;
                float hp = 0f;
                uint alive = s->LaneAlive[side * UnitIndex.Lanes + lane];
                while (alive != 0)
                {
                    int u = UnitIndex.Creep(side, lane, BitOperations.TrailingZeroCount(alive));
                    alive &= alive - 1;
                    float along = s->X[u] + s->Y[u];
                    along = side == 0 ? along : -along;
                    front = along > front ? along : front;
                    hp += s->Hp[u];
                    count++;
                }
                p[1 + i] = Q(count * (1f / UnitIndex.CreepsPerLane));
                p[3 + i] = Q((i == 0 ? front : -front) * (1f / GameMap.Size));
                p[5 + i] = Q(hp * (1f / 4000f));
            }
        }
    }

    private static void WriteGlobal(MobaWorld world, WorldState* s, int team, byte* o)
    {
        o[0] = 1;
        byte* p = o + 1;
        int* gold = stackalloc int[2];
        int* xp = stackalloc int[2];
        int* kills = stackalloc int[2];
        int* alive = stackalloc int[2];
        for (int u = 0; u < UnitIndex.Heroes; u++)
        {
            int side = u / UnitIndex.HeroesPerTeam ^ team;
            gold[side] += s->GoldEarned[u];
            xp[side] += s->XpEarned[u];
            kills[side] += s->Kills[u];
            alive[side] += s->Alive[u];
        }
        int towers = 0;
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
            towers += ObservationWriter.TowersLead(s, team, lane);
        int a = UnitIndex.Ancient(team);
        int b = UnitIndex.Ancient(1 - team);
        p[0] = Q(s->Tick / (float)world.Rules.TimeLimit);
        p[1] = Q((s->NextWaveTick - s->Tick) * (PerSecond / 30f));
        p[2] = Q((gold[0] - gold[1]) * (1f / Sizes.Lead));
        p[3] = Q((xp[0] - xp[1]) * (1f / Sizes.Lead));
        p[4] = Q((kills[0] - kills[1]) * (1f / Sizes.Kills));
        p[5] = Q(towers * (1f / 9f));
        p[6] = Q(s->Hp[a] / s->MaxHp[a] - s->Hp[b] / s->MaxHp[b]);
        p[7] = Q(alive[0] * (1f / 5f));
        p[8] = Q(alive[1] * (1f / 5f));
        ObservationWriter.Epics(world, s, team, p + 9);
    }

    private static void WriteWards(WorldState* s, int team, byte* o)
    {
        for (int i = 0; i < UnitIndex.Wards; i++)
        {
            int u = UnitIndex.FirstWard + (team == 0 ? i : i ^ UnitIndex.WardsPerTeam);
            if (s->Alive[u] == 0)
                continue;
            o[i] = 1;
            byte* p = o + UnitIndex.Wards + i * Sizes.FullWardRow;
            p[0] = Q((team == 0 ? s->X[u] : -s->Y[u]) * (1f / Sizes.Far));
            p[1] = Q((team == 0 ? s->Y[u] : -s->X[u]) * (1f / Sizes.Far));
            p[2] = Flag(i >= UnitIndex.WardsPerTeam);
            p[3] = Q(s->Remaining(s->ExpireTick[u - UnitIndex.FirstSummon]) * (PerSecond / Sizes.WardSeconds));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Q(float normalised) => Quantize.Scalar8(normalised);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Flag(bool set) => set ? (byte)127 : (byte)0;
}
