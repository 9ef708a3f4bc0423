namespace SelfPlayArena.Moba;

/// <summary>Reads skills, triggers and their effects, for heroes, items and summoner spells alike. All effects go into one list in which siblings follow one another.</summary>
internal sealed class SkillLoader(IReadOnlyList<UnitDefinition> summons)
{
    private const float PerSecond = 1f / RulesDefinition.TicksPerSecond;
    private static readonly string[] UseNames = ["damage", "disable", "heal", "escape", "engage", "buff"];
    private static readonly string[] Causes = ["attack", "cast", "kill", "takedown", "hurt", "second", "low_hp"];

    public List<EffectDefinition> Effects { get; } = [];

    /// <summary>A hero's skill: aimed in any way, and it costs mana.</summary>
    public SkillDefinition Skill(ContentNode n)
    {
        n.Only("name", "aim", "side", "on_creeps", "on_heroes", "range", "mana", "cooldown", "cast_time", "uses", "effects");
        return Read(n, (Aim)n["aim"].Choice("none", "target", "direction", "point"), n["mana"].Levels(0f, 1000f));
    }

    /// <summary>A summoner spell: no mana, and its levels are the hero's, one for each four.</summary>
    public SkillDefinition Spell(ContentNode n)
    {
        n.Only("name", "aim", "side", "on_creeps", "on_heroes", "range", "cooldown", "cast_time", "uses", "effects");
        return Read(n, (Aim)n["aim"].Choice("none", "target", "direction", "point"), new float[4]);
    }

    /// <summary>What an item does when it is used: no mana, no aim at a point.</summary>
    public SkillDefinition Active(ContentNode n)
    {
        n.Only("name", "aim", "side", "on_creeps", "on_heroes", "range", "cooldown", "cast_time", "uses", "effects");
        return Read(n, (Aim)n["aim"].Choice("none", "target", "direction"), new float[4]);
    }

    public TriggerDefinition Trigger(ContentNode n)
    {
        n.Only("on", "every", "cooldown", "effects");
        var on = (TriggerOn)n["on"].Choice(Causes);
        (int first, int count) = List(n["effects"], on is TriggerOn.Attack or TriggerOn.Hurt ? EffectPlace.TriggerWithUnit : EffectPlace.Trigger);
        return new TriggerDefinition
        {
            On = on,
            Every = n.Has("every") ? n["every"].Whole(1, 200) : 1,
            Cooldown = n.Has("cooldown") ? n["cooldown"].Ticks(300f) : 0,
            FirstEffect = first,
            Effects = count,
        };
    }

    private SkillDefinition Read(ContentNode n, Aim aim, float[] mana)
    {
        if (aim != Aim.Target && (n.Has("side") || n.Has("on_creeps") || n.Has("on_heroes")))
            throw n.Error("side, on_creeps and on_heroes say at whom a skill is aimed; allowed only with aim 'target'");
        (int first, int count) = List(n["effects"], aim == Aim.Target ? EffectPlace.AimedAtUnit : EffectPlace.AimedElsewhere);
        var skill = new SkillDefinition
        {
            Name = n["name"].Text(),
            Aim = aim,
            Side = n.Has("side") ? (Side)n["side"].Choice("enemies", "allies", "self") : Side.Enemies,
            OnCreeps = !n.Has("on_creeps") || n["on_creeps"].Flag(),
            OnHeroes = !n.Has("on_heroes") || n["on_heroes"].Flag(),
            Moves = Effects.GetRange(first, count).Exists(e => e.Kind is EffectKind.Dash or EffectKind.Blink),
            Frees = Effects.GetRange(first, count).Exists(e => e.Kind == EffectKind.Cleanse && e.To != Side.Enemies),
            Range = n["range"].Number(0f, 12f),
            Mana = mana,
            Cooldown = [.. n["cooldown"].Levels(0.5f, 300f).Select(s => (int)(s * RulesDefinition.TicksPerSecond + 0.5f))],
            CastTime = n["cast_time"].Ticks(3f),
            FirstEffect = first,
            Effects = count,
            Uses = [.. n["uses"].Items(1).Select(u => UseNames[u.Choice(UseNames)])],
        };
        if (!skill.OnCreeps && !skill.OnHeroes)
            throw n.Error("on_creeps and on_heroes are both false; allowed: at least one of them true");
        return skill;
    }

