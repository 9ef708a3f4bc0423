using SelfPlayArena.Core;

namespace SelfPlayArena.Moba;

/// <summary>The scripted players by their place in the spec. New ones are appended to both lists; improved ones get a new version.</summary>
internal static unsafe class ScriptedPlayers
{
    public const string Medium = "medium@1";
    public const string Hard = "hard@1";
    public const string Micro = "micro@1";

    public static IReadOnlyList<string> Names { get; } = [MobaSpec.Easy, Medium, Hard, Micro];

    /// <summary>Writes a player's action; the caller has filled in what it leaves alone.</summary>
    /// <param name="player">Index into <see cref="Names"/>.</param>
    /// <param name="view">What the hero's team knows now.</param>
    public static void Act(int player, MobaWorld world, WorldState* s, TeamView* view, int hero, TargetSlots* slots, Span<short> action, ref Rng rng)
    {
        if ((s->ManualSkills[hero] | s->ManualShop[hero]) != 0 && Shopping.Act(world, s, hero, action))
            return;
        switch (player)
        {
            case 0:
                EasyPlayer.Act(world, s, hero, slots, action, ref rng);
                break;
            case 1:
                ThinkingPlayer.Act(world, s, view, hero, slots, Traits.Medium, action, ref rng);
                break;
            case 2:
                ThinkingPlayer.Act(world, s, view, hero, slots, Traits.Hard, action, ref rng);
                break;
            case 3:
                MicroPlayer.Act(world, s, view, hero, slots, action);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(player), player, $"scripted players are 0 to {Names.Count - 1}: {string.Join(", ", Names)}");
        }
    }
}
