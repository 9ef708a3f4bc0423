using SelfPlayArena.Moba;

namespace SelfPlayArena.Moba.Tests;

/// <summary>Every effect primitive, one row each or more: what is cast at a foe four cells away, what was given, and what holds some ticks later.</summary>
public sealed class EffectTableTests
{
    private const string Table = """
        name                        | aim       | effects                                                                                     | given                          | ticks | then
        damage physical             | target    | "kind":"damage","type":"physical","amount":[100]                                            | foe.armor 100                  | 1     | foe.hp by -50; me.dealt is 50; creep.hp by 0; me.mana by -50
        damage magic                | target    | "kind":"damage","type":"magic","amount":[100]                                               | foe.armor 900; foe.magic_resist 25 | 1 | foe.hp by -80
        damage true                 | target    | "kind":"damage","type":"true","amount":[100]                                                | foe.armor 100; foe.magic_resist 100 | 1 | foe.hp by -100
        damage with ratios          | target    | "kind":"damage","type":"true","amount":[10],"attack":0.5,"power":0.2,"hp":0.1               |                                | 1     | foe.hp by -180
        damage around               | none      | "kind":"damage","type":"true","amount":[100],"radius":5                                     |                                | 1     | foe.hp by -100; creep.hp by -100; friend.hp by 0
        armour penetration          | target    | "kind":"damage","type":"physical","amount":[100]                                            | foe.armor 125; me.armor_pen 0.2 | 1    | foe.hp by -50
        magic penetration           | target    | "kind":"damage","type":"magic","amount":[100]                                               | foe.magic_resist 125; me.magic_pen 0.2 | 1 | foe.hp by -50
        execute                     | target    | "kind":"execute","type":"true","amount":[50],"missing_hp":0.2                               | foe.hp 500                     | 1     | foe.hp by -150
        heal                        | none      | "kind":"heal","to":"allies","radius":3,"amount":[200]                                       | friend.hp 500; me.hp 900       | 1     | friend.hp is 700; me.hp is 1000
        shield                      | none      | "kind":"shield","to":"self","amount":[150],"duration":2                                     |                                | 1     | me.shield is 150
        shield ends                 | none      | "kind":"shield","to":"self","amount":[150],"duration":2                                     |                                | 32    | me.shield is 0
        stun                        | target    | "kind":"stun","duration":1                                                                  |                                | 1     | foe.stun is 15
        stun and tenacity           | target    | "kind":"stun","duration":1                                                                  | foe.tenacity 0.4               | 1     | foe.stun is 9
        root and tenacity           | target    | "kind":"root","duration":2                                                                  | foe.tenacity 0.5               | 1     | foe.root is 15
        slow and tenacity           | target    | "kind":"slow","amount":[0.3],"duration":2                                                   | foe.tenacity 0.5               | 1     | foe.slow is 0.3; foe.slowed is 15
        silence and tenacity        | target    | "kind":"silence","duration":2                                                               | foe.tenacity 0.5               | 1     | foe.silence is 15
        knock-back                  | target    | "kind":"knockback","distance":2,"speed":15                                                  | foe.tenacity 0.5               | 5     | foe.place is 6
        pull                        | target    | "kind":"knockback","distance":-2,"speed":15                                                 |                                | 5     | foe.place is 2
        pull ends before the caster | target    | "kind":"knockback","distance":-9,"speed":15                                                 |                                | 9     | foe.place is 0.8
        dash                        | direction | "kind":"dash","distance":3,"speed":15                                                       |                                | 6     | me.place is 3
        dash that hits on arrival   | direction | "kind":"dash","distance":3,"speed":15,"effects":[{"kind":"damage","type":"true","amount":[70],"radius":1.5}] | | 6    | me.place is 3; foe.hp by -70
        blink                       | direction | "kind":"blink","distance":3                                                                 |                                | 1     | me.place is 3
        projectile                  | direction | "kind":"projectile","distance":8,"width":0.5,"speed":15,"effects":[{"kind":"damage","type":"true","amount":[60]}] | | 8 | foe.hp by -60; creep.hp by 0
        projectile that pierces     | direction | "kind":"projectile","distance":8,"width":0.5,"speed":15,"pierces":true,"effects":[{"kind":"damage","type":"true","amount":[60]}] | | 8 | foe.hp by -60; creep.hp by -60
        projectile that homes       | target    | "kind":"projectile","speed":15,"effects":[{"kind":"stun","duration":1}]                     |                                | 4     | foe.stun is 15
        zone                        | point     | "kind":"zone","radius":2,"delay":1,"interval":0.5,"duration":1,"effects":[{"kind":"damage","type":"true","amount":[40]}] | | 15 | foe.hp by 0
        zone pulses                 | point     | "kind":"zone","radius":2,"delay":1,"interval":0.5,"duration":1,"effects":[{"kind":"damage","type":"true","amount":[40]}] | | 60 | foe.hp by -80; creep.hp by -80
        damage over time            | target    | "kind":"dot","type":"true","amount":[90],"duration":3                                       |                                | 60    | foe.hp by -90; me.dealt is 90
        damage over time, at first  | target    | "kind":"dot","type":"true","amount":[90],"duration":3                                       |                                | 11    | foe.hp by -22; foe.dot is 34
        buff                        | none      | "kind":"buff","to":"self","stat":"attack","amount":[30],"duration":1                        |                                | 1     | me.attack is 130
        buff ends                   | none      | "kind":"buff","to":"self","stat":"attack","amount":[30],"duration":1                        |                                | 18    | me.attack is 100
        buff against a foe          | target    | "kind":"buff","to":"enemies","stat":"armor","amount":[30],"duration":1                      |                                | 1     | foe.armor is 30
        summon                      | none      | "kind":"summon","unit":"turret","count":2,"duration":3                                      |                                | 1     | me.summons is 2; foe.summons is 0
        summon ends                 | none      | "kind":"summon","unit":"turret","count":2,"duration":3                                      |                                | 50    | me.summons is 0
        stealth                     | none      | "kind":"stealth","to":"self","duration":2                                                   |                                | 5     | me.stealth is 26; me.seen is 0; friend.seen is 1
        stealth ends                | none      | "kind":"stealth","to":"self","duration":2                                                   |                                | 34    | me.stealth is 0; me.seen is 1
        cleanse                     | none      | "kind":"cleanse","to":"self"                                                                | me.root 40; me.slow 0.4; friend.root 40 | 1 | me.root is 0; me.slow is 0; friend.root is 39
        mana                        | none      | "kind":"mana","to":"allies","radius":3,"amount":[80]                                        | friend.mana 100; me.mana 490   | 1     | friend.mana is 180; me.mana is 500
        mana taken                  | target    | "kind":"mana","to":"enemies","amount":[-600]                                                |                                | 1     | foe.mana is 0
        haste                       | target    | "kind":"stun","duration":1                                                                  | me.haste 0.25                  | 1     | me.cooldown is 119
        """;

