using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>
/// What one team's scripted players and macro commands know of a match, in the team's own frame: gathered once a decision and shared by its
/// heroes. A function of the state alone, and only of what the team sees: hidden enemies stand where they were seen last, in full health.
/// Whether camps and epic monsters stand is known to both teams, as their clocks are public.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TeamView
{
    public const float Behind = -2 * GameMap.Size;
    public const float Ahead = 2 * GameMap.Size;

    /// <summary>Ticks for which the place of a hidden enemy is thought to be good for something.</summary>
    public const int Memory = 6 * RulesDefinition.TicksPerSecond;

    /// <summary>Ticks over which heroes' damage is reckoned.</summary>
    private const float Exchange = 3 * RulesDefinition.TicksPerSecond;

    private const int MaxThreats = 24;

    public int Team;
    public int Tick;

    // By hero unit.
    public fixed float X[UnitIndex.Heroes];
    public fixed float Y[UnitIndex.Heroes];

    /// <summary>Cells a tick, 0 for those who stand or are not seen.</summary>
    public fixed float VX[UnitIndex.Heroes];
    public fixed float VY[UnitIndex.Heroes];

    /// <summary>Alive and of this team, or alive and seen.</summary>
    public fixed byte Seen[UnitIndex.Heroes];

    /// <summary>Seen, or alive and seen not long ago.</summary>
    public fixed byte Placed[UnitIndex.Heroes];

    /// <summary>Damage before resistance in the next three seconds of a fight.</summary>
    public fixed float Damage[UnitIndex.Heroes];

    /// <summary>Hp and shield as damage before resistance.</summary>
    public fixed float Toughness[UnitIndex.Heroes];

    // By lane, the own frame's progress x + y of the foremost creep, and how many there are.
    public fixed float OwnFront[UnitIndex.Lanes];
    public fixed float EnemyFront[UnitIndex.Lanes];
    public fixed byte OwnCreeps[UnitIndex.Lanes];
    public fixed byte EnemyCreeps[UnitIndex.Lanes];

    /// <summary>Front structure of the lane, the ancient once its towers have fallen.</summary>
    public fixed byte OwnTower[UnitIndex.Lanes];
    public fixed byte EnemyTower[UnitIndex.Lanes];

    /// <summary>Own creeps within reach of the enemy's front structure, and enemy creeps near the own one.</summary>
    public fixed byte Holding[UnitIndex.Lanes];
    public fixed byte Besieging[UnitIndex.Lanes];

    /// <summary>Enemy heroes placed near the own front structure.</summary>
    public fixed byte Raiders[UnitIndex.Lanes];

    /// <summary>By enemy creep (index minus the first of its team): hp a tick that own creeps and towers take from it.</summary>
    public fixed float Doom[UnitIndex.CreepsPerTeam];

    public int OwnAlive;
    public int EnemyAlive;

    /// <summary>Sums over the living of both sides, hidden ones too.</summary>
    public float OwnStrength;
    public float EnemyStrength;

    /// <summary>By slot: lane that the hero keeps, and whether it helps others once lanes have been played for a while.</summary>
    public fixed byte Seat[UnitIndex.HeroesPerTeam];
    public fixed byte Floats[UnitIndex.HeroesPerTeam];

    // Straight projectiles and zones of the enemy that can still do harm.
    public int Shots;
    public fixed byte Shot[MaxThreats];
    public int Zones;
    public fixed byte Zone[WorldState.ZonesPerTeam];

    /// <summary>Gathers everything.</summary>
    [SkipLocalsInit]
    public static void Gather(MobaWorld w, WorldState* s, int team, TeamView* v)
    {
        v->Team = team;
        v->Tick = s->Tick;
        v->OwnAlive = v->EnemyAlive = 0;
        v->OwnStrength = v->EnemyStrength = 0f;
        for (int h = 0; h < UnitIndex.Heroes; h++)
            Hero(w, s, team, h, v);
        new Span<float>(v->Doom, UnitIndex.CreepsPerTeam).Clear();
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
            Lane(s, team, lane, v);
        Threats(s, team, v);
        Seating.Assign(w, s, team, v);
    }

    public static float OwnX(WorldState* s, int team, int unit) => team == 0 ? s->X[unit] : -s->Y[unit];

    public static float OwnY(WorldState* s, int team, int unit) => team == 0 ? s->Y[unit] : -s->X[unit];

    private static void Hero(MobaWorld w, WorldState* s, int team, int h, TeamView* v)
    {
        v->Seen[h] = v->Placed[h] = 0;
        v->X[h] = v->Y[h] = v->VX[h] = v->VY[h] = 0f;
        v->Damage[h] = v->Toughness[h] = 0f;
        if (s->Present[h] == 0 || s->Alive[h] == 0)
            return;
        bool own = s->Team[h] == team;
        bool seen = own || (s->Visible[h] >> team & 1) != 0;
        bool placed = seen || (s->LastSeenTick[h] >= 0 && s->Tick - s->LastSeenTick[h] < Memory);
        v->Seen[h] = seen ? (byte)1 : (byte)0;
        v->Placed[h] = placed ? (byte)1 : (byte)0;
        float x = seen ? s->X[h] : s->LastSeenX[h];
        float y = seen ? s->Y[h] : s->LastSeenY[h];
        v->X[h] = team == 0 ? x : -y;
        v->Y[h] = team == 0 ? y : -x;
        if (seen && s->Moving[h] != 0)
        {
            float speed = s->SlowUntil[h] > s->Tick ? s->MoveSpeed[h] * (1f - s->SlowAmount[h]) : s->MoveSpeed[h];
            v->VX[h] = (team == 0 ? s->FaceX[h] : -s->FaceY[h]) * speed;
            v->VY[h] = (team == 0 ? s->FaceY[h] : -s->FaceX[h]) * speed;
        }
        if (seen)
            Reckon(w, s, h, own, v);
        else
            Guess(w, s, h, v);
        float strength = v->Damage[h] * v->Toughness[h];
        strength = MathF.Sqrt(strength);
        if (own)
        {
            v->OwnAlive++;
            v->OwnStrength += strength;
        }
        else
        {
            v->EnemyAlive++;
            v->EnemyStrength += strength;
        }
    }

    private static void Reckon(MobaWorld w, WorldState* s, int h, bool own, TeamView* v)
    {
        float damage = s->Attack[h] * (1f + 0.75f * s->CritChance[h]) * Exchange / s->AttackInterval[h];
        for (int k = 0; k < WorldState.Skills; k++)
        {
            int level = s->SkillLevel[h * WorldState.Skills + k];
            // An enemy's cooldowns are its secret.
            if (level != 0 && (!own || s->SkillReady[h * WorldState.Skills + k] <= s->Tick + 15))
                damage += Burst(w, s, h, k, level, s->Attack[h], s->Power[h]);
        }
        float hp = s->Hp[h] + (s->ShieldUntil[h] > s->Tick ? s->Shield[h] : 0f);
        v->Damage[h] = damage;
        v->Toughness[h] = hp * (1f + (s->Armor[h] + s->MagicResist[h]) * 0.005f);
    }

    /// <summary>Hidden enemies are reckoned from what a score board shows: level and worth of items.</summary>
    private static void Guess(MobaWorld w, WorldState* s, int h, TeamView* v)
    {
        HeroDefinition d = w.Content.Heroes[s->Kind[h]];
        int level = s->Level[h];
        float items = 1f + s->GoldSpent[h] * (1f / 8000f);
        float attack = Stat(d, Moba.Stat.Attack, level) * items;
        float power = Stat(d, Moba.Stat.Power, level) * items;
        float damage = attack * Stat(d, Moba.Stat.AttackSpeed, level) * Exchange / d.AttackInterval;
        for (int k = 0; k < WorldState.Skills; k++)
        {
            int learnt = k == Learning.Ultimate ? (level + 2) / 4 - 1 : (level + 2) / 4;
            if (learnt > 0)
                damage += Burst(w, s, h, k, learnt < 4 ? learnt : 4, attack, power);
        }
        v->Damage[h] = damage;
        v->Toughness[h] = Stat(d, Moba.Stat.MaxHp, level) * items * (1f + (Stat(d, Moba.Stat.Armor, level) + Stat(d, Moba.Stat.MagicResist, level)) * 0.005f);
    }

    private static float Stat(HeroDefinition d, Stat stat, int level) => d.Base[(int)stat] + d.Growth[(int)stat] * (level - 1) + d.Passive[(int)stat];

    private static float Burst(MobaWorld w, WorldState* s, int h, int skill, int level, float attack, float power)
    {
        ref readonly SkillPlan p = ref w.Playbook.Skill(s->Kind[h], skill);
        return (p.Damage[level - 1] + p.AttackShare * attack + p.PowerShare * power) * 0.8f + p.Control * 2f;
    }

    private static void Lane(WorldState* s, int team, int lane, TeamView* v)
    {
        int own = UnitIndex.Ancient(team);
        int enemy = UnitIndex.Ancient(1 - team);
        for (int tier = 2; tier >= 0; tier--)
        {
            own = s->Alive[UnitIndex.Tower(team, lane, tier)] != 0 ? UnitIndex.Tower(team, lane, tier) : own;
            enemy = s->Alive[UnitIndex.Tower(1 - team, lane, tier)] != 0 ? UnitIndex.Tower(1 - team, lane, tier) : enemy;
        }
        v->OwnTower[lane] = (byte)own;
        v->EnemyTower[lane] = (byte)enemy;
        int first = UnitIndex.Creep(1 - team, 0, 0);
        float front = Behind;
        int count = 0;
        int holding = 0;
        float reach = s->AttackRange[enemy] + 0.5f;
        for (uint m = s->LaneAlive[team * UnitIndex.Lanes + lane]; m != 0; m &= m - 1)
        {
            int u = UnitIndex.Creep(team, lane, BitOperations.TrailingZeroCount(m));
            count++;
            float along = OwnX(s, team, u) + OwnY(s, team, u);
            front = along > front ? along : front;
            holding += Combat.SquaredDistance(s, u, enemy) <= reach * reach ? 1 : 0;
            int target = s->AttackTarget[u];
            if ((uint)(target - first) < UnitIndex.CreepsPerTeam)
                v->Doom[target - first] += s->Attack[u] / s->AttackInterval[u];
        }
        v->OwnFront[lane] = front;
        v->OwnCreeps[lane] = (byte)count;
        v->Holding[lane] = (byte)holding;
        int aim = s->AttackTarget[own];
        if ((uint)(aim - first) < UnitIndex.CreepsPerTeam)
            v->Doom[aim - first] += s->Attack[own] / s->AttackInterval[own];

        front = Ahead;
        count = 0;
        int besieging = 0;
        float near = s->AttackRange[own] + 3f;
        for (uint m = s->LaneAlive[(1 - team) * UnitIndex.Lanes + lane]; m != 0; m &= m - 1)
        {
            int u = UnitIndex.Creep(1 - team, lane, BitOperations.TrailingZeroCount(m));
            if ((s->Visible[u] >> team & 1) == 0)
                continue;
            count++;
            float along = OwnX(s, team, u) + OwnY(s, team, u);
            front = along < front ? along : front;
            besieging += Combat.SquaredDistance(s, u, own) <= near * near ? 1 : 0;
        }
        v->EnemyFront[lane] = front;
        v->EnemyCreeps[lane] = (byte)count;
        v->Besieging[lane] = (byte)besieging;
        int raiders = 0;
        float ox = OwnX(s, team, own);
        float oy = OwnY(s, team, own);
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int h = UnitIndex.Hero(1 - team, i);
            if (v->Placed[h] == 0)
                continue;
            float dx = v->X[h] - ox;
            float dy = v->Y[h] - oy;
            raiders += dx * dx + dy * dy < 13f * 13f ? 1 : 0;
        }
        v->Raiders[lane] = (byte)raiders;
    }

    private static void Threats(WorldState* s, int team, TeamView* v)
    {
        int n = 0;
        int first = (1 - team) * WorldState.ProjectilesPerTeam;
        for (int q = 0; q < WorldState.ProjectilesPerTeam; q += 8)
        {
            // Eight places at once: most are empty.
            if (*(ulong*)(s->ProjectileAlive + first + q) == 0)
                continue;
            for (int p = first + q; p < first + q + 8 && n < MaxThreats; p++)
            {
                if (s->ProjectileAlive[p] != 0 && s->ProjectileTarget[p] < 0)
                    v->Shot[n++] = (byte)p;
            }
        }
        v->Shots = n;
        n = 0;
        first = (1 - team) * WorldState.ZonesPerTeam;
        for (int z = first; z < first + WorldState.ZonesPerTeam; z++)
        {
            if (s->ZoneAlive[z] != 0)
                v->Zone[n++] = (byte)z;
        }
        v->Zones = n;
    }
}
