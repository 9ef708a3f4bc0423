using System.Globalization;

namespace SelfPlayArena.Moba.Tests;

/// <summary>
/// What every skill, passive, item and summoner spell does, seen from outside: subject | deed | cells to the foe and set-up | what must be
/// observed within eight seconds. Seconds for control, cells for movement, hp for amounts, else stats as they change (for the stats of
/// heroes: as they are, passive included). Skills are at level 1; the foe is a bulwark.
/// </summary>
public sealed class ContentTests
{
    private const string Heroes = """
        anchor     | stats       | 3            | me magic_resist 37..43
        anchor     | on hurt     | 1.5          | me shield 24..37
        anchor     | skill1      | 5            | foe stunned 0.25..0.55, foe pulled 3.9..4.5, foe hurt 35..54
        anchor     | skill2      | 2.4          | foe slowed 1.38..1.68, foe slow 0.2..0.3, foe hurt 47..74
        anchor     | skill3      | 2.4          | me shield 107..166, me magic_resist 12..19
        anchor     | ultimate    | 2.4          | foe slowed 0.45..0.75, foe slow 0.25..0.35, foe pulled 1.3..1.9, foe hurt 127..198
        ballista   | stats       | 3            | me attack 61..67
        ballista   | on attack   | 1.5          | bystander hurt 20..31
        ballista   | skill1      | 5            | foe pushed 1.2..1.8, foe hurt 67..105
        ballista   | skill2      | 2.4          | me summons 1, foe hurt 135..211
        ballista   | skill3      | 5            | foe slowed 0.58..0.88, foe slow 0.3..0.4, foe hurt 34..53
        ballista   | ultimate    | 5            | foe hurt 218..340
        bulwark    | stats       | 3            | me armor 37..43, me magic_resist 35..41
        bulwark    | on low_hp   | 1.5          | me armor 24..38
        bulwark    | skill1      | 2.3          | foe stunned 0.85..1.15, foe hurt 51..79
        bulwark    | skill2      | 7.5          | me moved 6.7..7.3, foe pushed 1.7..2.3, foe hurt 35..54
        bulwark    | skill3      | 2.4          | me shield 123..192, me armor 12..19
        bulwark    | ultimate    | 2.4          | foe stunned 1.25..1.55, foe hurt 108..168
        chime      | stats       | 3            | me haste 0.03..0.07
        chime      | on cast     | 2.4          | me move_speed 0.05..0.11, friend move_speed 0.05..0.11
        chime      | skill1      | 5            | foe slowed 1.05..1.35, foe slow 0.15..0.25, foe hurt 43..67
        chime      | skill2      | 2.4          | me healed 46..72, friend healed 46..72, friend mana 10..15
        chime      | skill3      | 7.2, slowed  | friend shield 63..99, friend freed 1
        chime      | ultimate    | 2.4          | me attack_speed 0.16..0.26, friend attack_speed 0.16..0.26, foe stunned 1.05..1.35, foe hurt 72..113
        cinderfist | stats       | 3            | me hp_regen 2.69..3.69
        cinderfist | on attack   | 1.5          | foe poisoned 1.85..2.15
        cinderfist | skill1      | 2.2          | foe slowed 1.38..1.68, foe slow 0.15..0.25, foe hurt 56..88
        cinderfist | skill2      | 5            | me moved 4.7..5.3, foe hurt 47..73
        cinderfist | skill3      | 2.4          | me healed 52..81, me attack 10..15
        cinderfist | ultimate    | 2.4          | foe poisoned 2.78..3.08, foe pushed 1.2..1.8, foe hurt 129..201
        ember      | stats       | 3            | me power 19..25, me mana_regen 3.5..4.5
        ember      | on attack   | 1.5          | foe poisoned 1.85..2.15
        ember      | skill1      | 5            | foe hurt 52..82
        ember      | skill2      | 5            | foe slowed 0.58..0.88, foe slow 0.15..0.25, foe hurt 66..104
        ember      | skill3      | 5            | foe rooted 1.25..1.55, foe hurt 28..44
        ember      | ultimate    | 5            | foe stunned 0.85..1.15, foe hurt 140..219
        halberd    | stats       | 3            | me armor 27..33
        halberd    | on attack   | 1.5          | bystander hurt 40..62
        halberd    | skill1      | 2.4          | foe hurt 52..82
        halberd    | skill2      | 3.1          | foe stunned 0.65..0.95, foe hurt 40..63
        halberd    | skill3      | 5.5          | me moved 4.7..5.3, me attack 6..10, me armor 10..15
        halberd    | ultimate    | 5            | foe pushed 2.2..2.8, foe hurt 126..198
        hollow     | stats       | 3            | me power 17..23, me hp_regen 1.59..2.59
        hollow     | on kill     | 1.5          | me healed 3..5, me mana 5..8
        hollow     | skill1      | 6.5          | me healed 19..29, foe mana -19..-12, foe hurt 48..74
        hollow     | skill2      | 6.7          | foe poisoned 3.78..4.08, foe magic_resist -8..-5, foe hurt 66..103
        hollow     | skill3      | 5            | foe stunned 0.85..1.15, foe hurt 37..58
        hollow     | ultimate    | 6.2          | me healed 69..108, foe hurt 126..197
        hollow     | ultimate    | 6.2, foe low | foe hurt 296..788
        hush       | stats       | 3            | me haste 0.03..0.07
        hush       | on cast     | 2.4          | me attack 8..12
        hush       | skill1      | 5            | foe hurt 58..90
        hush       | skill2      | 3.7          | foe silenced 1.18..1.48, foe hurt 49..77
        hush       | skill3      | 5            | me moved 4.7..5.3, foe hurt 37..58
        hush       | ultimate    | 4.7          | me moved 4.4..5, foe silenced 0.85..1.15, foe hurt 123..192
        hush       | ultimate    | 4.7, foe low | foe hurt 288..768
        lantern    | stats       | 3            | me armor 22..28
        lantern    | on hurt     | 1.5          | foe slowed 1.05..1.35, foe slow 0.15..0.25
        lantern    | skill1      | 5            | foe silenced 0.78..1.08, foe hurt 49..77
        lantern    | skill2      | 7.2          | friend healed 63..99, friend attack 6..10
        lantern    | skill3      | 6.2          | friend hidden 1.85..2.15, friend shield 42..66
        lantern    | ultimate    | 5            | me healed 159..249, foe slowed 0.58..0.88, foe slow 0.2..0.3, foe hurt 96..150
        longshot   | stats       | 3            | me crit_chance 0.07..0.17
        longshot   | on attack   | 1.5          | me attack_speed 0.07..0.15
        longshot   | skill1      | 5            | foe hurt 58..91
        longshot   | skill2      | 4.5          | me moved 3.7..4.3, me attack_speed 0.2..0.3
        longshot   | skill3      | 5            | foe slowed 1.85..2.15, foe slow 0.35..0.45, foe hurt 37..57
        longshot   | ultimate    | 5            | foe slowed 0.58..0.88, foe slow 0.2..0.3, foe hurt 216..338
        nettle     | stats       | 3            | me attack_speed 1.03..1.13
        nettle     | on attack   | 1.5          | foe poisoned 2.85..3.15
        nettle     | skill1      | 5            | foe slowed 1.05..1.35, foe slow 0.15..0.25, foe hurt 54..84
        nettle     | skill2      | 5            | me moved 4.2..4.8, foe hurt 49..77
        nettle     | skill3      | 2.4          | me hidden 2.85..3.15, me attack 8..12, me move_speed 0.1..0.2
        nettle     | ultimate    | 2.4          | foe hurt 107..167
        nettle     | ultimate    | 2.4, foe low | foe hurt 250..668
        packlord   | stats       | 3            | me attack_speed 1.02..1.12
        packlord   | on takedown | 1.5          | me summons 1
        packlord   | skill1      | 2.2          | foe hurt 58..91
        packlord   | skill2      | 5.7          | me moved 5.4..6, foe slowed 1.05..1.35, foe slow 0.25..0.35, foe hurt 39..60
        packlord   | skill3      | 2.4          | me summons 2, foe hurt 171..268
        packlord   | ultimate    | 2.4          | me attack_speed 0.15..0.25, me summons 2, friend attack_speed 0.16..0.26, foe slowed 1.38..1.68, foe slow 0.35..0.45, foe hurt 252..394
        quill      | stats       | 3            | me attack_speed 1.08..1.18
        quill      | on attack   | 1.5          | me move_speed 0.07..0.17
        quill      | skill1      | 5            | foe hurt 54..84
        quill      | skill2      | 2.4          | me attack_speed 0.27..0.37, me move_speed 0.05..0.11
        quill      | skill3      | 2.4          | foe pushed 2.7..3.3, foe hurt 33..52
        quill      | ultimate    | 5            | foe rooted 1.05..1.35, foe hurt 134..209
        reaver     | stats       | 3            | me life_steal 0.05..0.11
        reaver     | on kill     | 1.5          | me healed 6..10
        reaver     | skill1      | 2.4          | foe hurt 54..85
        reaver     | skill2      | 5            | me moved 4.7..5.3, foe slowed 1.38..1.68, foe slow 0.25..0.35, foe hurt 43..68
        reaver     | skill3      | 2.4          | me attack_speed 0.29..0.39, me move_speed 0.06..0.14
        reaver     | ultimate    | 2.5          | me healed 117..182, foe hurt 109..171
        reaver     | ultimate    | 2.5, foe low | foe hurt 256..684
        rime       | stats       | 3            | me power 15..21, me armor 20..26
        rime       | on attack   | 1.5          | foe slowed 1.05..1.35, foe slow 0.1..0.2
        rime       | skill1      | 5            | foe slowed 0.85..1.15, foe slow 0.1..0.2, foe hurt 50..79
        rime       | skill2      | 5            | foe rooted 0.85..1.15, foe hurt 53..82
        rime       | skill3      | 2.4          | me shield 71..111, foe slowed 1.38..1.68, foe slow 0.25..0.35
        rime       | ultimate    | 5            | foe slowed 0.58..0.88, foe slow 0.3..0.4, foe hurt 211..329
        shade      | stats       | 3            | me move_speed 0.99..1.09, me crit_chance 0.05..0.11
        shade      | on takedown | 1.5          | me move_speed 0.25..0.35
        shade      | skill1      | 5            | foe hurt 50..78
        shade      | skill2      | 5            | me attack 12..19, me moved 4.7..5.3
        shade      | skill3      | 2.2          | foe poisoned 2.78..3.08, foe slowed 1.85..2.15, foe slow 0.2..0.3, foe hurt 51..80
        shade      | ultimate    | 2.7          | foe silenced 0.85..1.15, foe hurt 129..202
        shade      | ultimate    | 2.7, foe low | foe hurt 303..808
        spark      | stats       | 3            | me power 15..21, me mana_regen 3.5..4.5
        spark      | on cast     | 2.4          | me move_speed 0.06..0.14
        spark      | skill1      | 5            | foe hurt 47..73
        spark      | skill2      | 5            | foe silenced 0.65..0.95, foe hurt 53..82
        spark      | skill3      | 2.4          | me moved 4.7..5.3, foe hurt 33..52
        spark      | ultimate    | 5            | foe silenced 0.18..0.48, foe hurt 188..293
        thicket    | on second   | 1.5          | me healed 14..22
        thicket    | skill1      | 5            | foe rooted 0.78..1.08, foe hurt 47..74
        thicket    | skill2      | 6.2          | friend shield 99..154, friend armor 8..12
        thicket    | skill3      | 2.4          | me summons 1, foe hurt 82..129
        thicket    | ultimate    | 2.4          | me summons 1, foe rooted 1.45..1.75, foe hurt 161..251
        warden     | stats       | 3            | me mana_regen 3.5..4.5
        warden     | on second   | 1.5          | me healed 6..11, friend healed 6..11
        warden     | skill1      | 7.2          | friend healed 81..127
        warden     | skill2      | 5            | foe stunned 0.98..1.28, foe hurt 40..62
        warden     | skill3      | 7.2          | friend shield 76..118, friend move_speed 0.1..0.2
        warden     | ultimate    | 2.4          | foe silenced 1.05..1.35, me healed 215..335, friend healed 215..335, foe hurt 68..104
        """;

