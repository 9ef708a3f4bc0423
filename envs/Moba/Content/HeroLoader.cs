namespace SelfPlayArena.Moba;

/// <summary>Reads hero files; effects of all heroes go into one list in which children follow one another.</summary>
internal sealed class HeroLoader
{
    private const float PerSecond = 1f / RulesDefinition.TicksPerSecond;
    private static readonly string[] Kinds = [.. Enum.GetNames<EffectKind>().Select(n => n.ToLowerInvariant())];
    private static readonly string[] UseNames = ["damage", "disable", "heal", "escape", "engage", "buff"];

    public List<EffectDefinition> Effects { get; } = [];

    public HeroDefinition Read(int index, ContentNode n)
    {
        n.Only("name", "role", "base", "growth", "passive", "attack_range", "attack_interval", "wind_up", "projectile_speed", "skills", "skill_order");
        string[] roles = ["tank", "fighter", "assassin", "mage", "marksman", "support"];
        float[] start = StatNames.ReadTable(n["base"], isBase: true);
        foreach (Stat s in new[] { Stat.Attack, Stat.AttackSpeed, Stat.MoveSpeed, Stat.MaxHp, Stat.MaxMana })
        {
            if (start[(int)s] <= 0f)
                throw n["base"].Error($"stat '{s}' must be above 0");
        }
        return new HeroDefinition
        {
            Index = index,
            Name = n["name"].Text(),
            Role = roles[n["role"].Choice(roles)],
            Base = start,
            Growth = StatNames.ReadTable(n["growth"]),
            Passive = StatNames.ReadTable(n["passive"]),
            AttackRange = n["attack_range"].Number(1f, 12f),
            AttackInterval = n["attack_interval"].Number(0.3f, 5f) * RulesDefinition.TicksPerSecond,
            WindUp = Math.Max(1, n["wind_up"].Ticks(2f)),
            ProjectileSpeed = n["projectile_speed"].Number(0f, 60f) * PerSecond,
            Skills = [.. n["skills"].Items(WorldState.Skills, WorldState.Skills).Select(Skill)],
            SkillOrder = [.. n["skill_order"].Items(RulesDefinition.MaxLevel, RulesDefinition.MaxLevel).Select(s => s.Whole(1, WorldState.Skills) - 1)],
        };
    }

    private SkillDefinition Skill(ContentNode n)
    {
        n.Only("name", "aim", "side", "on_creeps", "range", "mana", "cooldown", "cast_time", "uses", "effects");
        var aim = (Aim)n["aim"].Choice("none", "target", "direction", "point");
        (int first, int count) = List(n["effects"], aim);
        return new SkillDefinition
        {
            Name = n["name"].Text(),
            Aim = aim,
            Side = n.Has("side") ? (Side)n["side"].Choice("enemies", "allies", "self") : Side.Enemies,
            OnCreeps = !n.Has("on_creeps") || n["on_creeps"].Flag(),
            Moves = Effects.GetRange(first, count).Exists(e => e.Kind is EffectKind.Dash or EffectKind.Blink),
            Range = n["range"].Number(0f, 12f),
            Mana = n["mana"].Levels(0f, 1000f),
            Cooldown = [.. n["cooldown"].Levels(0.5f, 300f).Select(s => (int)(s * RulesDefinition.TicksPerSecond + 0.5f))],
            CastTime = n["cast_time"].Ticks(3f),
            FirstEffect = first,
            Effects = count,
            Uses = [.. n["uses"].Items(1).Select(u => UseNames[u.Choice(UseNames)])],
        };
    }

    private (int First, int Count) List(ContentNode n, Aim aim)
    {
        IReadOnlyList<ContentNode> items = n.Items(1, 8);
        int first = Effects.Count;
        foreach (ContentNode item in items)
            Effects.Add(Effect(item, aim));
        for (int i = 0; i < items.Count; i++)
        {
            if (!items[i].Has("effects"))
                continue;
            EffectDefinition parent = Effects[first + i];
            if (parent.Kind is not (EffectKind.Dash or EffectKind.Projectile or EffectKind.Zone))
                throw items[i].Error("only dash, projectile and zone carry further effects");
            (parent.FirstChild, parent.Children) = List(items[i]["effects"], aim);
        }
        return (first, items.Count);
    }

    private static EffectDefinition Effect(ContentNode n, Aim aim)
    {
        n.Only("kind", "type", "to", "radius", "amount", "attack", "power", "hp", "missing_hp", "duration", "delay", "interval", "stat", "distance", "speed", "width", "pierces", "effects");
        var kind = (EffectKind)n["kind"].Choice(Kinds);
        switch (kind)
        {
            case EffectKind.Damage or EffectKind.Heal:
                Need("amount");
                break;
            case EffectKind.Shield or EffectKind.Slow or EffectKind.Dot or EffectKind.Buff:
                Need("amount", "duration");
                break;
            case EffectKind.Execute:
                Need("amount", "missing_hp");
                break;
            case EffectKind.Stun or EffectKind.Root or EffectKind.Silence:
                Need("duration");
                break;
            case EffectKind.Knockback or EffectKind.Dash:
                Need("distance", "speed");
                break;
            case EffectKind.Blink:
                Need("distance");
                break;
            case EffectKind.Projectile:
                Need("speed", "effects");
                if (aim != Aim.Target)
                    Need("distance", "width");
                break;
            case EffectKind.Zone:
                Need("radius", "duration", "interval", "effects");
                break;
        }
        if (kind == EffectKind.Buff)
            Need("stat");
        return new EffectDefinition
        {
            Kind = kind,
            DamageType = n.Has("type") ? (DamageType)n["type"].Choice("physical", "magic", "true") : DamageType.Magic,
            To = n.Has("to") ? (Side)n["to"].Choice("enemies", "allies", "self") : kind is EffectKind.Dash or EffectKind.Blink ? Side.Self : Side.Enemies,
            Radius = n.NumberOr("radius", 0f, 0f, 12f),
            Amount = n.Has("amount") ? n["amount"].Levels(kind == EffectKind.Slow ? 0f : -1000f, kind == EffectKind.Slow ? 0.9f : 2000f) : new float[4],
            AttackRatio = n.NumberOr("attack", 0f, 0f, 5f),
            PowerRatio = n.NumberOr("power", 0f, 0f, 5f),
            HpRatio = n.NumberOr("hp", 0f, 0f, 1f),
            MissingHpRatio = n.NumberOr("missing_hp", 0f, 0f, 1f),
            Duration = n.Has("duration") ? Math.Max(1, n["duration"].Ticks(30f)) : 0,
            Delay = n.Has("delay") ? n["delay"].Ticks(10f) : 0,
            Interval = n.Has("interval") ? Math.Max(1, n["interval"].Ticks(10f)) : 0,
            Stat = n.Has("stat") ? StatNames.Read(n["stat"]) : Stat.None,
            Distance = n.NumberOr("distance", 0f, 0f, 12f),
            Speed = n.NumberOr("speed", 0f, 1f, 60f) * PerSecond,
            Width = n.NumberOr("width", 0f, 0f, 5f),
            Pierces = n.Has("pierces") && n["pierces"].Flag(),
        };

        void Need(params ReadOnlySpan<string> members)
        {
            foreach (string m in members)
                _ = n[m];
        }
    }
}
