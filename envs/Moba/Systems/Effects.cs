using System.Numerics;

namespace SelfPlayArena.Moba.Systems;

/// <summary>Where and by whom a list of effects happens.</summary>
internal struct Hit
{
    /// <summary>Casting hero.</summary>
    public int Owner;
    public int Skill;

    /// <summary>Unit that was hit or aimed at, -1 for none.</summary>
    public int Unit;

    /// <summary>Place around which effects with a radius reach.</summary>
    public float X;
    public float Y;

    /// <summary>Vector aimed along, of any length.</summary>
    public float AimX;
    public float AimY;

    /// <summary>Radius of effects that have none of their own (a zone's).</summary>
    public float Radius;
}

/// <summary>
/// Carries out effect primitives. What two sides could do to one unit in the same tick goes to the scratch or is commutative, so that the
/// order of heroes decides nothing; control takes hold from the next tick on. Effects reach heroes, creeps, monsters and summoned units,
/// never structures or wards: only basic attacks hurt those.
/// </summary>
internal static unsafe class Effects
{
    /// <summary>Cells from its goal at which a pull ends.</summary>
    private const float PullStop = 0.8f;

    public static void Apply(MobaWorld w, WorldState* s, Scratch* t, in Hit hit, int first, int count)
    {
        for (int i = first; i < first + count; i++)
        {
            EffectDefinition e = w.Content.Effects[i];
            switch (e.Kind)
            {
                case EffectKind.Dash:
                    Dash(s, t, in hit, e, i);
                    break;
                case EffectKind.Blink:
                    Blink(w, s, t, in hit, e);
                    break;
                case EffectKind.Projectile:
                    Projectile(s, in hit, e, i);
                    break;
                case EffectKind.Zone:
                    Zone(s, in hit, e, i);
                    break;
                case EffectKind.Summon:
                    Summon(s, t, in hit, e, i);
                    break;
                default:
                    Reach(s, t, in hit, e);
                    break;
            }
        }
    }

    private static void Reach(WorldState* s, Scratch* t, in Hit hit, EffectDefinition e)
    {
        if (e.To == Side.Self)
        {
            On(s, t, in hit, e, hit.Owner);
            return;
        }
        float radius = e.Radius > 0f ? e.Radius : hit.Radius;
        if (radius <= 0f)
        {
            if (hit.Unit >= 0 && s->Alive[hit.Unit] != 0 && !UnitIndex.IsStructure(hit.Unit) && !UnitIndex.IsWard(hit.Unit))
                On(s, t, in hit, e, hit.Unit);
            return;
        }
        int team = s->Team[hit.Owner];
        int side = e.To == Side.Allies ? team : 1 - team;
        for (int u = side * UnitIndex.HeroesPerTeam; u < (side + 1) * UnitIndex.HeroesPerTeam; u++)
            Near(s, t, in hit, e, u, radius);
        if (e.To == Side.Allies)
            return;
        for (int lane = 0; lane < UnitIndex.Lanes; lane++)
        {
            int creeps = UnitIndex.Creep(side, lane, 0);
            for (uint m = s->LaneAlive[side * UnitIndex.Lanes + lane]; m != 0; m &= m - 1)
                Near(s, t, in hit, e, creeps + BitOperations.TrailingZeroCount(m), radius);
        }
        for (int u = UnitIndex.FirstMonster; u < UnitIndex.FirstSummon; u++)
            Near(s, t, in hit, e, u, radius);
        if (!Combat.AnySummon(s, side))
            return;
        for (int u = UnitIndex.Summon(side, 0); u < UnitIndex.Summon(side, UnitIndex.SummonsPerTeam); u++)
            Near(s, t, in hit, e, u, radius);
    }

