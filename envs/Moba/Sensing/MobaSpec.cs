using System.Globalization;
using System.Text.Json;
using SelfPlayArena.Core;

namespace SelfPlayArena.Moba;

/// <summary>
/// Names, units and places of everything that goes in and out of the environment. Positions are in cells in the frame of the seeing team:
/// its base is always bottom-left. The order of features is the order in which the writers in this folder write them.
/// </summary>
public static class MobaSpec
{
    public const string Easy = "easy@1";

    /// <summary>Entries of the hero category; the content may define at most so many heroes.</summary>
    public const int HeroCategories = 24;

    /// <summary>Entries of the spell category; the content may define at most so many summoner spells.</summary>
    public const int SpellCategories = 12;

    /// <summary>Entries of the order category: verbs, and room for more.</summary>
    public const int OrderCategories = 16;

    /// <summary>The spec of a mode. Layouts are the same in all modes; slots that a mode does not have stay absent.</summary>
    public static EnvironmentSpec Create(MobaOptions options, MobaContent content)
    {
        options.Validate(content);
        string[] verbs = [.. Enum.GetNames<Verb>().Select(n => n.ToLowerInvariant())];
        string[] targets =
        [
            "self[0]",
            .. Slots("ally", Sizes.Allies),
            .. Slots("enemy", Sizes.Enemies),
            .. Slots("creep", Sizes.Creeps),
            .. Slots("structure", Sizes.Structures),
            .. Slots("monster", Sizes.Monsters),
            .. Slots("ward", Sizes.EnemyWards),
        ];
        int ticks = options.Control == MobaOptions.Orders ? 1 : content.Rules(options.Rules).DecisionTicks;
        return new EnvironmentSpec
        {
            Name = "moba/" + options.Mode,
            ContentHash = content.Hash.ToString("x16", CultureInfo.InvariantCulture) + "-" + options.Rules,
            Teams = UnitIndex.Teams,
            AgentsPerTeam = options.HeroesPerTeam,
            SecondsPerDecision = (float)ticks / RulesDefinition.TicksPerSecond,
            TicksPerDecision = ticks,
            Observation = Observation(),
            FullState = FullState(),
            Heads =
            [
                new ActionHeadSpec("verb", verbs, null, [0]),
                new ActionHeadSpec("direction", Numbered(Directions.Count), null, RowsOf(v => v switch { Verb.Move => 0, Verb.Ward => Sizes.WardRow, _ => AbilityRow(v, 1) })),
                new ActionHeadSpec("distance", Numbered(Sizes.Distances), null, RowsOf(v => Abilities.OfVerb(v) < Sizes.SkillRows ? Abilities.OfVerb(v) : -1)),
                new ActionHeadSpec(
                    "target", targets, ["self", "ally", "enemy", "creep", "structure", "monster", "ward"], RowsOf(v => v == Verb.Attack ? 0 : AbilityRow(v, 1))),
                new ActionHeadSpec("choice", Numbered(Sizes.Choices), null, RowsOf(v => v switch { Verb.Buy => 0, Verb.Learn => 1, _ => -1 })),
                new ActionHeadSpec("macro", [.. Enum.GetNames<MacroCommand>().Select(n => JsonNamingPolicy.SnakeCaseLower.ConvertName(n))], null, RowsOf(_ => 0)),
            ],
            ValueHeads = ["farming", "kda", "damage", "pushing", "win"],
            Rewards = Rewards.Terms,
            ScriptedPlayers = Moba.ScriptedPlayers.Names,
        }.Validated();
    }

