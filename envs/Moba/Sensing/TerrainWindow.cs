namespace SelfPlayArena.Moba;

/// <summary>
/// The walkability around every cell as a team sees it, made once per map: bit j * 7 + i tells whether one can stand (i - 3) * 2 cells to the
/// right and (j - 3) * 2 cells up in the team's frame. One look-up a hero instead of 49.
/// </summary>
internal sealed class TerrainWindow
{
    public const int Side = 7;
    private const int Stride = 2;

    private readonly ulong[] _bits = new ulong[2 * GameMap.Size * GameMap.Size];

    public TerrainWindow(GameMap map)
    {
        ReadOnlySpan<byte> ground = map.Ground;
        for (int y = 0; y < GameMap.Size; y++)
        {
            for (int x = 0; x < GameMap.Size; x++)
            {
                for (int j = 0; j < Side; j++)
                {
                    for (int i = 0; i < Side; i++)
                    {
                        int right = (i - Side / 2) * Stride;
                        int up = (j - Side / 2) * Stride;
                        ulong bit = 1ul << (j * Side + i);
                        int cell = y * GameMap.Size + x;
                        if (Free(ground, x + right, y + up))
                            _bits[cell] |= bit;
                        if (Free(ground, x - up, y - right))
                            _bits[GameMap.Size * GameMap.Size + cell] |= bit;
                    }
                }
            }
        }
    }

    public ulong At(int team, float x, float y) => _bits[team * GameMap.Size * GameMap.Size + GameMap.Cell(x, y)];

    private static bool Free(ReadOnlySpan<byte> ground, int x, int y)
        => (uint)x < GameMap.Size && (uint)y < GameMap.Size && ground[y * GameMap.Size + x] != GameMap.Wall;
}