    private static void Near(WorldState* s, Scratch* t, in Hit hit, EffectDefinition e, int u, float radius)
    {
        if (s->Alive[u] == 0)
            return;
        float dx = s->X[u] - hit.X;
        float dy = s->Y[u] - hit.Y;
        float reach = radius + Combat.Body(u);
        if (dx * dx + dy * dy <= reach * reach)
            On(s, t, in hit, e, u);
    }

    private static float Amount(WorldState* s, in Hit hit, EffectDefinition e)
    {
        int level = Abilities.Level(in *s, hit.Owner, hit.Skill);
        return e.Amount[level > 0 ? level - 1 : 0] + e.AttackRatio * s->Attack[hit.Owner] + e.PowerRatio * s->Power[hit.Owner] + e.HpRatio * s->MaxHp[hit.Owner];
    }

    private static void On(WorldState* s, Scratch* t, in Hit hit, EffectDefinition e, int u)
    {
        bool hostile = s->Team[u] != s->Team[hit.Owner];
        bool tenacious = hostile && UnitIndex.IsHero(u) && s->Tenacity[u] > 0f && e.Kind is EffectKind.Stun or EffectKind.Root or EffectKind.Slow or EffectKind.Silence;
        int until = s->Tick + 1 + (tenacious ? Shortened(e.Duration, s->Tenacity[u]) : e.Duration);
        byte flags = hit.Skill == Abilities.Trigger ? Scratch.Quiet : (byte)0;
        switch (e.Kind)
        {
            case EffectKind.Damage:
                t->Damage(hit.Owner, u, Amount(s, in hit, e), e.DamageType, flags);
                return;
            case EffectKind.Execute:
                t->Damage(hit.Owner, u, Amount(s, in hit, e) + e.MissingHpRatio * (s->MaxHp[u] - s->Hp[u]), e.DamageType, flags);
                return;
            case EffectKind.Heal:
                Heal(s, t, hit.Owner, u, Amount(s, in hit, e));
                return;
            case EffectKind.Shield:
                if (!UnitIndex.IsHero(u))
                    return;
                float shield = Combat.Exact(Amount(s, in hit, e));
                s->Shield[u] = s->ShieldUntil[u] > s->Tick ? s->Shield[u] + shield : shield;
                s->ShieldUntil[u] = Later(s->ShieldUntil[u], until);
                s->Healing[hit.Owner] += shield;
                Helped(s, hit.Owner, u);
                return;
            case EffectKind.Stun:
                s->StunUntil[u] = Later(s->StunUntil[u], until);
                break;
            case EffectKind.Root:
                s->RootUntil[u] = Later(s->RootUntil[u], until);
                break;
            case EffectKind.Silence:
                s->SilenceUntil[u] = Later(s->SilenceUntil[u], until);
                break;
            case EffectKind.Slow:
                float slow = Amount(s, in hit, e);
                slow = slow > 0.9f ? 0.9f : slow;
                s->SlowAmount[u] = s->SlowUntil[u] > s->Tick && s->SlowAmount[u] > slow ? s->SlowAmount[u] : slow;
                s->SlowUntil[u] = Later(s->SlowUntil[u], until);
                break;
            case EffectKind.Knockback:
                Knockback(s, t, in hit, e, u);
                break;
            case EffectKind.Dot:
                // Its first part is paid in the tick in which it is laid.
                Dot(s, t, in hit, e, u, s->Tick + e.Duration + t->AfterMovement);
                break;
            case EffectKind.Buff:
                Buff(s, t, u, e.Stat, Combat.Exact(Amount(s, in hit, e)), until);
                if (!hostile)
                    Helped(s, hit.Owner, u);
                break;
            case EffectKind.Stealth:
                if (!UnitIndex.IsHero(u) || hostile)
                    return;
                s->StealthUntil[u] = Later(s->StealthUntil[u], until);
                s->RevealedUntil[u] = 0;
                Helped(s, hit.Owner, u);
                return;
            case EffectKind.Cleanse:
                if (!UnitIndex.IsHero(u) || hostile)
                    return;
                t->Cleansed[u] = 1;
                Helped(s, hit.Owner, u);
                return;
            case EffectKind.Mana:
                if (!UnitIndex.IsHero(u))
                    return;
                t->Mana[u] += Combat.Exact(Amount(s, in hit, e));
                if (!hostile)
                    Helped(s, hit.Owner, u);
                break;
        }
        if (hostile && UnitIndex.IsHero(u))
            s->HurtByTick[u * 5 + hit.Owner % 5] = s->Tick;
    }

