using SelfPlayArena.Core;

namespace SelfPlayArena.Moba;

/// <summary>The scripted players by their place in the spec. New ones are appended to both lists; improved ones get a new version.</summary>
internal static unsafe class ScriptedPlayers
{
    public static IReadOnlyList<string> Names { get; } = [MobaSpec.Easy];

    /// <summary>Writes a player's action; the caller has filled in what it leaves alone.</summary>
    /// <param name="player">Index into <see cref="Names"/>.</param>
    public static void Act(int player, MobaWorld world, WorldState* s, int hero, TargetSlots* slots, Span<short> action, ref Rng rng)
    {
        switch (player)
        {
            case 0:
                EasyPlayer.Act(world, s, hero, slots, action, ref rng);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(player), player, $"scripted players are 0 to {Names.Count - 1}: {string.Join(", ", Names)}");
        }
    }
}