    private static IReadOnlyList<BlockSpec> Observation() => new BlockLayout()
        .Add("own", "own", 1,
            One("hp"), One("mana"), One("level", RulesDefinition.MaxLevel, "levels"), One("xp_to_next"), One("gold", Sizes.Gold, "gold"),
            One("cooldown1", Sizes.CooldownSeconds, "seconds"), One("cooldown2", Sizes.CooldownSeconds, "seconds"),
            One("cooldown3", Sizes.CooldownSeconds, "seconds"), One("cooldown4", Sizes.CooldownSeconds, "seconds"),
            One("ready1"), One("ready2"), One("ready3"), One("ready4"),
            One("recall"), One("respawn", Sizes.RespawnSeconds, "seconds"), One("tower_target"), One("in_brush"), One("attack_cooldown", 2f, "seconds"),
            One("x", Sizes.Far, "cells"), One("y", Sizes.Far, "cells"), One("at_fountain"), One("shield", Sizes.HeroHp, "hp"),
            One("silenced"), One("busy"), One("stunned", 2f, "seconds"), One("hurt"),
            One("skill_points", 4f, "points"),
            One("skill_level1", 4f, "levels"), One("skill_level2", 4f, "levels"), One("skill_level3", 4f, "levels"), One("skill_level4", 4f, "levels"),
            new FeatureSpec("spell1", FeatureKind.Categorical, SpellCategories), new FeatureSpec("spell2", FeatureKind.Categorical, SpellCategories),
            One("spell_cooldown1", Sizes.SpellSeconds, "seconds"), One("spell_cooldown2", Sizes.SpellSeconds, "seconds"), One("spell_ready1"), One("spell_ready2"),
            One("item_cooldown", Sizes.ItemSeconds, "seconds"), One("item_ready"), One("ward_charges", 4f, "wards"), One("ward_cooldown", Sizes.ItemSeconds, "seconds"),
            One("stealth", Sizes.StealthSeconds, "seconds"), One("power", Sizes.HeroAttack, "hp"), One("armor", Sizes.Resistance), One("magic_resist", Sizes.Resistance),
            One("haste"), One("crit_chance"), One("life_steal"), One("attack_interval", Sizes.AttackSeconds, "seconds"), One("rooted", 2f, "seconds"),
            new FeatureSpec("order", FeatureKind.Categorical, OrderCategories), One("free_item_slots", WorldState.ItemSlots, "slots"),
            new FeatureSpec("items", FeatureKind.BitSet, Sizes.Items))
        .Add("self", "hero", 1, Hero())
        .Add("ally", "hero", Sizes.Allies, Hero())
        .Add("enemy", "hero", Sizes.Enemies, Hero())
        .Add("creep", "creep", Sizes.Creeps,
            One("dx", Sizes.Near, "cells"), One("dy", Sizes.Near, "cells"), One("distance", Sizes.Near, "cells"), One("hp_ratio"), One("hp", Sizes.CreepHp, "hp"),
            One("last_hit"), One("enemy"), One("ranged"), One("siege"), One("in_my_range"), One("attacks_me"),
            One("champion"), One("summoned"), One("expires", Sizes.SummonSeconds, "seconds"))
        .Add("structure", "structure", Sizes.Structures,
            One("dx", Sizes.Near, "cells"), One("dy", Sizes.Near, "cells"), One("dx_far", Sizes.Far, "cells"), One("dy_far", Sizes.Far, "cells"),
            One("distance", Sizes.Far, "cells"), One("hp_ratio"), One("vulnerable"), One("in_its_range"), One("in_my_range"), One("targets_me"),
            One("enemy"), One("tier", 3f), One("ancient"), One("creeps_at_it", 4f, "creeps"))
        .Add("monster", "monster", Sizes.Monsters,
            One("dx", Sizes.Near, "cells"), One("dy", Sizes.Near, "cells"), One("distance", Sizes.Near, "cells"), One("hp_ratio"), One("hp", Sizes.MonsterHp, "hp"),
            One("attack", Sizes.HeroAttack, "hp"), One("in_my_range"), One("attacks_me"),
            One("epic_buff"), One("epic_push"), One("hp_epic", Sizes.EpicHp, "hp"))
        .Add("ward", "ward", Sizes.EnemyWards,
            One("dx", Sizes.Near, "cells"), One("dy", Sizes.Near, "cells"), One("distance", Sizes.Near, "cells"), One("hp_ratio"), One("in_my_range"))
        .Add("effect", "effect", Sizes.Effects,
            One("dx", Sizes.Near, "cells"), One("dy", Sizes.Near, "cells"), One("vx", Sizes.EffectSpeed, "cells/s"), One("vy", Sizes.EffectSpeed, "cells/s"),
            One("radius", Sizes.EffectRadius, "cells"), One("time_left", Sizes.EffectSeconds, "seconds"), One("zone"), One("homes_on_me"))
        .Add("global", "global", 1,
            One("time"), One("next_wave", 30f, "seconds"), One("gold_lead", Sizes.Lead, "gold"), One("xp_lead", Sizes.Lead, "xp"), One("kills_lead", Sizes.Kills, "kills"),
            One("towers_lead_top", 3f, "towers"), One("towers_lead_middle", 3f, "towers"), One("towers_lead_bottom", 3f, "towers"),
            One("alive_own", 5f, "heroes"), One("alive_enemy", 5f, "heroes"), One("ancient_lead"),
            One("front_own_top"), One("front_own_middle"), One("front_own_bottom"),
            One("front_enemy_top"), One("front_enemy_middle"), One("front_enemy_bottom"),
            One("lane_dx_top"), One("lane_dy_top"), One("lane_dx_middle"), One("lane_dy_middle"), One("lane_dx_bottom"), One("lane_dy_bottom"),
            One("epic_buff_alive"), One("epic_push_alive"), One("epic_buff_respawn", Sizes.EpicSeconds, "seconds"), One("epic_push_respawn", Sizes.EpicSeconds, "seconds"),
            One("buff_own", Sizes.BuffSeconds, "seconds"), One("buff_enemy", Sizes.BuffSeconds, "seconds"),
            One("push_own", Sizes.BuffSeconds, "seconds"), One("push_enemy", Sizes.BuffSeconds, "seconds"), One("epics_lead", Sizes.Epics, "epics"))
        .Add("terrain", "terrain", 1, new FeatureSpec("walkable", FeatureKind.BitSet, Surroundings.Side * Surroundings.Side))
        .Add("macro", "macro", 1,
            new FeatureSpec("command", FeatureKind.Categorical, Sizes.MacroCommands), One("age", Sizes.MacroSeconds, "seconds"),
            One("dx", Sizes.Far, "cells"), One("dy", Sizes.Far, "cells"), One("distance", Sizes.Far, "cells"), One("finished"), One("hopeless"), One("due"))
        .Build();

