using System.Globalization;
using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba.Tests;

/// <summary>
/// A hero with an ability, item or spell, a foe, a friend two cells behind and, if wished, a bystander (a creep of the foe's) next to the
/// foe; plays a deed out for some seconds and measures what becomes of everybody. Me and the friend begin with half their hp and mana.
/// </summary>
internal sealed unsafe class ContentScene
{
    private const int Me = RulesScene.Me;
    private const int Friend = RulesScene.Friend;
    private const int Foe = RulesScene.Foe;
    private const float Diagonal = 0.70710678f;
    private static readonly (string Name, int Unit)[] Who = [("me", Me), ("friend", Friend), ("foe", Foe)];

    private readonly RulesScene _scene;
    private readonly Dictionary<string, float> _seen = new(StringComparer.Ordinal);
    private readonly float _x;
    private readonly float _y;
    private readonly int _bystander = -1;

    /// <param name="hero">Name of the hero.</param>
    /// <param name="deed">A verb, or "on" and the cause of a trigger; nothing for a look at stats.</param>
    /// <param name="setUp">Cells to the foe, then any of: slowed (me and the friend), foe low (30% hp), at creep (what is aimed at).</param>
    public ContentScene(string hero, string deed, string setUp)
    {
        _scene = new RulesScene(hero);
        string[] words = setUp.Split(", ");
        float distance = float.Parse(words[0], CultureInfo.InvariantCulture);
        ref WorldState s = ref _scene.S;
        _scene.Put(Me, -20f, 22f);
        _scene.Put(Friend, -21.4f, 23.4f);
        _scene.Put(Foe, -20f + distance * Diagonal, 22f - distance * Diagonal);
        AtCreep = words.Contains("at creep");
        Slowed = words.Contains("slowed");
        Deed = deed;
        FoeHp = deed == "on takedown" ? 0.02f : words.Contains("foe low") ? 0.3f : 1f;
        if (AtCreep || deed is "on attack" or "on kill")
        {
            _bystander = _scene.Creep(1, 1, 0, s.X[Foe] + 0.8f * Diagonal, s.Y[Foe] + 0.8f * Diagonal, deed == "on kill" ? 20f : 2000f);
            s.StunUntil[_bystander] = 1000;
        }
        (_x, _y) = (s.X[Me], s.Y[Me]);
    }

    private string Deed { get; }
    private bool AtCreep { get; }
    private bool Slowed { get; }
    private float FoeHp { get; }

    /// <summary>Puts an item into the first slot.</summary>
    public void Own(int item)
    {
        _scene.S.Items[Me * WorldState.ItemSlots] = (byte)(item + 1);
        fixed (WorldState* s = &_scene.S)
            HeroStats.Compute(_scene.World, s, Me);
    }

    public void Know(int spell) => _scene.S.Spell[Me * WorldState.Spells] = (byte)spell;

    /// <summary>What can be seen at once: stats, absolute.</summary>
    public Dictionary<string, float> Stats()
    {
        foreach ((string name, float value) in StatsOf(Me))
            _seen["me " + name] = value;
        return _seen;
    }

    /// <summary>Does the deed and measures for eight seconds.</summary>
    public Dictionary<string, float> Play()
    {
        ref WorldState s = ref _scene.S;
        foreach ((_, int u) in Who[..2])
        {
            s.Hp[u] = s.MaxHp[u] * (Deed == "on low_hp" ? 0.31f : 0.5f);
            s.Mana[u] = s.MaxMana[u] * 0.5f;
            s.SlowAmount[u] = 0.2f;
            s.SlowUntil[u] = (ushort)(Slowed ? 1000 : 0);
        }
        s.MaxHp[Foe] = 3000f;
        s.Hp[Foe] = 3000f * FoeHp;
        s.Mana[Foe] = s.MaxMana[Foe] * 0.5f;
        for (int k = 0; k < WorldState.Skills; k++)
            s.SkillLevel[Me * WorldState.Skills + k] = 1;
        var before = Who.Select(w => StatsOf(w.Unit)).ToArray();
        float* hp = stackalloc float[3];
        float* mana = stackalloc float[3];
        float bystander = _bystander < 0 ? 0f : s.Hp[_bystander];
        for (int t = 0; t < 8 * RulesDefinition.TicksPerSecond; t++)
        {
            Do(t == 0);
            for (int i = 0; i < 3; i++)
            {
                hp[i] = s.Hp[Who[i].Unit];
                mana[i] = s.Mana[Who[i].Unit];
            }
            _scene.Run(1);
            for (int i = 0; i < 3; i++)
                Measure(i, hp[i], mana[i], before[i]);
            if (_bystander >= 0)
                Most("bystander hurt", bystander - s.Hp[_bystander]);
        }
        foreach ((string name, int u) in Who)
            Most(name + " hurt", s.DamageTaken[u]);
        foreach ((string name, int u) in Who[..2])
            Most(name + " freed", Slowed && s.SlowUntil[u] <= s.Tick ? 1f : 0f);
        return _seen;
    }