    /// <summary>Tenacity takes its share off, down to one tick.</summary>
    private static int Shortened(int duration, float tenacity)
    {
        int left = (int)(duration * (1f - tenacity) + 0.5f);
        return left < 1 ? 1 : left;
    }

    private static ushort Later(ushort a, int b) => a > b ? a : (ushort)b;

    /// <summary>Queues healing and counts what of it was needed.</summary>
    public static void Heal(WorldState* s, Scratch* t, int owner, int u, float amount)
    {
        if (!UnitIndex.IsHero(u))
            return;
        float heal = Combat.Exact(amount);
        float missing = s->MaxHp[u] - s->Hp[u];
        t->Heal[u] += heal;
        s->Healing[owner] += heal < missing ? heal : missing;
        Helped(s, owner, u);
    }

    private static void Helped(WorldState* s, int owner, int u)
    {
        if (owner != u && s->Team[owner] == s->Team[u] && UnitIndex.IsHero(u))
            s->HelpedByTick[u * 5 + owner % 5] = s->Tick;
    }

    /// <summary>The stronger of two holds, a new one as strong lasts on; where both teams lay equal ones on a monster in one tick, they undo each other.</summary>
    private static void Dot(WorldState* s, Scratch* t, in Hit hit, EffectDefinition e, int u, int until)
    {
        float dot = Amount(s, in hit, e) / e.Duration;
        bool running = s->DotUntil[u] > s->Tick;
        if (UnitIndex.IsMonster(u))
        {
            int m = u - UnitIndex.FirstMonster;
            int team = 1 << s->Team[hit.Owner];
            if (t->DottedBy[m] != 0 && dot == s->DotAmount[u])
            {
                t->DottedBy[m] |= (byte)team;
                if (t->DottedBy[m] == 3)
                {
                    s->DotUntil[u] = 0;
                    s->DotOwner[u] = 0;
                    s->DotType[u] = 0;
                }
                return;
            }
            if (t->DottedBy[m] != 0 && dot < s->DotAmount[u])
                return;
            if (running && dot <= s->DotAmount[u])
                return;
            t->DottedBy[m] = (byte)team;
        }
        else if (running && (dot < s->DotAmount[u] || (dot == s->DotAmount[u] && until <= s->DotUntil[u])))
        {
            return;
        }
        s->DotAmount[u] = dot;
        s->DotOwner[u] = (byte)hit.Owner;
        s->DotType[u] = (byte)((int)e.DamageType | (hit.Skill == Abilities.Trigger ? Zones.ByTrigger : 0));
        s->DotUntil[u] = (ushort)until;
    }

    /// <summary>
    /// Buffs lie in the order of their ends (then of stat and amount), free places first: whoever laid one first does not matter. Where all
    /// places are taken the least makes room, be it the new one.
    /// </summary>
    private static void Buff(WorldState* s, Scratch* t, int u, Stat stat, float amount, int until)
    {
        if (!UnitIndex.IsHero(u))
            return;
        int place = u * WorldState.BuffSlots;
        int last = place + WorldState.BuffSlots - 1;
        if (!Less(s, place, until, (int)stat, amount))
            return;
        for (; place < last && Less(s, place + 1, until, (int)stat, amount); place++)
        {
            s->BuffStat[place] = s->BuffStat[place + 1];
            s->BuffAmount[place] = s->BuffAmount[place + 1];
            s->BuffUntil[place] = s->BuffUntil[place + 1];
        }
        s->BuffStat[place] = (byte)stat;
        s->BuffAmount[place] = amount;
        s->BuffUntil[place] = (ushort)until;
        t->Stale[u] = 1;
    }

