using System.Runtime.CompilerServices;

namespace SelfPlayArena.Moba;

/// <summary>What a hero can cast, under one numbering: 0 to 3 skills (3 the ultimate), 4 and 5 summoner spells, 6 the active of an item.</summary>
public static unsafe class Abilities
{
    public const int Spell = WorldState.Skills;
    public const int Item = Spell + WorldState.Spells;
    public const int Count = Item + 1;

    /// <summary>In <c>Hit.Skill</c>: an effect of a trigger, not of an ability.</summary>
    public const int Trigger = Count;

    /// <summary>Definition of an ability of a hero, null for an item's active when no item has one that is ready, and for spells where the content has none.</summary>
    public static SkillDefinition? Of(MobaWorld world, in WorldState s, int hero, int ability)
    {
        if (ability < Spell)
            return world.Content.Heroes[s.Kind[hero]].Skills[ability];
        if (ability < Item)
        {
            SkillDefinition[] spells = world.Content.Spells;
            int spell = s.Spell[hero * WorldState.Spells + ability - Spell];
            return spell < spells.Length ? spells[spell] : null;
        }
        int slot = ActiveItem(world, in s, hero);
        return slot < 0 ? null : world.Content.Items[s.Items[hero * WorldState.ItemSlots + slot] - 1].Active;
    }

    /// <summary>Level (0 to 4) at which an ability's numbers are read; 0 is an unlearnt skill. Spells and items grow with the hero: one level each four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Level(in WorldState s, int hero, int ability)
        => ability < Spell ? s.SkillLevel[hero * WorldState.Skills + ability] : (s.Level[hero] + 3) / 4;

    /// <summary>First item slot whose item has an active that is ready, -1 for none.</summary>
    public static int ActiveItem(MobaWorld world, in WorldState s, int hero)
    {
        for (int slot = 0; slot < WorldState.ItemSlots; slot++)
        {
            int item = s.Items[hero * WorldState.ItemSlots + slot];
            if (item != 0 && s.ItemReady[hero * WorldState.ItemSlots + slot] <= s.Tick && world.Content.Items[item - 1].Active is not null)
                return slot;
        }
        return -1;
    }

    /// <summary>Ability that a verb casts, -1 for other verbs.</summary>
    public static int OfVerb(Verb verb) => verb switch
    {
        Verb.Skill1 or Verb.Skill2 or Verb.Skill3 or Verb.Ultimate => verb - Verb.Skill1,
        Verb.Spell1 or Verb.Spell2 => Spell + (verb - Verb.Spell1),
        Verb.Item => Item,
        _ => -1,
    };
}