    /// <summary>Items in the hands of a reaver, and spells cast by it.</summary>
    private const string ItemsAndSpells = """
        short_sword    | stats       | 1.5         | me attack 14..21
        quick_gloves   | stats       | 1.5         | me attack_speed 0.13..0.23
        oak_staff      | stats       | 1.5         | me power 20..31, me max_mana 48..75
        ruby           | stats       | 1.5         | me max_hp 176..275
        mail           | stats       | 1.5         | me armor 12..19, me magic_resist 10..16
        boots          | stats       | 1.5         | me move_speed 0.05..0.11
        strider_boots  | stats       | 1.5         | me attack_speed 0.29..0.39, me move_speed 0.06..0.14
        sage_boots     | stats       | 1.5         | me power 20..31, me move_speed 0.06..0.14, me haste 0.06..0.14
        iron_boots     | stats       | 1.5         | me move_speed 0.06..0.14, me armor 13..20, me magic_resist 13..20, me tenacity 0.1..0.2
        bloodthorn     | stats       | 1.5         | me attack 50..78, me life_steal 0.1..0.2
        bloodthorn     | on kill     | 1.5         | me healed 15..23
        stormbow       | stats       | 1.5         | me attack 20..31, me attack_speed 0.38..0.48, me crit_chance 0.15..0.25
        stormbow       | on attack   | 1.5         | bystander hurt 64..100
        deadeye        | stats       | 1.5         | me attack 52..81, me crit_chance 0.25..0.35
        deadeye        | on takedown | 1.5         | me attack_speed 0.25..0.35
        sunder_axe     | stats       | 1.5         | me attack 36..56, me max_hp 200..312, me armor_pen 0.1..0.2
        sunder_axe     | on attack   | 1.5         | foe armor -20..-13
        night_knife    | stats       | 1.5         | me attack 44..69, me haste 0.06..0.14, me armor_pen 0.15..0.25
        night_knife    | item        | 4           | me hidden 2.38..2.68, me move_speed 0.15..0.25
        mirror_guard   | stats       | 1.5         | me attack 28..44, me attack_speed 0.2..0.3, me magic_resist 28..44
        mirror_guard   | item        | 4, slowed   | me tenacity 0.25..0.35, me freed 1
        frost_scepter  | stats       | 1.5         | me power 60..94, me max_hp 200..312
        frost_scepter  | item        | 4           | foe silenced 0.85..1.15, foe slowed 1.85..2.15, foe slow 0.45..0.55
        void_tome      | stats       | 1.5         | me power 96..150, me magic_pen 0.25..0.35
        void_tome      | on takedown | 1.5         | me power 15..40
        mana_spring    | stats       | 1.5         | me power 44..69, me max_mana 200..312, me mana_regen 1.5..2.5, me haste 0.15..0.25
        mana_spring    | on kill     | 1.5         | me mana 10..15
        blink_prism    | stats       | 1.5         | me power 48..75, me magic_resist 12..19, me max_hp 120..188, me haste 0.03..0.07
        blink_prism    | item        | 4           | me moved 4.7..5.3
        thorn_mail     | stats       | 1.5         | me armor 48..75, me magic_resist 16..25, me max_hp 240..375
        thorn_mail     | on hurt     | 1.5         | foe hurt 71..111
        colossus_heart | stats       | 1.5         | me max_hp 680..1062, me hp_regen 5..8
        colossus_heart | on second   | 1.5         | me healed 30..46
        spirit_veil    | stats       | 1.5         | me magic_resist 44..69, me max_hp 336..525, me hp_regen 2..4
        spirit_veil    | on low_hp   | 1.5         | me shield 120..188
        bastion_horn   | stats       | 1.5         | me armor 20..31, me magic_resist 12..19, me max_hp 280..438, me haste 0.06..0.14
        bastion_horn   | item        | 4           | me shield 64..100, me move_speed 0.15..0.25, friend shield 64..100, friend move_speed 0.15..0.25
        mercy_chalice  | stats       | 1.5         | me power 32..50, me max_hp 200..312, me mana_regen 1.5..2.5, me haste 0.06..0.14
        mercy_chalice  | item        | 4, slowed   | friend healed 82..128, friend freed 1
        heal           | spell1      | 4           | me healed 72..113, me move_speed 0.15..0.25, friend healed 72..113, friend move_speed 0.15..0.25
        barrier        | spell1      | 4           | me shield 104..162
        flash          | spell1      | 4           | me moved 4.7..5.3
        ghost          | spell1      | 4           | me move_speed 0.2..0.3
        ignite         | spell1      | 4           | foe poisoned 3.78..4.08, foe hurt 64..100
        exhaust        | spell1      | 4           | foe slowed 2.38..2.68, foe slow 0.35..0.45, foe attack -19..-12, foe attack_speed -0.39..-0.29
        purge          | spell1      | 4, slowed   | me tenacity 0.35..0.45, me freed 1
        smite          | spell1      | 4, at creep | me healed 32..50, bystander hurt 200..312
        clarity        | spell1      | 4           | me mana 72..113, friend mana 72..113
        rampart        | spell1      | 4           | me armor 16..25, me magic_resist 16..25, friend armor 16..25, friend magic_resist 16..25
        """;