    private static bool Less(WorldState* s, int b, int until, int stat, float amount)
    {
        if (s->BuffUntil[b] != until)
            return s->BuffUntil[b] < until;
        return s->BuffStat[b] != stat ? s->BuffStat[b] < stat : s->BuffAmount[b] < amount;
    }

    private static void Knockback(WorldState* s, Scratch* t, in Hit hit, EffectDefinition e, int u)
    {
        float dx = s->X[u] - hit.X;
        float dy = s->Y[u] - hit.Y;
        float square = dx * dx + dy * dy;
        if (square < 1e-4f)
        {
            bool pull = e.Distance < 0f;
            dx = pull ? s->X[u] - s->X[hit.Owner] : hit.AimX;
            dy = pull ? s->Y[u] - s->Y[hit.Owner] : hit.AimY;
            square = dx * dx + dy * dy;
            if (square < 1e-4f)
                return;
        }
        float distance = e.Distance;
        if (distance < 0f)
        {
            float most = MathF.Sqrt(square) - PullStop;
            if (most <= 0f)
                return;
            distance = -distance < most ? -distance : most;
            dx = -dx;
            dy = -dy;
        }
        Force(s, t, u, dx, dy, square, distance, e.Speed);
        if (UnitIndex.IsHero(u))
        {
            // All of a dash begun in this very tick goes: the next one might be refused or not begun, by whoever is handled first.
            s->DashEffect[u] = -1;
            s->DashSkill[u] = 0;
            s->DashTarget[u] = -1;
        }
        else if (UnitIndex.IsMonster(u))
        {
            // Pushed by both teams at once it stays where it is, whoever came first.
            int m = u - UnitIndex.FirstMonster;
            t->PushedBy[m] |= (byte)(1 << s->Team[hit.Owner]);
            if (t->PushedBy[m] == 3)
                s->ForcedUntil[u] = (ushort)s->Tick;
        }
    }

    /// <summary>Notes a unit to be placed at the end of the tick: nothing of this tick meets it yet.</summary>
    private static void Summon(WorldState* s, Scratch* t, in Hit hit, EffectDefinition e, int index)
    {
        int team = s->Team[hit.Owner];
        for (int k = 0; k < e.Count && t->Summons[team] < Scratch.MaxSummons; k++)
        {
            int i = team * Scratch.MaxSummons + t->Summons[team]++;
            t->SummonEffect[i] = (short)index;
            t->SummonOwner[i] = (byte)hit.Owner;
            t->SummonX[i] = hit.X;
            t->SummonY[i] = hit.Y;
            t->SummonAttack[i] = Amount(s, in hit, e);
        }
    }

    private static void Force(WorldState* s, Scratch* t, int u, float dx, float dy, float square, float distance, float speed)
    {
        int ticks = (int)(distance / speed + 0.5f);
        ticks = ticks < 1 ? 1 : ticks;
        float f = distance / (ticks * MathF.Sqrt(square));
        s->ForcedX[u] = dx * f;
        s->ForcedY[u] = dy * f;
        s->ForcedUntil[u] = (ushort)(s->Tick + ticks + t->AfterMovement);
    }

    private static void Dash(WorldState* s, Scratch* t, in Hit hit, EffectDefinition e, int index)
    {
        int h = hit.Owner;
        float square = hit.AimX * hit.AimX + hit.AimY * hit.AimY;
        // Whoever is knocked back in the very tick does not dash: otherwise the order of heroes would decide.
        if (square < 1e-4f || s->ForcedUntil[h] > s->Tick)
            return;
        float distance = e.Distance;
        // Directions are unit vectors and mean the full distance; a point or a target may be nearer.
        if (hit.Unit >= 0 || hit.X != s->X[h] || hit.Y != s->Y[h])
        {
            float aimed = MathF.Sqrt(square);
            distance = aimed < distance ? aimed : distance;
        }
        Force(s, t, h, hit.AimX, hit.AimY, square, distance, e.Speed);
        s->DashEffect[h] = e.Children > 0 ? (short)index : (short)-1;
        s->DashSkill[h] = (sbyte)hit.Skill;
        s->DashTarget[h] = (short)hit.Unit;
    }

