using System.Numerics;
using SelfPlayArena.Core;
using SelfPlayArena.Moba;
using SelfPlayArena.Server.Matches.Saving;

namespace SelfPlayArena.Server.Matches.Bots;

/// <summary>
/// Between a bot's decision and its order: the reaction delay, the cap on changed orders, and decisions that go astray. Macro commands are neither
/// delayed nor counted.
/// </summary>
internal sealed unsafe class BotHands(Difficulty difficulty)
{
    private const int Heads = OrderActions.Heads;
    private const int Direction = 1, Distance = 2, Macro = 5;
    private readonly short[] _waiting = Filled(difficulty.DelayTicks + 1);
    private readonly short[] _last = Filled(1);
    private int _at;

    /// <summary>Bit i: an order changed i ticks ago.</summary>
    private uint _changes;

    /// <summary>Lets a decision go astray, if chance has it so.</summary>
    /// <returns>Whether anything is left of it.</returns>
    public bool Err(Span<short> heads, ref Rng rng)
    {
        if (difficulty.Noise <= 0f || rng.NextSingle() >= difficulty.Noise)
            return true;
        if (heads[Direction] < 0 || rng.Next(3) == 0)
            return false;
        heads[Direction] = (short)((heads[Direction] + (rng.Next(2) == 0 ? 1 : -1) * (1 + rng.Next(2)) + Directions.Count) % Directions.Count);
        return true;
    }

    /// <summary>One tick: takes what was decided now, if anything, and gives what is done now.</summary>
    /// <param name="decided">[<see cref="OrderActions.Heads"/>], verb <see cref="OrderActions.None"/> for nothing.</param>
    /// <param name="action">Filled with <see cref="OrderActions.None"/> where nothing is done.</param>
    public void Pass(ReadOnlySpan<short> decided, Span<short> action)
    {
        int places = difficulty.DelayTicks + 1;
        decided.CopyTo(_waiting.AsSpan(_at * Heads, Heads));
        _at = (_at + 1) % places;
        ReadOnlySpan<short> due = _waiting.AsSpan(_at * Heads, Heads);
        _changes <<= 1;
        action.Fill(OrderActions.None);
        action[Macro] = decided[Macro];
        if (due[0] < 0)
            return;
        bool changed = !due[..Macro].SequenceEqual(_last.AsSpan(0, Macro));
        if (changed && difficulty.ActionsPerSecond > 0)
        {
            const uint second = (1u << RulesDefinition.TicksPerSecond) - 1;
            if (BitOperations.PopCount(_changes & second) >= difficulty.ActionsPerSecond)
                return;
            _changes |= 1;
        }
        due[..Macro].CopyTo(action);
        due.CopyTo(_last);
    }

    public SavedHands Save() => new([.. _waiting], _at, [.. _last], _changes);

    /// <exception cref="InvalidDataException">What was saved is not of these hands.</exception>
    public void Load(SavedHands saved)
    {
        if (saved.Waiting.Count != _waiting.Length || saved.Last.Count != _last.Length || (uint)saved.At > (uint)difficulty.DelayTicks)
            throw new InvalidDataException($"a bot's hands are saved with {saved.Waiting.Count} waiting numbers at {saved.At}; those of difficulty {difficulty.Name} have {_waiting.Length}");
        for (int i = 0; i < _waiting.Length; i++)
            _waiting[i] = saved.Waiting[i];
        for (int i = 0; i < _last.Length; i++)
            _last[i] = saved.Last[i];
        (_at, _changes) = (saved.At, saved.Changes);
    }

    private static short[] Filled(int actions)
    {
        short[] filled = new short[actions * Heads];
        filled.AsSpan().Fill(OrderActions.None);
        return filled;
    }
}