    private static FeatureSpec[] Hero() =>
    [
        new("hero", FeatureKind.Categorical, HeroCategories),
        One("dx", Sizes.Near, "cells"), One("dy", Sizes.Near, "cells"), One("dx_far", Sizes.Far, "cells"), One("dy_far", Sizes.Far, "cells"),
        One("distance", Sizes.HeroDistance, "cells"), One("in_my_range"), One("in_its_range"), One("attacks_me"),
        One("hp_ratio"), One("hp", Sizes.HeroHp, "hp"), One("mana_ratio"), One("level", RulesDefinition.MaxLevel, "levels"),
        One("attack", Sizes.HeroAttack, "hp"), One("attack_range", Sizes.AttackRange, "cells"), One("move_speed", Sizes.Speed, "cells/s"),
        One("stunned"), One("rooted"), One("slowed"), One("silenced"), One("visible"), One("hidden", Sizes.HiddenSeconds, "seconds"),
        One("alive"), One("respawn", Sizes.RespawnSeconds, "seconds"), One("ultimate_ready"), One("recalling"), One("shield", Sizes.HeroHp, "hp"),
        One("items_worth", Sizes.Worth, "gold"), One("streak", Sizes.Streak, "kills"), One("kills", Sizes.Kills, "kills"), One("deaths", Sizes.Kills, "deaths"),
        One("armor", Sizes.Resistance), One("magic_resist", Sizes.Resistance), One("power", Sizes.HeroAttack, "hp"), One("attack_interval", Sizes.AttackSeconds, "seconds"),
        One("stealthed"), One("casting"), new("command", FeatureKind.Categorical, Sizes.MacroCommands),
    ];

