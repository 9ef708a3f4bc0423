namespace SelfPlayArena.Moba;

/// <summary>The skill plans of all heroes, spells and items of a content. Read-only and shared.</summary>
internal sealed class Playbook
{
    /// <summary>Roles from those who help best to those who hold a lane best alone: to the sides first, in the middle, at the bottom.</summary>
    private static readonly string[] Independent = ["support", "tank", "assassin", "fighter", "mage", "marksman"];

    private readonly SkillPlan[] _skills;
    private readonly SkillPlan[] _spells;
    private readonly SkillPlan[] _items;

    public Playbook(MobaContent content)
    {
        _skills = [.. content.Heroes.SelectMany(h => h.Skills).Select(d => SkillPlan.Of(d, content.Effects))];
        _spells = [.. content.Spells.Select(d => SkillPlan.Of(d, content.Effects))];
        Independence = [.. content.Heroes.Select(h => (byte)Array.IndexOf(Independent, h.Role))];
        _items = [.. content.Items.Select(i => i.Active is null ? default : SkillPlan.Of(i.Active, content.Effects))];
    }

    /// <summary>By hero definition: place of its role between helpers (low) and those who hold a lane alone.</summary>
    public byte[] Independence { get; }

    /// <summary>Plan of a hero's skill (0 to 3).</summary>
    public ref readonly SkillPlan Skill(int kind, int skill) => ref _skills[kind * WorldState.Skills + skill];

    /// <summary>Plan of what a hero can cast under the numbering of <see cref="Abilities"/>; an item's active must be there.</summary>
    public unsafe ref readonly SkillPlan Of(MobaWorld world, WorldState* s, int hero, int ability)
    {
        if (ability < Abilities.Spell)
            return ref _skills[s->Kind[hero] * WorldState.Skills + ability];
        if (ability < Abilities.Item)
            return ref _spells[s->Spell[hero * WorldState.Spells + ability - Abilities.Spell]];
        int slot = Abilities.ActiveItem(world, in *s, hero);
        return ref _items[s->Items[hero * WorldState.ItemSlots + slot] - 1];
    }
}