    /// <summary>Jumps to the last free place on the way whose goal is free: through walls, never into one.</summary>
    private static void Blink(MobaWorld w, WorldState* s, Scratch* t, in Hit hit, EffectDefinition e)
    {
        int h = hit.Owner;
        float square = hit.AimX * hit.AimX + hit.AimY * hit.AimY;
        if (square < 1e-4f)
            return;
        float length = MathF.Sqrt(square);
        bool toPlace = hit.X != s->X[h] || hit.Y != s->Y[h];
        float distance = toPlace && length < e.Distance ? length : e.Distance;
        for (int k = 16; k > 0; k--)
        {
            float f = distance * k / (16f * length);
            float x = s->X[h] + hit.AimX * f;
            float y = s->Y[h] + hit.AimY * f;
            if (!w.Map.Walkable(x, y))
                continue;
            t->BlinkX[h] = x;
            t->BlinkY[h] = y;
            t->Blinks[h] = 1;
            return;
        }
    }

    private static void Projectile(WorldState* s, in Hit hit, EffectDefinition e, int index)
    {
        int h = hit.Owner;
        int p = Combat.FreeProjectile(s, s->Team[h]);
        float square = hit.AimX * hit.AimX + hit.AimY * hit.AimY;
        if (p < 0 || (hit.Unit < 0 && square < 1e-4f))
            return;
        float f = square < 1e-4f ? 0f : e.Speed / MathF.Sqrt(square);
        s->ProjectileAlive[p] = 1;
        s->ProjectileTeam[p] = s->Team[h];
        s->ProjectileOwner[p] = (byte)h;
        s->ProjectileTarget[p] = (short)hit.Unit;
        s->ProjectileEffect[p] = (short)index;
        s->ProjectileSkill[p] = (byte)hit.Skill;
        s->ProjectilePierces[p] = e.Pierces ? (byte)1 : (byte)0;
        s->ProjectileX[p] = s->X[h];
        s->ProjectileY[p] = s->Y[h];
        s->ProjectileVX[p] = hit.AimX * f;
        s->ProjectileVY[p] = hit.AimY * f;
        s->ProjectileSpeed[p] = e.Speed;
        s->ProjectileRange[p] = e.Distance;
        s->ProjectileWidth[p] = e.Width;
        s->ProjectileDamage[p] = 0f;
        s->ProjectileHitLow[p] = 0;
        s->ProjectileHitHigh[p] = 0;
    }

    private static void Zone(WorldState* s, in Hit hit, EffectDefinition e, int index)
    {
        int first = s->Team[hit.Owner] * WorldState.ZonesPerTeam;
        for (int z = first; z < first + WorldState.ZonesPerTeam; z++)
        {
            if (s->ZoneAlive[z] != 0)
                continue;
            s->ZoneAlive[z] = 1;
            s->ZoneTeam[z] = s->Team[hit.Owner];
            s->ZoneOwner[z] = (byte)hit.Owner;
            s->ZoneSkill[z] = (byte)hit.Skill;
            s->ZoneEffect[z] = (short)index;
            s->ZoneX[z] = hit.X;
            s->ZoneY[z] = hit.Y;
            s->ZoneRadius[z] = e.Radius;
            s->ZoneNext[z] = s->Tick + 1 + e.Delay;
            s->ZoneUntil[z] = s->Tick + 1 + e.Delay + e.Duration;
            return;
        }
    }
}
