using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SelfPlayArena.Core;
using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>
/// Writes observations feature by feature in the order of <see cref="MobaSpec"/>. Absent slots are zero. Units a team does not see show
/// nothing of their present state. Not thread-safe; one instance an environment.
/// </summary>
internal sealed unsafe partial class ObservationWriter
{
    private const float PerSecond = 1f / RulesDefinition.TicksPerSecond;
    private const float PerTickToPerSecond = RulesDefinition.TicksPerSecond;

    /// <summary>Ticks after which a policy may choose another macro command in any case.</summary>
    private const int MacroPeriod = (int)Sizes.MacroSeconds * RulesDefinition.TicksPerSecond;

    private readonly MobaWorld _world;
    private readonly float _perRecall;
    private readonly float _perLimit;
    private readonly bool _commanded;

    /// <summary>Quantised, by direction.</summary>
    private readonly byte[] _directionX = [.. Enumerable.Range(0, Directions.Count).Select(d => Q(Directions.X(d)))];
    private readonly byte[] _directionY = [.. Enumerable.Range(0, Directions.Count).Select(d => Q(Directions.Y(d)))];

    /// <summary>Mana by hero definition, skill and level minus one, side by side: the definitions lie far apart.</summary>
    private readonly float[] _mana;
    private const int Levels = 4;

    /// <param name="commanded">Whether policies choose macro commands.</param>
    public ObservationWriter(MobaWorld world, bool commanded)
    {
        _world = world;
        _commanded = commanded;
        _mana = [.. world.Content.Heroes.SelectMany(h => h.Skills.SelectMany(k => k.Mana.Take(Levels)))];
        _perRecall = 1f / world.Rules.RecallTicks;
        _perLimit = 1f / world.Rules.TimeLimit;
    }