    private static readonly string[] Causes = ["attack", "cast", "kill", "takedown", "hurt", "second", "low_hp"];

    public static TheoryData<string, string, string, string> HeroRows() => Rows(Heroes);

    public static TheoryData<string, string, string, string> ItemRows() => Rows(ItemsAndSpells);

    [Theory]
    [MemberData(nameof(HeroRows))]
    public void A_hero_does_what_the_table_says(string hero, string deed, string setUp, string observed)
    {
        var scene = new ContentScene(hero, deed, setUp);
        Compare(observed, deed == "stats" ? scene.Stats() : scene.Play());
    }

    [Theory]
    [MemberData(nameof(ItemRows))]
    public void An_item_or_spell_does_what_the_table_says(string name, string deed, string setUp, string observed)
    {
        MobaContent content = MobaContent.Default;
        var scene = new ContentScene("reaver", deed, setUp);
        if (deed == "spell1")
        {
            scene.Know(Array.FindIndex(content.Spells, s => s.Name == name));
            Compare(observed, scene.Play());
            return;
        }
        int item = Array.FindIndex(content.Items, i => i.Name == name);
        if (deed != "stats")
        {
            scene.Own(item);
            Compare(observed, scene.Play());
            return;
        }
        var without = new Dictionary<string, float>(scene.Stats(), StringComparer.Ordinal);
        scene.Own(item);
        Compare(observed, scene.Stats().ToDictionary(s => s.Key, s => s.Value - without[s.Key], StringComparer.Ordinal));
    }