    private static IReadOnlyList<BlockSpec> FullState() => new BlockLayout()
        .Add("full_hero", "full_hero", UnitIndex.Heroes,
            new FeatureSpec("hero", FeatureKind.Categorical, HeroCategories),
            One("enemy"), One("x", Sizes.Far, "cells"), One("y", Sizes.Far, "cells"), One("hp_ratio"), One("hp", Sizes.HeroHp, "hp"), One("mana_ratio"),
            One("level", RulesDefinition.MaxLevel, "levels"), One("gold", Sizes.Lead, "gold"), One("attack", Sizes.HeroAttack, "hp"),
            One("alive"), One("respawn", Sizes.RespawnSeconds, "seconds"), One("ultimate_ready"), One("stunned"), One("seen_by_other"), One("attacked_by_tower"),
            One("items_worth", Sizes.Worth, "gold"), One("streak", Sizes.Streak, "kills"), One("stealthed"), One("armor", Sizes.Resistance), One("magic_resist", Sizes.Resistance),
            One("power", Sizes.HeroAttack, "hp"), One("spells_ready", WorldState.Spells, "spells"),
            new FeatureSpec("command", FeatureKind.Categorical, Sizes.MacroCommands))
        .Add("full_structure", "full_structure", UnitIndex.Structures,
            One("x", Sizes.Far, "cells"), One("y", Sizes.Far, "cells"), One("hp_ratio"), One("vulnerable"), One("enemy"), One("tier", 3f), One("ancient"))
        .Add("full_lane", "full_lane", UnitIndex.Lanes,
            new FeatureSpec("lane", FeatureKind.Categorical, UnitIndex.Lanes),
            One("own_creeps", UnitIndex.CreepsPerLane, "creeps"), One("enemy_creeps", UnitIndex.CreepsPerLane, "creeps"),
            One("own_front"), One("enemy_front"), One("own_hp", 4000f, "hp"), One("enemy_hp", 4000f, "hp"))
        .Add("full_global", "full_global", 1,
            One("time"), One("next_wave", 30f, "seconds"), One("gold_lead", Sizes.Lead, "gold"), One("xp_lead", Sizes.Lead, "xp"), One("kills_lead", Sizes.Kills, "kills"),
            One("towers_lead", 9f, "towers"), One("ancient_lead"), One("alive_own", 5f, "heroes"), One("alive_enemy", 5f, "heroes"),
            One("epic_buff_alive"), One("epic_push_alive"), One("epic_buff_respawn", Sizes.EpicSeconds, "seconds"), One("epic_push_respawn", Sizes.EpicSeconds, "seconds"),
            One("buff_own", Sizes.BuffSeconds, "seconds"), One("buff_enemy", Sizes.BuffSeconds, "seconds"),
            One("push_own", Sizes.BuffSeconds, "seconds"), One("push_enemy", Sizes.BuffSeconds, "seconds"), One("epics_lead", Sizes.Epics, "epics"))
        .Add("full_ward", "full_ward", UnitIndex.Wards,
            One("x", Sizes.Far, "cells"), One("y", Sizes.Far, "cells"), One("enemy"), One("expires", Sizes.WardSeconds, "seconds"))
        .Build();

    private static FeatureSpec One(string name, float scale = 1f, string unit = "1") => new(name, FeatureKind.Scalar8, 1, scale, unit);

    private static IEnumerable<string> Slots(string block, int count) => Enumerable.Range(0, count).Select(i => $"{block}[{i}]");

    private static int[] RowsOf(Func<Verb, int> row) => [.. Enum.GetValues<Verb>().Select(row)];

    private static int AbilityRow(Verb verb, int first) => Abilities.OfVerb(verb) is >= 0 and int ability ? first + ability : -1;

    private static string[] Numbered(int count) => Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray();
}
