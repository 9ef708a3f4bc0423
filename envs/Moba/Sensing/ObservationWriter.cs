using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SelfPlayArena.Core;
using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>
/// Writes observations feature by feature in the order of <see cref="MobaSpec"/>. Absent slots are zero. Units a team does not see show
/// nothing of their present state. Not thread-safe; one instance an environment.
/// </summary>
internal sealed unsafe class ObservationWriter
{
    private const float PerSecond = 1f / RulesDefinition.TicksPerSecond;
    private const float PerTickToPerSecond = RulesDefinition.TicksPerSecond;

    private readonly MobaWorld _world;
    private readonly TerrainWindow _terrain;
    private readonly float _perRecall;
    private readonly float _perLimit;

    public ObservationWriter(MobaWorld world)
    {
        _world = world;
        _terrain = new TerrainWindow(world.Map);
        _perRecall = 1f / world.Rules.RecallTicks;
        _perLimit = 1f / world.Rules.TimeLimit;
    }

    /// <summary>Fills in the rows of all heroes as a team knows them; call after <see cref="TeamSight.Gather"/>, before <see cref="Write"/>.</summary>
    public static void Describe(WorldState* s, TeamSight* t)
    {
        for (int i = 0; i < UnitIndex.Heroes; i++)
        {
            int u = t->HeroUnit[i];
            if (s->Present[u] == 0)
                continue;
            byte* p = TeamSight.Row(t, i);
            Unsafe.InitBlockUnaligned(p, 0, Sizes.HeroRow);
            int tick = s->Tick;
            p[0] = s->Kind[u];
            p[12] = Q(s->Level[u] * (1f / RulesDefinition.MaxLevel));
            if (s->Alive[u] == 0)
            {
                p[23] = Q((s->RespawnTick[u] - tick) * (PerSecond / Sizes.RespawnSeconds));
                continue;
            }
            p[22] = 127;
            if (t->HeroSeen[i] == 0)
            {
                p[21] = s->LastSeenTick[u] < 0 ? (byte)127 : Q((tick - s->LastSeenTick[u]) * (PerSecond / Sizes.HiddenSeconds));
                continue;
            }
            p[9] = Q(s->Hp[u] / s->MaxHp[u]);
            p[10] = Q(s->Hp[u] * (1f / Sizes.HeroHp));
            p[11] = Q(s->MaxMana[u] > 0f ? s->Mana[u] / s->MaxMana[u] : 0f);
            p[13] = Q(s->Attack[u] * (1f / Sizes.HeroAttack));
            p[14] = Q(s->AttackRange[u] * (1f / Sizes.AttackRange));
            float speed = s->SlowUntil[u] > tick ? s->MoveSpeed[u] * (1f - s->SlowAmount[u]) : s->MoveSpeed[u];
            p[15] = Q(speed * (PerTickToPerSecond / Sizes.Speed));
            p[16] = Flag(s->StunUntil[u] > tick);
            p[17] = Flag(s->RootUntil[u] > tick);
            p[18] = Flag(s->SlowUntil[u] > tick);
            p[19] = Flag(s->SilenceUntil[u] > tick);
            p[20] = 127;
            // An enemy's cooldown is not for its opponents to see.
            p[24] = Flag(i < UnitIndex.HeroesPerTeam && s->SkillLevel[u * 4 + 3] != 0 && s->SkillReady[u * 4 + 3] <= tick);
            p[25] = Flag(s->RecallTicks[u] != 0);
            p[26] = Q(s->ShieldUntil[u] > tick ? s->Shield[u] * (1f / Sizes.HeroHp) : 0f);
        }
    }