    [Fact]
    public void The_table_leaves_nothing_out()
    {
        MobaContent content = MobaContent.Default;
        var rows = HeroRows().Concat(ItemRows()).Select(r => $"{r[0]} {r[1]}").ToHashSet(StringComparer.Ordinal);
        var expected = new List<string>();
        foreach (HeroDefinition h in content.Heroes)
        {
            expected.AddRange([$"{h.Name} skill1", $"{h.Name} skill2", $"{h.Name} skill3", $"{h.Name} ultimate"]);
            if (h.Trigger is { } t)
                expected.Add($"{h.Name} on {Causes[(int)t.On]}");
            if (h.Passive.Any(v => v != 0f))
                expected.Add($"{h.Name} stats");
            Assert.True(h.Trigger is not null || h.Passive.Any(v => v != 0f), $"{h.Name} has no passive");
        }
        foreach (ItemDefinition i in content.Items)
        {
            expected.Add($"{i.Name} stats");
            if (i.Trigger is { } t)
                expected.Add($"{i.Name} on {Causes[(int)t.On]}");
            if (i.Active is not null)
                expected.Add($"{i.Name} item");
        }
        expected.AddRange(content.Spells.Select(s => $"{s.Name} spell1"));
        Assert.Empty(expected.Except(rows));
        Assert.Empty(rows.Except(expected));
    }

    private static void Compare(string observed, Dictionary<string, float> seen)
    {
        foreach (string part in observed.Split(", "))
        {
            string[] words = part.Split(' ');
            string[] range = words[2].Split("..");
            float least = float.Parse(range[0], CultureInfo.InvariantCulture);
            float most = float.Parse(range[^1], CultureInfo.InvariantCulture);
            float value = seen.GetValueOrDefault($"{words[0]} {words[1]}");
            Assert.True(value >= least - 0.001f && value <= most + 0.001f, $"{words[0]} {words[1]} is {value}, not {words[2]}");
        }
    }

    private static TheoryData<string, string, string, string> Rows(string table)
    {
        var rows = new TheoryData<string, string, string, string>();
        foreach (string line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] cells = [.. line.Split('|').Select(c => c.Trim())];
            rows.Add(cells[0], cells[1], cells[2], cells[3]);
        }
        return rows;
    }
}