    private (int First, int Count) List(ContentNode n, EffectPlace place)
    {
        IReadOnlyList<ContentNode> items = n.Items(1, 8);
        int first = Effects.Count;
        foreach (ContentNode item in items)
            Effects.Add(Effect(item, place));
        for (int i = 0; i < items.Count; i++)
        {
            if (!items[i].Has("effects"))
                continue;
            EffectDefinition parent = Effects[first + i];
            EffectPlace inner = parent.Kind switch
            {
                EffectKind.Projectile => EffectPlace.Projectile,
                EffectKind.Zone => EffectPlace.Zone,
                _ => place == EffectPlace.AimedAtUnit ? EffectPlace.DashToUnit : EffectPlace.DashElsewhere,
            };
            (parent.FirstChild, parent.Children) = List(items[i]["effects"], inner);
        }
        return (first, items.Count);
    }

    private EffectDefinition Effect(ContentNode n, EffectPlace place)
    {
        string[] allowed = EffectMembers.Allowed(place);
        var kind = (EffectKind)Array.IndexOf(EffectMembers.Kinds, allowed[n["kind"].Choice(allowed)]);
        (string[] must, string[] may) = EffectMembers.Of(kind);
        n.Only(["kind", .. must, .. may]);
        foreach (string m in must)
            _ = n[m];
        if (kind == EffectKind.Projectile && place == EffectPlace.AimedElsewhere)
            _ = (n["distance"], n["width"]);
        Stat stat = n.Has("stat") ? StatNames.Read(n["stat"]) : Stat.None;
        // Regeneration is written a second and kept a tick.
        float scale = stat is Stat.HpRegen or Stat.ManaRegen ? PerSecond : 1f;
        var effect = new EffectDefinition
        {
            Kind = kind,
            DamageType = n.Has("type") ? (DamageType)n["type"].Choice("physical", "magic", "true") : DamageType.Magic,
            To = n.Has("to") ? (Side)n["to"].Choice("enemies", "allies", "self") : kind is EffectKind.Dash or EffectKind.Blink or EffectKind.Summon ? Side.Self : Side.Enemies,
            Radius = n.NumberOr("radius", 0f, 0f, 12f),
            Amount = n.Has("amount") ? Amount(n["amount"], kind, scale) : new float[4],
            AttackRatio = n.NumberOr("attack", 0f, 0f, 5f) * scale,
            PowerRatio = n.NumberOr("power", 0f, 0f, 5f) * scale,
            HpRatio = n.NumberOr("hp", 0f, 0f, 1f) * scale,
            MissingHpRatio = n.NumberOr("missing_hp", 0f, 0f, 1f),
            Duration = n.Has("duration") ? Math.Max(1, n["duration"].Ticks(60f)) : 0,
            Delay = n.Has("delay") ? n["delay"].Ticks(10f) : 0,
            Interval = n.Has("interval") ? Math.Max(1, n["interval"].Ticks(10f)) : 0,
            Stat = stat,
            // Backwards is towards the caster: a pull.
            Distance = n.NumberOr("distance", 0f, kind == EffectKind.Knockback ? -12f : 0f, 12f),
            Speed = n.NumberOr("speed", 0f, 1f, 60f) * PerSecond,
            Width = n.NumberOr("width", 0f, 0f, 5f),
            Pierces = n.Has("pierces") && n["pierces"].Flag(),
            Unit = kind == EffectKind.Summon ? Summon(n["unit"]) : 0,
            Count = n.Has("count") ? n["count"].Whole(1, UnitIndex.SummonsPerTeam) : 1,
        };
        bool reaches = kind is not (EffectKind.Dash or EffectKind.Blink or EffectKind.Projectile or EffectKind.Zone or EffectKind.Summon);
        if (reaches && effect.To != Side.Self && effect.Radius == 0f && !EffectMembers.HasUnit(place))
            throw n.Error("reaches nobody: no unit is aimed at or hit here; allowed: a radius, or to 'self'");
        return effect;
    }

    private static float[] Amount(ContentNode n, EffectKind kind, float scale)
    {
        float[] amount = kind switch
        {
            EffectKind.Slow => n.Levels(0f, 0.9f),
            EffectKind.Buff or EffectKind.Mana => n.Levels(-1000f, 1000f),
            _ => n.Levels(0f, 2000f),
        };
        return [.. amount.Select(a => a * scale)];
    }

    private int Summon(ContentNode n) => n.Choice([.. summons.Select(u => u.Name)]);
}
