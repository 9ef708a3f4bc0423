using SelfPlayArena.Core;

namespace SelfPlayArena.Server.Research;

/// <summary>Holds a client's actions against the masks that it was sent with the observations.</summary>
internal sealed class ActionCheck(EnvironmentSpec spec)
{
    private readonly int[] _sizes = [.. spec.Heads.Select(h => h.Size)];
    private readonly int[] _offsets = [.. Enumerable.Range(0, spec.Heads.Count).Select(h => spec.MaskOffset(h, 0))];
    private readonly int[][] _rows = [.. spec.Heads.Select(h => h.MaskRows.ToArray())];

    /// <summary>
    /// Copies an action for the environment: a head that the verb does not use is -1 whatever was sent, as is one that has no legal option. An
    /// illegal action becomes -1 throughout, for which environments take the first legal thing.
    /// </summary>
    /// <param name="action">[heads] as sent.</param>
    /// <param name="mask">[mask bytes] of the agent.</param>
    /// <param name="clean">[heads].</param>
    /// <returns>Whether it was legal.</returns>
    public bool Take(ReadOnlySpan<short> action, ReadOnlySpan<byte> mask, Span<short> clean)
    {
        int verb = action[0];
        if ((uint)verb >= (uint)_sizes[0] || mask[_offsets[0] + verb] == 0)
        {
            clean.Fill(-1);
            return false;
        }
        clean[0] = (short)verb;
        for (int h = 1; h < _sizes.Length; h++)
        {
            int row = _rows[h][verb];
            ReadOnlySpan<byte> legal = row < 0 ? default : mask.Slice(_offsets[h] + row * _sizes[h], _sizes[h]);
            if (!legal.ContainsAnyExcept((byte)0))
            {
                clean[h] = -1;
                continue;
            }
            int option = action[h];
            if ((uint)option >= (uint)legal.Length || legal[option] == 0)
            {
                clean.Fill(-1);
                return false;
            }
            clean[h] = (short)option;
        }
        return true;
    }
}
