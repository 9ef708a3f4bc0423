using System.Globalization;
using System.Text;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Moba.Tests;

/// <summary>
/// Content whose heroes exist for tests: all have 1000 hp, 500 mana, 100 attack and power, no armour and no regeneration; their skills or
/// passives are what a test writes.
/// </summary>
internal static class TestContent
{
    private const string Idle = """{ "name": "idle", "aim": "none", "range": 0, "mana": [0], "cooldown": [10], "cast_time": 0, "uses": ["buff"], "effects": [{ "kind": "mana", "to": "self", "amount": [0] }] }""";

    /// <param name="heroes">By name: four skills or fewer as JSON, and a trigger as JSON or nothing.</param>
    public static MobaContent With(params (string Name, string[] Skills, string Trigger)[] heroes)
    {
        Dictionary<string, byte[]> files = MobaContent.EmbeddedFiles();
        foreach (string name in files.Keys.Where(n => n.StartsWith("heroes/", StringComparison.Ordinal)).ToArray())
            files.Remove(name);
        for (int i = 0; i < Math.Max(heroes.Length, UnitIndex.HeroesPerTeam); i++)
        {
            (string name, string[] skills, string trigger) = i < heroes.Length ? heroes[i] : ($"filler{i}", [], "");
            string four = string.Join(",", Enumerable.Range(0, WorldState.Skills).Select(k => k < skills.Length ? skills[k] : Idle));
            string passive = trigger.Length > 0 ? $"{{ \"name\": \"p\", \"trigger\": {trigger} }}" : "{ \"name\": \"p\" }";
            string hero = $$"""
                {
                  "name": "{{name}}", "role": "tank",
                  "base": { "attack": 100, "power": 100, "attack_speed": 1, "move_speed": 5, "max_hp": 1000, "max_mana": 500 },
                  "growth": {}, "passive": {{passive}},
                  "attack_range": 2, "attack_interval": 1, "wind_up": 0.2, "projectile_speed": 0,
                  "skills": [{{four}}],
                  "skill_order": [1, 2, 3, 1, 2, 4, 1, 3, 2, 4, 1, 2, 3, 3, 4],
                  "build": ["boots"], "spells": ["heal", "flash"]
                }
                """;
            files[$"heroes/{i.ToString("D2", CultureInfo.InvariantCulture)}.json"] = Encoding.UTF8.GetBytes(hero);
        }
        return MobaContent.FromFiles(files);
    }

    public static string Skill(string aim, string effects)
        => $$"""{ "name": "s", "aim": "{{aim}}", "range": 9, "mana": [50], "cooldown": [10], "cast_time": 0, "uses": ["damage"], "effects": [{{effects}}] }""";
}

/// <summary>Two heroes, a friend of the first's and a creep of the second's side on the open river, and what tables call their numbers.</summary>
internal sealed unsafe class EffectScene
{
    public const int Me = 0;
    public const int Friend = 1;
    public const int Foe = 5;
    public const float X = -20f;
    public const float Y = 22f;
    private const float Along = 0.70710678f;
    private readonly WorldState[] _state = new WorldState[1];
    private readonly Dictionary<string, float> _before = new(StringComparer.Ordinal);