    /// <summary>Writes the global block's row for a team's heroes; its lanes' directions depend on the hero and are left out.</summary>
    public void Global(WorldState* s, TeamSight* t, byte* p)
    {
        Unsafe.InitBlockUnaligned(p, 0, Sizes.GlobalRow);
        int team = t->Team;
        p[0] = Q(s->Tick * _perLimit);
        p[1] = Q((s->NextWaveTick - s->Tick) * (PerSecond / 30f));
        int gold = 0;
        int xp = 0;
        int kills = 0;
        int ownAlive = 0;
        int enemyAlive = 0;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int own = t->HeroUnit[i];
            int enemy = t->HeroUnit[i + UnitIndex.HeroesPerTeam];
            gold += s->GoldEarned[own] - s->GoldEarned[enemy];
            xp += s->XpEarned[own] - s->XpEarned[enemy];
            kills += s->Kills[own] - s->Kills[enemy];
            ownAlive += s->Alive[own];
            enemyAlive += s->Alive[enemy];
        }
        p[2] = Q(gold * (1f / Sizes.Lead));
        p[3] = Q(xp * (1f / Sizes.Lead));
        p[4] = Q(kills * (1f / Sizes.Kills));
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
            p[5 + lane] = Q(TowersLead(s, team, lane) * (1f / 3f));
        p[8] = Q(ownAlive * (1f / 5f));
        p[9] = Q(enemyAlive * (1f / 5f));
        int a = UnitIndex.Ancient(team);
        int b = UnitIndex.Ancient(1 - team);
        p[10] = Q(s->Hp[a] / s->MaxHp[a] - s->Hp[b] / s->MaxHp[b]);

        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            bool played = _world.HasLane(lane);
            float own3 = Front(s, t, team, lane).Own;
            float enemy3 = Front(s, t, 1 - team, lane).Enemy;
            p[11 + lane] = played ? Q(own3 * (1f / GameMap.Size)) : (byte)0;
            p[14 + lane] = played ? Q(enemy3 * (1f / GameMap.Size)) : (byte)0;
        }
        Epics(_world, s, team, p + 23);
    }

    /// <summary>How far along the main diagonal the farthest creeps of a side stand in a lane, as far as the team sees them: own ones the most, enemies the least.</summary>
    private static (float Own, float Enemy) Front(WorldState* s, TeamSight* t, int side, int lane)
    {
        int first = UnitIndex.Creep(side, lane, 0);
        uint seen = s->LaneAlive[side * UnitIndex.Lanes + lane] & Near.Alive(s, first) & Near.Seen(s, t->Team, first);
        Vector256<float> sign = Vector256.Create(t->Team == 0 ? 1f : -1f);
        Vector256<float> low = sign * (Vector256.Load(s->X + first) + Vector256.Load(s->Y + first));
        Vector256<float> high = sign * (Vector256.Load(s->X + first + 8) + Vector256.Load(s->Y + first + 8));
        Vector256<float> lowSeen = Near.Lanes(seen);
        Vector256<float> highSeen = Near.Lanes(seen >> 8);
        Vector256<float> end = Vector256.Create((float)GameMap.Size);
        Vector256<float> most = Vector256.MaxNative(Vector256.ConditionalSelect(lowSeen, low, -end), Vector256.ConditionalSelect(highSeen, high, -end));
        Vector256<float> least = Vector256.MinNative(Vector256.ConditionalSelect(lowSeen, low, end), Vector256.ConditionalSelect(highSeen, high, end));
        Vector128<float> own = Vector128.MaxNative(most.GetLower(), most.GetUpper());
        Vector128<float> enemy = Vector128.MinNative(least.GetLower(), least.GetUpper());
        own = Vector128.MaxNative(own, Vector128.Shuffle(own, Vector128.Create(2, 3, 0, 1)));
        enemy = Vector128.MinNative(enemy, Vector128.Shuffle(enemy, Vector128.Create(2, 3, 0, 1)));
        return (float.MaxNative(own[0], own[1]), float.MinNative(enemy[0], enemy[1]));
    }

    /// <summary>Writes the nine entries on epic monsters that the global block and the full state share: they are announced to everybody.</summary>
    public static void Epics(MobaWorld world, WorldState* s, int team, byte* p)
    {
        int tick = s->Tick;
        for (int e = 0; e < UnitIndex.Monsters - (UnitIndex.FirstEpic - UnitIndex.FirstMonster); e++)
        {
            int place = UnitIndex.FirstEpic - UnitIndex.FirstMonster + e;
            bool alive = s->Alive[UnitIndex.FirstEpic + e] != 0;
            p[e] = Flag(alive);
            int respawn = alive || place >= world.Map.MonsterCount ? 0 : s->CampRespawn[world.Map.MonsterCamp[place]];
            p[2 + e] = respawn > tick && respawn < int.MaxValue ? Q((respawn - tick) * (PerSecond / Sizes.EpicSeconds)) : (byte)0;
        }
        int other = 1 - team;
        Four(
            Vector128.Create(s->Remaining(s->TeamBuffUntil[team]), s->Remaining(s->TeamBuffUntil[other]), s->Remaining(s->PushUntil[team]), (float)s->Remaining(s->PushUntil[other]))
                * (PerSecond / Sizes.BuffSeconds),
            p + 4);
        p[8] = Q((s->EpicsSlain[team] - s->EpicsSlain[other]) * (1f / Sizes.Epics));
    }

    /// <summary>Own minus enemy towers standing in a lane.</summary>
    public static int TowersLead(WorldState* s, int team, int lane)
    {
        int lead = 0;
        for (int tier = 0; tier < 3; tier++)
            lead += s->Alive[UnitIndex.Tower(team, lane, tier)] - s->Alive[UnitIndex.Tower(1 - team, lane, tier)];
        return lead;
    }

    /// <summary>Bytes from one row of <see cref="DescribeStructures"/> to the next.</summary>
    public const int StructureStride = 16;

    /// <summary>
    /// Writes the structure rows [8, <see cref="StructureStride"/>] as far as they do not depend on who looks. The creeps counted are those of the other side
    /// within the structure's attack range, as far as the team sees.
    /// </summary>
    public static void DescribeStructures(WorldState* s, TeamSight* t, byte* rows)
    {
        Unsafe.InitBlockUnaligned(rows, 0, Sizes.Structures * StructureStride);
        for (int k = 0; k < Sizes.Structures; k++)
        {
            int v = t->StructureUnit[k];
            if (v == TargetSlots.None)
                continue;
            byte* p = rows + k * StructureStride;
            int count = 0;
            float range = s->AttackRange[v] + Combat.Body(UnitIndex.FirstCreep);
            range *= range;
            bool enemy = k < Sizes.Structures / 2;
            float x = t->StructureX[k];
            float y = t->StructureY[k];
            int to = enemy ? t->Creeps : t->EnemyCreeps;
            for (int i = enemy ? t->EnemyCreeps : 0; i < to; i += 8)
            {
                Vector256<float> dx = Vector256.Load(t->UnitX + i) - Vector256.Create(x);
                Vector256<float> dy = Vector256.Load(t->UnitY + i) - Vector256.Create(y);
                uint near = Vector256.LessThanOrEqual(dx * dx + dy * dy, Vector256.Create(range)).ExtractMostSignificantBits();
                int left = to - i;
                count += BitOperations.PopCount(near & ((1u << (left < 8 ? left : 8)) - 1));
            }
            p[5] = Q(s->Hp[v] / s->MaxHp[v]);
            p[6] = Flag(s->Protected[v - UnitIndex.FirstStructure] == 0);
            p[10] = Flag(enemy);
            p[11] = Q(s->Kind[v] * (1f / 3f));
            p[12] = Flag((k & 3) == 3);
            p[13] = Q(count * (1f / 4f));
        }
    }

    /// <summary>Writes one own hero's observation, all but its macro command (<see cref="WriteMacro"/>).</summary>
    /// <param name="self">Own slot, 0 to 4.</param>
    /// <param name="global">Row of the global block that the team shares.</param>
    /// <param name="structures">Rows from <see cref="DescribeStructures"/>.</param>
    /// <param name="owns">Rows from <see cref="DescribeOwn"/>.</param>
    /// <param name="ground">The hero's word of <see cref="Surroundings"/>.</param>
    public void Write(WorldState* s, TeamSight* t, int self, TargetSlots* slots, byte* global, byte* structures, byte* owns, ulong ground, byte* o)
    {
        Unsafe.InitBlockUnaligned(o, 0, Sizes.ObservationBytes);
        int u = t->HeroUnit[self];
        WriteOwn(t, u, owns, o + Sizes.OwnAt);
        WriteHeroes(s, t, self, u, o);
        WriteCreeps(s, t, self, u, slots, o + Sizes.CreepAt);
        WriteStructures(s, t, self, u, structures, o + Sizes.StructureAt);
        WriteMonsters(s, t, self, u, slots, o + Sizes.MonsterAt);
        WriteWards(s, t, self, u, slots, o + Sizes.WardAt);
        WriteEffects(s, t, self, u, o + Sizes.EffectAt);
        o[Sizes.GlobalAt] = 1;
        byte* g = o + Sizes.GlobalAt + 1;
        Unsafe.CopyBlockUnaligned(g, global, Sizes.GlobalRow);
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            if (!_world.HasLane(lane))
                continue;
            int d = Surroundings.Lane(ground, lane);
            g[17 + lane * 2] = _directionX[d];
            g[18 + lane * 2] = _directionY[d];
        }
        o[Sizes.TerrainAt] = 1;
        // One byte more than the row is written; the macro command's block begins there, and is still empty.
        *(ulong*)(o + Sizes.TerrainAt + 1) = Surroundings.Terrain(ground);
    }

    /// <summary>Writes dx, dy, distance and a fourth value of a unit that is seen and gives the squared distance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Relative(WorldState* s, TeamSight* t, int self, int v, float fourth, byte* p)
    {
        float dx = (t->Team == 0 ? s->X[v] : -s->Y[v]) - t->HeroX[self];
        float dy = (t->Team == 0 ? s->Y[v] : -s->X[v]) - t->HeroY[self];
        float d = dx * dx + dy * dy;
        const float Per = 1f / Sizes.Near;
        Four(Vector128.Create(dx, dy, MathF.Sqrt(d), fourth) * Vector128.Create(Per, Per, Per, 1f), p);
        return d;
    }

    /// <summary>
    /// The places of eight units at once, quantised; what stands for no unit may hold anything.
    /// </summary>
    /// <param name="near">By unit four bytes: dx and dy in the near scale, dx and dy in the far one.</param>
    /// <param name="distance">By unit one byte in an int.</param>
    /// <returns>Squared distances.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Places(float* xs, float* ys, float x, float y, float distanceScale, out Vector256<int> near, out Vector256<int> distance)
    {
        Vector256<float> dx = Vector256.Load(xs) - Vector256.Create(x);
        Vector256<float> dy = Vector256.Load(ys) - Vector256.Create(y);
        Vector256<float> square = dx * dx + dy * dy;
        Vector256<int> low = Vector256.Create(255);
        near = (Eight(dx * (1f / Sizes.Near)) & low) | (Eight(dy * (1f / Sizes.Near)) & low) << 8
            | (Eight(dx * (1f / Sizes.Far)) & low) << 16 | Eight(dy * (1f / Sizes.Far)) << 24;
        distance = Eight(Vector256.Sqrt(square) * (1f / distanceScale)) & low;
        return square;
    }

    /// <summary><see cref="Quantize.Scalar8"/> of eight values at once, to the same bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Eight(Vector256<float> normalised)
    {
        Vector256<float> v = normalised * 127f;
        v = Vector256.MinNative(Vector256.MaxNative(v, Vector256.Create(-127f)), Vector256.Create(127f));
        v += (v & Vector256.Create(-0f)) | Vector256.Create(0.5f);
        return Vector256.ConvertToInt32Native(v);
    }

    /// <summary><see cref="Quantize.Scalar8"/> of four values at once, to the same bits: each lane is computed by itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(Vector128<float> normalised, byte* p)
    {
        Vector128<float> v = normalised * 127f;
        v = Vector128.MinNative(Vector128.MaxNative(v, Vector128.Create(-127f)), Vector128.Create(127f));
        v += (v & Vector128.Create(-0f)) | Vector128.Create(0.5f);
        Vector128<int> q = Vector128.ConvertToInt32Native(v);
        Vector128<short> half = Vector128.Narrow(q, q);
        *(uint*)p = Vector128.Narrow(half, half).AsUInt32().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Q(float normalised) => Quantize.Scalar8(normalised);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Flag(bool set) => (byte)(127 & -Combat.One(set));
}