    private static readonly Lazy<(MobaContent Content, List<string[]> Rows)> Loaded = new(Load);

    public static TheoryData<string> Names() => [.. Rows().Select(r => r[0])];

    [Theory]
    [MemberData(nameof(Names))]
    public void Effects_do_what_the_table_says(string name)
    {
        (MobaContent content, List<string[]> rows) = Loaded.Value;
        int i = rows.FindIndex(r => r[0] == name);
        var scene = new EffectScene(content, $"row{i / WorldState.Skills}");
        scene.Given(rows[i][3]);
        scene.Remember(rows[i][5]);
        scene.Give(EffectScene.Me, scene.AtFoe(i % WorldState.Skills));
        scene.Run(int.Parse(rows[i][4], System.Globalization.CultureInfo.InvariantCulture));
        scene.Then(rows[i][5]);
    }

    [Fact]
    public void The_table_has_every_kind_of_effect()
    {
        var used = Loaded.Value.Content.Heroes.SelectMany(h => h.Skills).SelectMany(s => Loaded.Value.Content.Effects[s.FirstEffect..(s.FirstEffect + s.Effects)]).Select(e => e.Kind).ToHashSet();
        Assert.Equal(Enum.GetValues<EffectKind>(), used.Order());
    }

    private static List<string[]> Rows()
        => [.. Table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split('|', StringSplitOptions.TrimEntries))];

    private static (MobaContent Content, List<string[]> Rows) Load()
    {
        List<string[]> rows = Rows();
        Assert.All(rows, r => Assert.Equal(6, r.Length));
        string[] skills = [.. rows.Select(r => TestContent.Skill(r[1], $"{{{r[2]}}}"))];
        return (TestContent.With([.. skills.Chunk(WorldState.Skills).Select((four, i) => ($"row{i}", four, ""))]), rows);
    }
}