    /// <summary>Writes the global block's row for a team's heroes; its last six entries depend on the hero and are left out.</summary>
    public void Global(WorldState* s, TeamSight* t, byte* p)
    {
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

        float* own3 = stackalloc float[UnitIndex.Lanes];
        float* enemy3 = stackalloc float[UnitIndex.Lanes];
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            bool played = _world.HasLane(lane);
            own3[lane] = played ? -GameMap.Size : 0f;
            enemy3[lane] = played ? GameMap.Size : 0f;
        }
        for (int i = 0; i < t->EnemyCreeps; i++)
        {
            int lane = UnitIndex.LaneOfCreep(t->CreepUnit[i]);
            float along = t->CreepX[i] + t->CreepY[i];
            enemy3[lane] = along < enemy3[lane] ? along : enemy3[lane];
        }
        for (int i = t->EnemyCreeps; i < t->Creeps; i++)
        {
            int lane = UnitIndex.LaneOfCreep(t->CreepUnit[i]);
            float along = t->CreepX[i] + t->CreepY[i];
            own3[lane] = along > own3[lane] ? along : own3[lane];
        }
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            p[11 + lane] = Q(own3[lane] * (1f / GameMap.Size));
            p[14 + lane] = Q(enemy3[lane] * (1f / GameMap.Size));
        }
    }

    /// <summary>Own minus enemy towers standing in a lane.</summary>
    public static int TowersLead(WorldState* s, int team, int lane)
    {
        int lead = 0;
        for (int tier = 0; tier < 3; tier++)
            lead += s->Alive[UnitIndex.Tower(team, lane, tier)] - s->Alive[UnitIndex.Tower(1 - team, lane, tier)];
        return lead;
    }

    /// <summary>
    /// Writes the structure rows [8, row bytes] as far as they do not depend on who looks. The creeps counted are those of the other side
    /// within the structure's attack range, as far as the team sees.
    /// </summary>
    public static void DescribeStructures(WorldState* s, TeamSight* t, byte* rows)
    {
        Unsafe.InitBlockUnaligned(rows, 0, Sizes.Structures * Sizes.StructureRow);
        for (int k = 0; k < Sizes.Structures; k++)
        {
            int v = t->StructureUnit[k];
            if (v == TargetSlots.None)
                continue;
            byte* p = rows + k * Sizes.StructureRow;
            int count = 0;
            float range = s->AttackRange[v] + Combat.Body(UnitIndex.FirstCreep);
            range *= range;
            bool enemy = k < Sizes.Structures / 2;
            float x = t->StructureX[k];
            float y = t->StructureY[k];
            int to = enemy ? t->Creeps : t->EnemyCreeps;
            for (int i = enemy ? t->EnemyCreeps : 0; i < to; i++)
            {
                float dx = t->CreepX[i] - x;
                float dy = t->CreepY[i] - y;
                count += dx * dx + dy * dy <= range ? 1 : 0;
            }
            p[5] = Q(s->Hp[v] / s->MaxHp[v]);
            p[6] = Flag(s->Protected[v - UnitIndex.FirstStructure] == 0);
            p[10] = Flag(enemy);
            p[11] = Q(s->Kind[v] * (1f / 3f));
            p[12] = Flag((k & 3) == 3);
            p[13] = Q(count * (1f / 4f));
        }
    }

    /// <summary>Writes one own hero's observation.</summary>
    /// <param name="self">Own slot, 0 to 4.</param>
    /// <param name="global">Row of the global block that the team shares.</param>
    /// <param name="structures">Rows from <see cref="DescribeStructures"/>.</param>
    public void Write(WorldState* s, TeamSight* t, int self, TargetSlots* slots, byte* global, byte* structures, byte* o)
    {
        Unsafe.InitBlockUnaligned(o, 0, Sizes.ObservationBytes);
        int u = t->HeroUnit[self];
        WriteOwn(s, t, self, u, o + Sizes.OwnAt);
        WriteHeroes(s, t, self, u, o);
        WriteCreeps(s, t, self, u, slots, o + Sizes.CreepAt);
        WriteStructures(s, t, self, u, structures, o + Sizes.StructureAt);
        WriteMonsters(s, t, self, u, slots, o + Sizes.MonsterAt);
        WriteEffects(s, t, self, u, o + Sizes.EffectAt);
        o[Sizes.GlobalAt] = 1;
        byte* g = o + Sizes.GlobalAt + 1;
        Unsafe.CopyBlockUnaligned(g, global, Sizes.GlobalRow - 6);
        float x = s->X[u];
        float y = s->Y[u];
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            if (!_world.HasLane(lane))
                continue;
            int d = _world.Map.LaneDirection(t->Team, lane, x, y);
            d = t->Team == 0 ? d : Directions.Mirror(d);
            g[17 + lane * 2] = Q(Directions.X(d));
            g[18 + lane * 2] = Q(Directions.Y(d));
        }
        o[Sizes.TerrainAt] = 1;
        ulong bits = _terrain.At(t->Team, x, y);
        byte* w = o + Sizes.TerrainAt + 1;
        for (int i = 0; i < Sizes.TerrainRow; i++)
            w[i] = (byte)(bits >> (8 * i));
    }

    private void WriteOwn(WorldState* s, TeamSight* t, int self, int u, byte* o)
    {
        o[0] = 1;
        byte* p = o + 1;
        int tick = s->Tick;
        int level = s->Level[u];
        p[0] = s->Alive[u] != 0 ? Q(s->Hp[u] / s->MaxHp[u]) : (byte)0;
        p[1] = Q(s->MaxMana[u] > 0f ? s->Mana[u] / s->MaxMana[u] : 0f);
        p[2] = Q(level * (1f / RulesDefinition.MaxLevel));
        int[] levels = _world.Rules.LevelXp;
        p[3] = level >= RulesDefinition.MaxLevel || level < 1 ? (byte)127 : Q((s->Xp[u] - levels[level - 1]) / (float)(levels[level] - levels[level - 1]));
        p[4] = Q(s->Gold[u] * (1f / Sizes.Gold));
        HeroDefinition hero = _world.Content.Heroes[s->Kind[u]];
        for (int k = 0; k < WorldState.Skills; k++)
        {
            int learnt = s->SkillLevel[u * 4 + k];
            int wait = s->SkillReady[u * 4 + k] - tick;
            p[5 + k] = wait > 0 ? Q(wait * (PerSecond / Sizes.CooldownSeconds)) : (byte)0;
            p[9 + k] = Flag(learnt != 0 && wait <= 0 && s->Mana[u] >= hero.Skills[k].Mana[learnt - 1]);
        }
        p[13] = Q(s->RecallTicks[u] * _perRecall);
        p[14] = s->Alive[u] == 0 ? Q((s->RespawnTick[u] - tick) * (PerSecond / Sizes.RespawnSeconds)) : (byte)0;
        bool targeted = false;
        for (int k = 0; k < Sizes.Structures / 2; k++)
        {
            int tower = t->StructureUnit[k];
            targeted |= tower != TargetSlots.None && s->AttackTarget[tower] == u;
        }
        p[15] = Flag(targeted);
        p[16] = Flag(_world.Map.Brush(s->X[u], s->Y[u]) != 0);
        p[17] = s->AttackReady[u] > tick ? Q((s->AttackReady[u] - tick) * (PerSecond / 2f)) : (byte)0;
        p[18] = Q(t->HeroX[self] * (1f / Sizes.Far));
        p[19] = Q(t->HeroY[self] * (1f / Sizes.Far));
        float fx = s->X[u] - _world.Map.FountainX[t->Team];
        float fy = s->Y[u] - _world.Map.FountainY[t->Team];
        p[20] = Flag(fx * fx + fy * fy <= _world.Map.FountainRadius * _world.Map.FountainRadius);
        p[21] = Q(s->ShieldUntil[u] > tick ? s->Shield[u] * (1f / Sizes.HeroHp) : 0f);
        p[22] = Flag(s->SilenceUntil[u] > tick);
        p[23] = Flag(s->CastSkill[u] >= 0 || s->WindUpEnd[u] != 0);
        p[24] = s->StunUntil[u] > tick ? Q((s->StunUntil[u] - tick) * (PerSecond / 2f)) : (byte)0;
        int since = tick - s->LastHurtTick[u];
        p[25] = s->LastHurtTick[u] >= 0 && since < 45 ? Q(1f - since * (1f / 45f)) : (byte)0;
    }

    private static void WriteHeroes(WorldState* s, TeamSight* t, int self, int u, byte* o)
    {
        float x = t->HeroX[self];
        float y = t->HeroY[self];
        float range = s->AttackRange[u] + Combat.Body(u);
        range *= range;
        bool alive = s->Alive[u] != 0;
        o[Sizes.SelfAt] = 1;
        Unsafe.CopyBlockUnaligned(o + Sizes.SelfAt + 1, TeamSight.Row(t, self), Sizes.HeroRow);
        int ally = 0;
        for (int i = 0; i < UnitIndex.Heroes; i++)
        {
            if (i == self)
                continue;
            int v = t->HeroUnit[i];
            bool enemy = i >= UnitIndex.HeroesPerTeam;
            int slot = enemy ? i - UnitIndex.HeroesPerTeam : ally++;
            if (s->Present[v] == 0)
                continue;
            byte* block = o + (enemy ? Sizes.EnemyAt : Sizes.AllyAt);
            block[slot] = 1;
            byte* p = block + (enemy ? Sizes.Enemies : Sizes.Allies) + slot * Sizes.HeroRow;
            Unsafe.CopyBlockUnaligned(p, TeamSight.Row(t, i), Sizes.HeroRow);
            if (t->HeroPlaced[i] == 0)
                continue;
            float dx = t->HeroX[i] - x;
            float dy = t->HeroY[i] - y;
            float d = dx * dx + dy * dy;
            NearAndFar(dx, dy, p + 1);
            p[5] = Q(MathF.Sqrt(d) * (1f / Sizes.HeroDistance));
            if (!enemy || t->HeroSeen[i] == 0 || !alive)
                continue;
            p[6] = Flag(d <= range);
            float its = s->AttackRange[v] + Combat.Body(u);
            p[7] = Flag(d <= its * its);
            p[8] = Flag(s->AttackTarget[v] == u && s->OrderVerb[v] == (byte)Verb.Attack);
        }
    }

    private static void WriteCreeps(WorldState* s, TeamSight* t, int self, int u, TargetSlots* slots, byte* o)
    {
        float range = s->AttackRange[u] + Combat.Body(UnitIndex.FirstCreep);
        range *= range;
        for (int i = 0; i < Sizes.Creeps; i++)
        {
            int v = slots->Unit[Sizes.CreepSlot + i];
            if (v == TargetSlots.None)
                continue;
            o[i] = 1;
            byte* p = o + Sizes.Creeps + i * Sizes.CreepRow;
            float hp = s->Hp[v];
            float d = Relative(s, t, self, v, hp / s->MaxHp[v], p);
            bool enemy = i < Sizes.EnemyCreeps;
            p[4] = Q(hp * (1f / Sizes.CreepHp));
            p[5] = Flag(enemy && hp * (100f + s->Armor[v]) <= s->Attack[u] * 100f);
            p[6] = Flag(enemy);
            p[7] = Flag(s->Kind[v] == 1);
            p[8] = Flag(s->Kind[v] == 2);
            p[9] = Flag(d <= range);
            p[10] = Flag(s->AttackTarget[v] == u);
        }
    }

    private static void WriteStructures(WorldState* s, TeamSight* t, int self, int u, byte* rows, byte* o)
    {
        float x = t->HeroX[self];
        float y = t->HeroY[self];
        for (int k = 0; k < Sizes.Structures; k++)
        {
            int v = t->StructureUnit[k];
            if (v == TargetSlots.None || s->Alive[v] == 0)
                continue;
            o[k] = 1;
            byte* p = o + Sizes.Structures + k * Sizes.StructureRow;
            float dx = t->StructureX[k] - x;
            float dy = t->StructureY[k] - y;
            float d = dx * dx + dy * dy;
            Unsafe.CopyBlockUnaligned(p, rows + k * Sizes.StructureRow, Sizes.StructureRow);
            NearAndFar(dx, dy, p);
            p[4] = Q(MathF.Sqrt(d) * (1f / Sizes.Far));
            if (k >= Sizes.Structures / 2)
                continue;
            float its = s->AttackRange[v] + Combat.Body(u);
            float mine = s->AttackRange[u] + Combat.Body(v);
            p[7] = Flag(d <= its * its);
            p[8] = Flag(d <= mine * mine);
            p[9] = Flag(s->AttackTarget[v] == u);
        }
    }

    private static void WriteMonsters(WorldState* s, TeamSight* t, int self, int u, TargetSlots* slots, byte* o)
    {
        for (int i = 0; i < Sizes.Monsters; i++)
        {
            int v = slots->Unit[Sizes.MonsterSlot + i];
            if (v == TargetSlots.None)
                continue;
            o[i] = 1;
            byte* p = o + Sizes.Monsters + i * Sizes.MonsterRow;
            float d = Relative(s, t, self, v, s->Hp[v] / s->MaxHp[v], p);
            p[4] = Q(s->Hp[v] * (1f / Sizes.MonsterHp));
            p[5] = Q(s->Attack[v] * (1f / Sizes.HeroAttack));
            float mine = s->AttackRange[u] + Combat.Body(v);
            p[6] = Flag(d <= mine * mine);
            p[7] = Flag(s->AttackTarget[v] == u);
        }
    }

    private static void WriteEffects(WorldState* s, TeamSight* t, int self, int u, byte* o)
    {
        int team = t->Team;
        float x = s->X[u];
        float y = s->Y[u];
        int* found = stackalloc int[Sizes.Effects + 1];
        float* best = stackalloc float[Sizes.Effects + 1];
        int n = 0;
        int zones = (1 - team) * WorldState.ZonesPerTeam;
        for (int i = zones; i < zones + WorldState.ZonesPerTeam; i++)
        {
            if (s->ZoneAlive[i] != 0)
                n = Insert(found, best, n, WorldState.MaxProjectiles + i, s->ZoneX[i] - x, s->ZoneY[i] - y);
        }
        int first = (1 - team) * WorldState.ProjectilesPerTeam;
        for (int i = first; i < first + WorldState.ProjectilesPerTeam; i++)
        {
            // Shots at others are of no concern; there are many of them.
            if (s->ProjectileAlive[i] != 0 && (s->ProjectileTarget[i] < 0 || s->ProjectileTarget[i] == u))
                n = Insert(found, best, n, i, s->ProjectileX[i] - x, s->ProjectileY[i] - y);
        }
        for (int k = 0; k < n; k++)
        {
            o[k] = 1;
            byte* p = o + Sizes.Effects + k * Sizes.EffectRow;
            int e = found[k];
            bool zone = e >= WorldState.MaxProjectiles;
            int i = zone ? e - WorldState.MaxProjectiles : e;
            float dx = (zone ? s->ZoneX[i] : s->ProjectileX[i]) - x;
            float dy = (zone ? s->ZoneY[i] : s->ProjectileY[i]) - y;
            float vx = zone ? 0f : s->ProjectileVX[i];
            float vy = zone ? 0f : s->ProjectileVY[i];
            p[0] = Q((team == 0 ? dx : -dy) * (1f / Sizes.Near));
            p[1] = Q((team == 0 ? dy : -dx) * (1f / Sizes.Near));
            p[2] = Q((team == 0 ? vx : -vy) * (PerTickToPerSecond / Sizes.EffectSpeed));
            p[3] = Q((team == 0 ? vy : -vx) * (PerTickToPerSecond / Sizes.EffectSpeed));
            p[4] = Q((zone ? s->ZoneRadius[i] : s->ProjectileWidth[i]) * (1f / Sizes.EffectRadius));
            float left = zone ? s->ZoneUntil[i] - s->Tick
                : s->ProjectileTarget[i] < 0 && s->ProjectileSpeed[i] > 0f ? s->ProjectileRange[i] / s->ProjectileSpeed[i] : 0f;
            p[5] = Q(left * (PerSecond / Sizes.EffectSeconds));
            p[6] = Flag(zone);
            p[7] = Flag(!zone && s->ProjectileTarget[i] == u);
        }
    }

    private static int Insert(int* found, float* best, int n, int effect, float dx, float dy)
    {
        float d = dx * dx + dy * dy;
        if (d >= Sizes.EffectHorizon * Sizes.EffectHorizon || (n == Sizes.Effects && d >= best[n - 1]))
            return n;
        int at = n;
        while (at > 0 && best[at - 1] > d)
        {
            best[at] = best[at - 1];
            found[at] = found[at - 1];
            at--;
        }
        best[at] = d;
        found[at] = effect;
        return n < Sizes.Effects ? n + 1 : n;
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

    /// <summary>Writes dx and dy in the near scale, then in the far one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void NearAndFar(float dx, float dy, byte* p)
        => Four(Vector128.Create(dx, dy, dx, dy) * Vector128.Create(1f / Sizes.Near, 1f / Sizes.Near, 1f / Sizes.Far, 1f / Sizes.Far), p);

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
    private static byte Flag(bool set) => set ? (byte)127 : (byte)0;
}
