using System.Globalization;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Moba.Tests;

/// <summary>Every cause of triggers: how often one that gives 10 mana happens when something goes on.</summary>
public sealed unsafe class TriggerTableTests
{
    private const int Me = EffectScene.Me;
    private const int Friend = EffectScene.Friend;
    private const int Foe = EffectScene.Foe;

    private const string Table = """
        on       | every | cooldown | what goes on          | times
        attack   | 1     | 0        | 4 attacks of mine     | 4
        attack   | 2     | 0        | 4 attacks of mine     | 2
        attack   | 1     | 1.5      | 4 attacks of mine     | 2
        cast     | 1     | 0        | 3 casts of mine       | 3
        cast     | 3     | 0        | 3 casts of mine       | 1
        kill     | 1     | 0        | 2 creeps slain by me  | 2
        takedown | 1     | 0        | 2 creeps slain by me  | 0
        kill     | 1     | 0        | a foe slain by me     | 1
        takedown | 1     | 0        | a foe slain by me     | 1
        kill     | 1     | 0        | a foe slain together  | 0
        takedown | 1     | 0        | a foe slain together  | 1
        hurt     | 1     | 0        | 3 attacks of the foe  | 3
        hurt     | 1     | 0        | a poison of the foe's | 0
        kill     | 1     | 0        | a poison of mine      | 1
        attack   | 1     | 0        | an attack on a ward   | 0
        attack   | 1     | 0        | 3 attacks of the foe  | 0
        second   | 1     | 0        | 4 seconds             | 4
        second   | 3     | 0        | 4 seconds             | 1
        low_hp   | 1     | 0        | 3 attacks of the foe  | 1
        """;

    private static readonly Lazy<MobaContent> Loaded = new(() => TestContent.With([.. Rows().Select((r, i) => (
        $"row{i}",
        new[] { TestContent.Skill("target", """{"kind":"damage","type":"true","amount":[1]}""") },
        $$"""{ "on": "{{r[0]}}", "every": {{r[1]}}, "cooldown": {{r[2]}}, "effects": [{ "kind": "mana", "to": "self", "amount": [10] }] }"""))]));

