using System.Runtime.CompilerServices;

namespace SelfPlayArena.Moba;

/// <summary>Where there is no wall anywhere near, made once per map: whoever stands there may walk in every direction. One look-up instead of 16.</summary>
internal sealed class OpenGround
{
    private readonly ulong[] _open = new ulong[GameMap.Size * GameMap.Size / 64];

    /// <param name="reach">Cells all around that are free.</param>
    public OpenGround(GameMap map, int reach)
    {
        ReadOnlySpan<byte> ground = map.Ground;
        for (int y = reach; y < GameMap.Size - reach; y++)
        {
            for (int x = reach; x < GameMap.Size - reach; x++)
            {
                bool open = true;
                for (int row = y - reach; open && row <= y + reach; row++)
                    open = !ground.Slice(row * GameMap.Size + x - reach, 2 * reach + 1).Contains(GameMap.Wall);
                if (open)
                    _open[(y * GameMap.Size + x) >> 6] |= 1ul << (x & 63);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool At(float x, float y)
    {
        int cell = GameMap.Cell(x, y);
        return (_open[cell >> 6] >> (cell & 63) & 1) != 0;
    }
}
