namespace SelfPlayArena.Moba;

/// <summary>What a skill may be used for, as the content says.</summary>
[Flags]
internal enum Uses : byte
{
    None = 0,
    Damage = 1,
    Disable = 2,
    Heal = 4,
    Escape = 8,
    Engage = 16,
    Buff = 32,
}

/// <summary>
/// What a scripted player knows of a skill, summed up once from its effects: how it gets there, whom it reaches, what it does to them.
/// </summary>
internal struct SkillPlan
{
    public Aim Aim;
    public Side Side;
    public Uses Uses;
    public bool OnCreeps;
    public bool OnHeroes;
    public bool Moves;

    /// <summary>It has effects on enemies, and on friends (the caster included).</summary>
    public bool Hostile;
    public bool Friendly;
    public bool Cleanses;
    public bool Hides;
    public bool Summons;

    /// <summary>A projectile that flies straight and stops at the first it meets.</summary>
    public bool Blocked;

    /// <summary>Cells at which it still reaches, its own movement and area included.</summary>
    public float Reach;

    /// <summary>Cells of its aim, as its definition says.</summary>
    public float Range;

    /// <summary>Cells around the place where it happens; 0 for one unit only.</summary>
    public float Radius;

    /// <summary>Straight projectile: cells a tick and half width; 0 for none.</summary>
    public float Speed;
    public float Width;

    /// <summary>Cells that the caster is moved.</summary>
    public float Dash;

    /// <summary>Ticks from the order until it takes effect, flight aside.</summary>
    public float Delay;

    /// <summary>Damage by level and its shares of attack, power, the caster's hp and the victim's missing hp.</summary>
    public Levels Damage;
    public float AttackShare;
    public float PowerShare;
    public float HpShare;
    public float MissingShare;
    public DamageType Type;

    /// <summary>Ticks that an enemy is kept from acting; lesser control counts in part.</summary>
    public float Control;

    /// <summary>Hp and shield to a friend, by level, with its share of power and of hp.</summary>
    public Levels Mending;
    public float MendingPower;
    public float MendingHp;

    /// <summary>It strengthens the caster or friends otherwise.</summary>
    public bool Strengthens;

    /// <summary>Sums up a skill.</summary>
    public static SkillPlan Of(SkillDefinition d, EffectDefinition[] effects)
    {
        var p = new SkillPlan
        {
            Aim = d.Aim,
            Side = d.Side,
            OnCreeps = d.OnCreeps,
            OnHeroes = d.OnHeroes,
            Moves = d.Moves,
            Range = d.Range,
            Reach = d.Range,
            Delay = d.CastTime,
        };
        foreach (string use in d.Uses)
        {
            p.Uses |= use switch
            {
                "damage" => Uses.Damage,
                "disable" => Uses.Disable,
                "heal" => Uses.Heal,
                "escape" => Uses.Escape,
                "engage" => Uses.Engage,
                "buff" => Uses.Buff,
                _ => Uses.None,
            };
        }
        p.Add(effects, d.FirstEffect, d.Effects, 0f, 1f);
        if (p.Aim == Aim.None)
            p.Reach = p.Radius;
        else if (p.Aim == Aim.Direction)
            p.Reach = p.Speed > 0f ? p.Reach : p.Dash + p.Radius;
        return p;
    }

    private void Add(EffectDefinition[] effects, int first, int count, float zone, float times)
    {
        for (int i = first; i < first + count; i++)
        {
            EffectDefinition e = effects[i];
            switch (e.Kind)
            {
                case EffectKind.Projectile:
                    if (Aim is Aim.Direction or Aim.Point)
                    {
                        Speed = e.Speed;
                        Width = e.Width;
                        Blocked = !e.Pierces;
                        Reach = e.Distance > 0f ? e.Distance : Range;
                    }
                    Add(effects, e.FirstChild, e.Children, zone, times);
                    break;
                case EffectKind.Zone:
                    if (Hostile is false || e.Radius > Radius)
                        Radius = e.Radius;
                    Delay += e.Delay;
                    // Nobody stays in a zone for all of its pulses.
                    float pulses = e.Interval > 0 ? e.Duration / e.Interval : 0f;
                    Add(effects, e.FirstChild, e.Children, e.Radius, times * (1f + 0.5f * pulses));
                    break;
                case EffectKind.Dash or EffectKind.Blink:
                    Dash = e.Distance;
                    if (e.Kind == EffectKind.Dash && e.Speed > 0f)
                        Delay += e.Distance / e.Speed * 0.7f;
                    Add(effects, e.FirstChild, e.Children, zone, times);
                    break;
                default:
                    Leaf(e, zone, times);
                    break;
            }
        }
    }

    private void Leaf(EffectDefinition e, float zone, float times)
    {
        float radius = e.Radius > 0f ? e.Radius : zone;
        switch (e.Kind)
        {
            case EffectKind.Damage or EffectKind.Dot or EffectKind.Execute:
                Harm(radius);
                if (Damage[0] == 0f || e.Amount[0] > Damage[0])
                    Type = e.DamageType;
                for (int l = 0; l < 4; l++)
                    Damage[l] += e.Amount[l] * times;
                AttackShare += e.AttackRatio * times;
                PowerShare += e.PowerRatio * times;
                HpShare += e.HpRatio * times;
                MissingShare += e.MissingHpRatio;
                break;
            case EffectKind.Stun:
                Harm(radius);
                Control += e.Duration;
                break;
            case EffectKind.Root or EffectKind.Silence:
                Harm(radius);
                Control += 0.5f * e.Duration;
                break;
            case EffectKind.Knockback:
                Harm(radius);
                Control += 6f;
                break;
            case EffectKind.Slow:
                Harm(radius);
                Control += e.Amount[0] * 0.4f * e.Duration;
                break;
            case EffectKind.Heal or EffectKind.Shield:
                Friendly = true;
                if (e.To == Side.Allies && radius > Radius)
                    Radius = radius;
                for (int l = 0; l < 4; l++)
                    Mending[l] += e.Amount[l] * times;
                MendingPower += e.PowerRatio * times;
                MendingHp += e.HpRatio * times;
                break;
            case EffectKind.Buff when e.To == Side.Enemies:
                Harm(radius);
                Control += 0.15f * e.Duration;
                break;
            case EffectKind.Buff or EffectKind.Mana:
                Friendly = true;
                Strengthens = true;
                break;
            case EffectKind.Cleanse:
                Friendly = true;
                Cleanses = true;
                break;
            case EffectKind.Stealth:
                Friendly = true;
                Hides = true;
                break;
            case EffectKind.Summon:
                Summons = true;
                break;
        }
    }

    private void Harm(float radius)
    {
        Hostile = true;
        Radius = radius > Radius ? radius : Radius;
    }

    /// <summary>Four numbers by skill level minus one.</summary>
    [System.Runtime.CompilerServices.InlineArray(4)]
    public struct Levels
    {
        private float _first;
    }
}