    public static TheoryData<int> Numbers() => [.. Enumerable.Range(0, Rows().Count)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Triggers_happen_as_often_as_the_table_says(int row)
    {
        string[] r = Rows()[row];
        var scene = new EffectScene(Loaded.Value, $"row{row}", "", 1.5f);
        for (int h = 0; h < UnitIndex.Heroes; h++)
            scene.S.Mana[h] = 0f;
        GoOn(scene, r[3]);
        Assert.Equal(int.Parse(r[4], CultureInfo.InvariantCulture), (int)(scene.S.Mana[Me] / 10f + 0.5f));
    }

    [Fact]
    public void What_triggers_do_sets_off_no_triggers()
    {
        MobaContent content = TestContent.With(("thorns", [], """{ "on": "hurt", "effects": [{ "kind": "damage", "type": "true", "amount": [10] }] }"""));
        var scene = new EffectScene(content, "thorns", "thorns", 1.5f);
        scene.Give(Foe, new Order(Verb.Attack, Me));
        scene.Until(() => scene.S.Hp[Me] < 1000f);
        scene.Give(Foe, new Order(Verb.Stay));
        scene.Run(3);
        Assert.Equal(900f, scene.S.Hp[Me]);
        Assert.Equal(990f, scene.S.Hp[Foe]);
    }

    [Fact]
    public void An_items_trigger_happens_once_however_often_the_item_is_owned()
    {
        MobaContent content = MobaContent.Default;
        ItemDefinition item = content.Items.First(i => i.Trigger is { On: TriggerOn.Kill });
        var scene = new EffectScene(content, "bulwark", "ember", 9f);
        scene.S.Items[0] = scene.S.Items[3] = (byte)(item.Index + 1);
        scene.Put(scene.Creep, 1f);
        scene.S.Hp[scene.Creep] = 1f;
        scene.S.Hp[Me] = 300f;
        scene.S.TriggersOn[Me] = 1 << (int)TriggerOn.Kill;
        scene.S.HpRegen[Me] = scene.S.LifeSteal[Me] = 0f;
        scene.Give(Me, new Order(Verb.Attack, scene.Creep));
        scene.Until(() => scene.S.Alive[scene.Creep] == 0);
        Assert.Equal(300f + content.Effects[item.Trigger!.FirstEffect].Amount[0], scene.S.Hp[Me]);
    }

    private static void GoOn(EffectScene scene, string what)
    {
        int creep = scene.Creep;
        switch (what)
        {
            case "4 attacks of mine":
                scene.Give(Me, new Order(Verb.Attack, Foe));
                scene.Until(() => scene.S.Hp[Foe] <= 600f);
                break;
            case "3 casts of mine":
                for (int i = 0; i < 3; i++)
                {
                    scene.S.Mana[Me] += 50f;
                    scene.S.SkillReady[Me * WorldState.Skills] = 0;
                    scene.Give(Me, new Order(Verb.Skill1, Foe));
                    scene.Run(1);
                }
                break;
            case "2 creeps slain by me":
                for (int i = 0; i < 2; i++)
                {
                    scene.S.Alive[creep] = 1;
                    scene.S.Hp[creep] = 50f;
                    scene.Put(creep, 1.5f);
                    scene.Give(Me, new Order(Verb.Attack, creep));
                    scene.Until(() => scene.S.Alive[creep] == 0);
                }
                break;
            case "a foe slain by me":
                scene.S.Hp[Foe] = 50f;
                scene.Give(Me, new Order(Verb.Attack, Foe));
                scene.Until(() => scene.S.Alive[Foe] == 0);
                break;
            case "a foe slain together":
                scene.Put(Friend, 1f);
                scene.Give(Me, new Order(Verb.Attack, Foe));
                scene.Until(() => scene.S.Hp[Foe] < 1000f);
                scene.Give(Me, new Order(Verb.Stay));
                scene.S.Hp[Foe] = 50f;
                scene.Give(Friend, new Order(Verb.Attack, Foe));
                scene.Until(() => scene.S.Alive[Foe] == 0);
                break;
            case "a poison of the foe's":
                Poison(scene, Foe, Me);
                scene.Until(() => scene.S.Hp[Me] < 1000f);
                break;
            case "a poison of mine":
                scene.S.Hp[Foe] = 10f;
                Poison(scene, Me, Foe);
                scene.Until(() => scene.S.Alive[Foe] == 0);
                break;
            case "an attack on a ward":
                int ward = UnitIndex.Ward(1, 0);
                scene.S.Alive[ward] = 1;
                scene.S.Hp[ward] = scene.S.MaxHp[ward] = 3f;
                scene.S.ExpireTick[ward - UnitIndex.FirstSummon] = 900;
                scene.Put(ward, 1f);
                scene.Give(Me, new Order(Verb.Attack, ward));
                scene.Until(() => scene.S.Hp[ward] < 3f);
                break;
            case "3 attacks of the foe":
                scene.S.Hp[Me] = 450f;
                scene.Give(Foe, new Order(Verb.Attack, Me));
                scene.Until(() => scene.S.Hp[Me] <= 150f);
                break;
            case "4 seconds":
                scene.Run(4 * RulesDefinition.TicksPerSecond);
                break;
            default:
                throw new ArgumentException($"what is '{what}'?", nameof(what));
        }
    }

    private static void Poison(EffectScene scene, int from, int to)
    {
        scene.S.DotAmount[to] = 6f;
        scene.S.DotOwner[to] = (byte)from;
        scene.S.DotUntil[to] = 30;
    }

    private static List<string[]> Rows()
        => [.. Table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split('|', StringSplitOptions.TrimEntries))];
}
