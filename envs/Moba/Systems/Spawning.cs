using System.Numerics;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Moba.Systems;

/// <summary>Creep waves and jungle camps.</summary>
internal static unsafe class Spawning
{
    private const int TicksPerMinute = 60 * RulesDefinition.TicksPerSecond;

    public static void Run(MobaWorld w, WorldState* s)
    {
        if (s->Tick >= s->NextWaveTick)
        {
            s->NextWaveTick += w.Rules.WaveInterval;
            s->WaveCount++;
            for (int team = 0; team < UnitIndex.Teams; team++)
            {
                for (int lane = 0; lane < UnitIndex.Lanes; lane++)
                {
                    if (w.HasLane(lane))
                        Wave(w, s, team, lane);
                }
            }
        }
        Vector256<int> now = Vector256.Create(s->Tick);
        uint camps = Vector256.Equals(Vector256.Load(s->CampRespawn), now).ExtractMostSignificantBits()
            | Vector256.Equals(Vector256.Load(s->CampRespawn + 8), now).ExtractMostSignificantBits() << 8;
        for (uint m = camps; m != 0; m &= m - 1)
            Camp(w, s, BitOperations.TrailingZeroCount(m));
    }

    private static void Wave(MobaWorld w, WorldState* s, int team, int lane)
    {
        int melee = w.Rules.MeleePerWave;
        int ranged = w.Rules.RangedPerWave;
        int siege = s->WaveCount % w.Rules.SiegeEvery == 0 ? 1 : 0;
        bool pushing = s->PushUntil[team] > s->Tick;
        int champions = pushing ? w.Rules.PushEpic.Champions : 0;
        float factor = 1f + Super(w, s, 1 - team, lane) + (pushing ? w.Rules.PushEpic.Strength : 0f);
        int l = team * UnitIndex.Lanes + lane;
        int place = 0;
        for (int i = 0; i < melee + ranged + siege + champions; i++)
        {
            while (place < UnitIndex.CreepsPerLane && (s->LaneAlive[l] >> place & 1) != 0)
                place++;
            // A lane that is full gets no more: both teams have the same room.
            if (place == UnitIndex.CreepsPerLane)
                return;
            int kind = i < melee ? 0 : i < melee + ranged ? 1 : i < melee + ranged + siege ? 2 : 3;
            int u = UnitIndex.Creep(team, lane, place);
            s->LaneAlive[l] |= (ushort)(1 << place);
            float ox = (i % 3 - 1) * 0.95f;
            float oy = i / 3 * -0.95f;
            s->X[u] = w.Map.SpawnX[l] + (team == 0 ? ox : -oy);
            s->Y[u] = w.Map.SpawnY[l] + (team == 0 ? oy : -ox);
            Appear(s, u, kind, w.Rules.Creeps[kind], factor);
        }
    }

    /// <summary>Share by which a lane's creeps are stronger for the towers that the other team has lost there.</summary>
    private static float Super(MobaWorld w, WorldState* s, int enemy, int lane)
        => s->Alive[UnitIndex.Tower(enemy, lane, 2)] == 0 ? w.Rules.SuperBase : s->Alive[UnitIndex.Tower(enemy, lane, 1)] == 0 ? w.Rules.SuperInner : 0f;

    private static void Camp(MobaWorld w, WorldState* s, int camp)
    {
        for (int i = 0; i < w.Map.MonsterCount; i++)
        {
            if (w.Map.MonsterCamp[i] != camp)
                continue;
            int u = UnitIndex.FirstMonster + i;
            s->X[u] = w.Map.MonsterX[i];
            s->Y[u] = w.Map.MonsterY[i];
            Appear(s, u, w.Map.MonsterKind[i], w.Rules.Monsters[w.Map.MonsterKind[i]], 1f);
        }
        s->CampAwake[camp] = 0;
    }

    private static void Appear(WorldState* s, int u, int kind, UnitDefinition d, float strength)
    {
        float factor = strength * (1f + d.GrowthPerMinute * (s->Tick / TicksPerMinute));
        s->Kind[u] = (byte)kind;
        s->Alive[u] = 1;
        s->MaxHp[u] = s->Hp[u] = (int)(d.MaxHp * factor);
        s->Attack[u] = d.Attack * factor;
        s->Armor[u] = d.Armor;
        s->MagicResist[u] = d.MagicResist;
        s->AttackRange[u] = d.AttackRange;
        s->AttackInterval[u] = (ushort)d.AttackInterval;
        s->AttackReady[u] = 0;
        s->MoveSpeed[u] = d.MoveSpeed;
        s->AttackTarget[u] = -1;
        s->WindUpEnd[u] = 0;
        s->RevealedUntil[u] = 0;
        s->Visible[u] = s->Team[u] < UnitIndex.Teams ? (byte)(1 << s->Team[u]) : (byte)0;
        s->Viewer[u] = s->Viewer[UnitIndex.Count + u] = 0;
    }
}