    private void Do(bool first)
    {
        ref WorldState s = ref _scene.S;
        switch (Deed)
        {
            case "on second":
                break;
            case "on attack" or "on takedown":
                Orders.Give(_scene.World, ref s, Me, new Order(Verb.Attack, Foe));
                break;
            case "on kill":
                Orders.Give(_scene.World, ref s, Me, new Order(Verb.Attack, _bystander));
                break;
            case "on hurt" or "on low_hp":
                Orders.Give(_scene.World, ref s, Foe, new Order(Verb.Attack, Me));
                break;
            case "on cast" when first:
                Cast(Verb.Skill1);
                break;
            default:
                if (first)
                    Cast(Enum.Parse<Verb>(Deed, ignoreCase: true));
                break;
        }
    }

    private void Cast(Verb verb)
    {
        ref WorldState s = ref _scene.S;
        SkillDefinition d = Abilities.Of(_scene.World, in s, Me, Abilities.OfVerb(verb))!;
        _scene.Give(Me, d.Aim switch
        {
            Aim.Target => new Order(verb, d.Side == Side.Enemies ? AtCreep ? _bystander : Foe : Friend),
            Aim.Direction => new Order(verb, -1, Diagonal, -Diagonal),
            Aim.Point => new Order(verb, -1, s.X[Foe], s.Y[Foe]),
            _ => new Order(verb),
        });
    }

    private void Measure(int i, float hp, float mana, Dictionary<string, float> before)
    {
        ref WorldState s = ref _scene.S;
        (string name, int u) = Who[i];
        Most(name + " stunned", Left(s.StunUntil[u]));
        Most(name + " rooted", Left(s.RootUntil[u]));
        Most(name + " silenced", Left(s.SilenceUntil[u]));
        Most(name + " poisoned", Left(s.DotUntil[u]));
        Most(name + " hidden", Left(s.StealthUntil[u]));
        if (!Slowed && s.SlowUntil[u] > s.Tick)
        {
            Most(name + " slowed", Left(s.SlowUntil[u]));
            Most(name + " slow", s.SlowAmount[u]);
        }
        Most(name + " shield", s.Shield[u]);
        // Regeneration is less than one a tick.
        Sum(name + " healed", s.Hp[u] - hp);
        Sum(name + " mana", s.Mana[u] - mana);
        foreach ((string stat, float value) in StatsOf(u))
            Most(name + " " + stat, value - before[stat]);
        float dx = s.X[u] - _x;
        float dy = s.Y[u] - _y;
        if (u == Me)
        {
            Most("me moved", MathF.Sqrt(dx * dx + dy * dy));
            int first = UnitIndex.Summon(0, 0);
            int summons = 0;
            for (int k = 0; k < UnitIndex.SummonsPerTeam; k++)
                summons += s.Alive[first + k];
            Most("me summons", summons);
        }
        else if (u == Foe)
        {
            float from = MathF.Sqrt(dx * dx + dy * dy);
            if (!_seen.ContainsKey("foe away"))
                _seen["foe away"] = from;
            Most("foe pushed", from - _seen["foe away"]);
            if (from < _seen["foe away"])
                Most("foe pulled", _seen["foe away"] - from);
        }

        float Left(ushort until) => until > _scene.S.Tick ? (until - _scene.S.Tick) / (float)RulesDefinition.TicksPerSecond : 0f;
    }

    /// <summary>Keeps the value farthest from zero.</summary>
    private void Most(string what, float value)
    {
        if (MathF.Abs(value) > MathF.Abs(_seen.GetValueOrDefault(what)))
            _seen[what] = value;
    }

    private void Sum(string what, float change)
    {
        if (MathF.Abs(change) >= 1f && (change > 0f || what.EndsWith("mana", StringComparison.Ordinal)))
            _seen[what] = _seen.GetValueOrDefault(what) + change;
    }

    private Dictionary<string, float> StatsOf(int u)
    {
        ref WorldState s = ref _scene.S;
        HeroDefinition d = _scene.World.Content.Heroes[s.Kind[u]];
        return new(StringComparer.Ordinal)
        {
            ["attack"] = s.Attack[u],
            ["power"] = s.Power[u],
            ["attack_speed"] = d.AttackInterval / s.AttackInterval[u],
            ["move_speed"] = s.MoveSpeed[u] / d.Base[(int)Stat.MoveSpeed],
            ["armor"] = s.Armor[u],
            ["magic_resist"] = s.MagicResist[u],
            ["max_hp"] = u == Foe ? 0f : s.MaxHp[u],
            ["max_mana"] = s.MaxMana[u],
            ["hp_regen"] = s.HpRegen[u] * RulesDefinition.TicksPerSecond,
            ["mana_regen"] = s.ManaRegen[u] * RulesDefinition.TicksPerSecond,
            ["life_steal"] = s.LifeSteal[u],
            ["crit_chance"] = s.CritChance[u],
            ["haste"] = s.Haste[u],
            ["armor_pen"] = s.ArmorPen[u],
            ["magic_pen"] = s.MagicPen[u],
            ["tenacity"] = s.Tenacity[u],
        };
    }
}
