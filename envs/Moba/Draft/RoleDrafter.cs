using System.Numerics;
using SelfPlayArena.Core;

namespace SelfPlayArena.Moba;

/// <summary>
/// The scripted drafter: picks a hero of the role that its team has the fewest of, and bans one of the role that the other team still needs;
/// which one, chance decides.
/// </summary>
public static class RoleDrafter
{
    /// <summary>Drafts a whole match: chance decides who begins, then both teams choose by <see cref="Choose"/>.</summary>
    /// <param name="lineups">[10], see <see cref="DraftState.LineUps"/>.</param>
    public static void Draft(MobaContent content, DraftOrder order, ulong seed, Span<byte> lineups)
    {
        var rng = new Rng(Seeds.Derive(seed, "draft"));
        var state = new DraftState(order, content.Heroes.Length, rng.Next(UnitIndex.Teams));
        while (!state.IsOver)
            state = state.Apply(Choose(content, in state, ref rng));
        state.LineUps(lineups);
    }

    /// <summary>The hero to ban or pick next.</summary>
    public static int Choose(MobaContent content, in DraftState state, ref Rng rng)
    {
        int team = state.IsBan ? 1 - state.Team : state.Team;
        int fewest = int.MaxValue;
        uint best = 0;
        for (uint left = state.Legal; left != 0; left &= left - 1)
        {
            int hero = BitOperations.TrailingZeroCount(left);
            int alike = Alike(content, in state, team, content.Heroes[hero].Role);
            if (alike > fewest)
                continue;
            best = alike < fewest ? 1u << hero : best | 1u << hero;
            fewest = alike;
        }
        for (int skip = rng.Next(BitOperations.PopCount(best)); skip > 0; skip--)
            best &= best - 1;
        return BitOperations.TrailingZeroCount(best);
    }

    /// <summary>Heroes of a role that a team has picked.</summary>
    private static int Alike(MobaContent content, in DraftState state, int team, string role)
    {
        int alike = 0;
        for (int turn = 0; turn < state.Turn; turn++)
        {
            if (state.IsPickOf(team, turn) && string.Equals(content.Heroes[state.TakenAt(turn)].Role, role, StringComparison.Ordinal))
                alike++;
        }
        return alike;
    }
}
