using SelfPlayArena.Core;

namespace SelfPlayArena.Learning.Cloning;

/// <summary>Turns an action that somebody chose into what a policy would have had to choose, head by head.</summary>
internal sealed class ShownAction
{
    private readonly EnvironmentSpec _spec;
    private readonly (int Block, int Slots)[][] _pointed;
    private readonly long[] _forbidden;

    public ShownAction(EnvironmentSpec spec)
    {
        _spec = spec;
        _forbidden = new long[spec.Heads.Count];
        _pointed = [.. spec.Heads.Select(h => h.PointerBlocks is null
            ? Array.Empty<(int, int)>()
            : [.. h.PointerBlocks.Select(name => spec.Observation.Single(b => b.Name == name)).Select(b => (b.Offset, b.Slots))])];
    }

    /// <summary>
    /// By head: choices that no policy could have made, because the mask forbids them. They teach nothing. Where only one option is legal there is
    /// no choice, whatever the player did.
    /// </summary>
    public IReadOnlyList<long> Forbidden => _forbidden;

    /// <summary>
    /// Writes the options that were legal for each head that the verb uses, and the choices among them. Heads without a legal option, and
    /// choices that were not legal, become unused; without a legal verb all heads do, as nothing tells which of their masks applied.
    /// </summary>
    /// <param name="action">[heads] as the environment was given it.</param>
    /// <param name="observation">Observation of the agent: options that point at absent slots are not legal.</param>
    /// <param name="mask">[mask bytes] of the agent.</param>
    /// <param name="applied">[options of all heads].</param>
    /// <param name="choices">[heads].</param>
    public void Write(ReadOnlySpan<short> action, ReadOnlySpan<byte> observation, ReadOnlySpan<byte> mask, Span<byte> applied, Span<short> choices)
    {
        applied.Clear();
        choices.Fill(-1);
        int maskAt = 0, appliedAt = 0;
        for (int h = 0; h < _spec.Heads.Count; h++)
        {
            ActionHeadSpec head = _spec.Heads[h];
            int size = head.Size;
            int row = h == 0 ? 0 : choices[0] < 0 ? -1 : head.MaskRows[choices[0]];
            if (row >= 0)
            {
                Span<byte> legal = applied.Slice(appliedAt, size);
                int options = Legal(h, observation, mask.Slice(maskAt + row * size, size), legal);
                if (options > 0 && action[h] >= 0)
                {
                    if (action[h] < size && legal[action[h]] != 0)
                        choices[h] = action[h];
                    else if (options > 1)
                        _forbidden[h]++;
                }
                if (choices[h] < 0)
                    legal.Clear();
            }
            maskAt += head.MaskRowCount * size;
            appliedAt += size;
        }
    }

    private int Legal(int head, ReadOnlySpan<byte> observation, ReadOnlySpan<byte> mask, Span<byte> legal)
    {
        for (int o = 0; o < mask.Length; o++)
            legal[o] = (byte)(mask[o] != 0 ? 1 : 0);
        int first = 0;
        foreach ((int block, int slots) in _pointed[head])
        {
            for (int s = 0; s < slots; s++)
                legal[first + s] &= (byte)(observation[block + s] != 0 ? 1 : 0);
            first += slots;
        }
        int count = 0;
        foreach (byte may in legal)
            count += may;
        return count;
    }
}