    public EffectScene(MobaContent content, string me, string foe = "", float distance = 4f)
    {
        World = new MobaWorld(content, "5v5", "full");
        Span<byte> lineup = stackalloc byte[UnitIndex.Heroes];
        lineup.Fill((byte)(content.Heroes.Length - 1));
        lineup[Me] = Kind(me);
        if (foe.Length > 0)
            lineup[Friend] = lineup[Foe] = Kind(foe);
        World.Reset(ref S, 1, lineup);
        S.NextWaveTick = int.MaxValue;
        for (int c = 0; c < WorldState.Camps; c++)
            S.CampRespawn[c] = int.MaxValue;
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            S.ManualShop[h] = S.ManualSkills[h] = 1;
            for (int k = 0; k < WorldState.Skills; k++)
                S.SkillLevel[h * WorldState.Skills + k] = 1;
        }
        Put(Me, 0f);
        Put(Friend, -2f);
        Put(Foe, distance);
        Creep = UnitIndex.Creep(1, 1, 0);
        S.LaneAlive[1 * UnitIndex.Lanes + 1] |= 1;
        S.Alive[Creep] = 1;
        S.MaxHp[Creep] = S.Hp[Creep] = 1000f;
        S.AttackInterval[Creep] = 1000;
        S.AttackReady[Creep] = ushort.MaxValue;
        Put(Creep, distance + 1f);
    }

    public MobaWorld World { get; }

    public int Creep { get; }

    public ref WorldState S => ref _state[0];

    /// <summary>Cells along the river from where the first hero stands; all are seen by all.</summary>
    public void Put(int unit, float along)
    {
        S.X[unit] = X + along * Along;
        S.Y[unit] = Y - along * Along;
        Assert.True(World.Map.Walkable(S.X[unit], S.Y[unit]), $"{along} cells along the river is a wall");
        S.Visible[unit] = 3;
    }

    public void Give(int hero, Order order) => Assert.True(Orders.Give(World, ref S, hero, order), $"order {order} is not legal");

    /// <summary>Casts skill 1 to 4 of the first hero at the foe, wherever it is aimed.</summary>
    public Order AtFoe(int skill) => World.HeroOf(in S, Me).Skills[skill].Aim switch
    {
        Aim.Target => new Order(Verb.Skill1 + (byte)skill, Foe),
        Aim.Direction => new Order(Verb.Skill1 + (byte)skill, -1, Along, -Along),
        Aim.Point => new Order(Verb.Skill1 + (byte)skill, -1, S.X[Foe], S.Y[Foe]),
        _ => new Order(Verb.Skill1 + (byte)skill),
    };

    public void Run(int ticks)
    {
        for (int i = 0; i < ticks; i++)
            World.Tick(ref S);
    }

    /// <summary>Ticks until something holds; fails if it never does.</summary>
    public void Until(Func<bool> holds)
    {
        for (int i = 0; i < 300 && !holds(); i++)
            World.Tick(ref S);
        Assert.True(holds(), "did not happen within 300 ticks");
    }

    /// <summary>Carries out a table's entries: <c>who.what number</c>, parted by semicolons.</summary>
    public void Given(string list)
    {
        foreach ((string key, string number) in Entries(list, 1))
        {
            float value = float.Parse(number, CultureInfo.InvariantCulture);
            int u = Unit(key.Split('.')[0]);
            switch (key.Split('.')[1])
            {
                case "root":
                    S.RootUntil[u] = (ushort)(S.Tick + value);
                    break;
                case "slow":
                    S.SlowAmount[u] = value;
                    S.SlowUntil[u] = (ushort)(S.Tick + 100);
                    break;
                default:
                    Number(key) = value;
                    break;
            }
        }
    }

    /// <summary>Remembers the numbers that a table says things change by.</summary>
    public void Remember(string list)
    {
        foreach ((string key, _) in Entries(list, 2))
            _before[key] = Value(key);
    }

    /// <summary>Asserts a table's entries: <c>who.what is number</c> or <c>who.what by change</c>, parted by semicolons.</summary>
    public void Then(string list)
    {
        foreach ((string key, string expected) in Entries(list, 2))
        {
            string[] parts = expected.Split(' ');
            float wanted = float.Parse(parts[1], CultureInfo.InvariantCulture) + (parts[0] == "by" ? _before[key] : 0f);
            Assert.True(MathF.Abs(wanted - Value(key)) <= 0.02f + 0.001f * MathF.Abs(wanted), $"{key} is {Value(key)}; expected {wanted} ({expected})");
        }
    }

    private static IEnumerable<(string Key, string Words)> Entries(string list, int words)
    {
        foreach (string entry in list.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = entry.Split(' ', 2);
            Assert.Equal(words, parts[1].Split(' ').Length);
            yield return (parts[0], parts[1]);
        }
    }

    private int Unit(string who) => who switch
    {
        "me" => Me,
        "friend" => Friend,
        "foe" => Foe,
        "creep" => Creep,
        _ => throw new ArgumentException($"who is '{who}'?", nameof(who)),
    };

    /// <summary>A number that a table may set.</summary>
    private ref float Number(string key)
    {
        int u = Unit(key.Split('.')[0]);
        switch (key.Split('.')[1])
        {
            case "hp": return ref S.Hp[u];
            case "mana": return ref S.Mana[u];
            case "armor": return ref S.Armor[u];
            case "magic_resist": return ref S.MagicResist[u];
            case "armor_pen": return ref S.ArmorPen[u];
            case "magic_pen": return ref S.MagicPen[u];
            case "tenacity": return ref S.Tenacity[u];
            case "haste": return ref S.Haste[u];
            case "life_steal": return ref S.LifeSteal[u];
            case "crit_chance": return ref S.CritChance[u];
            default: throw new ArgumentException($"'{key}' cannot be given", nameof(key));
        }
    }

    /// <summary>A number that a table may ask for; times are what is left, in ticks.</summary>
    private float Value(string key)
    {
        int u = Unit(key.Split('.')[0]);
        return key.Split('.')[1] switch
        {
            "shield" => S.Remaining(S.ShieldUntil[u]) > 0 ? S.Shield[u] : 0f,
            "stun" => S.Remaining(S.StunUntil[u]),
            "root" => S.Remaining(S.RootUntil[u]),
            "silence" => S.Remaining(S.SilenceUntil[u]),
            "slow" => S.Remaining(S.SlowUntil[u]) > 0 ? S.SlowAmount[u] : 0f,
            "slowed" => S.Remaining(S.SlowUntil[u]),
            "dot" => S.Remaining(S.DotUntil[u]),
            "stealth" => S.Remaining(S.StealthUntil[u]),
            "cooldown" => Enumerable.Range(0, WorldState.Skills).Max(k => S.Remaining(S.SkillReady[u * WorldState.Skills + k])),
            "attack" => S.Attack[u],
            "place" => ((S.X[u] - X) - (S.Y[u] - Y)) * Along,
            "seen" => S.Visible[u] == 3 ? 1f : 0f,
            "summons" => Enumerable.Range(0, UnitIndex.SummonsPerTeam).Count(i => S.Alive[UnitIndex.Summon(S.Team[u], i)] != 0),
            "dealt" => S.DamageToHeroes[u],
            _ => Number(key),
        };
    }

    private byte Kind(string name) => (byte)Array.FindIndex(World.Content.Heroes, h => h.Name == name);
}
