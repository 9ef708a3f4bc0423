using SelfPlayArena.Moba;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SelfPlayArena.Cli.Watching;

/// <summary>The map seen from above, two columns a line; north is up, team 0's base at the bottom left.</summary>
internal sealed unsafe class MobaMap
{
    private readonly GameMap _ground;
    private readonly UnitDefinition[] _monsters;
    private int _lines;
    private Cell[] _terrain = [];
    private Cell[] _picture = [];

    public MobaMap(MobaEnvironment environment)
    {
        _ground = environment.World.Map;
        _monsters = environment.World.Rules.Monsters;
    }

    /// <param name="lines">Height; the width is twice that.</param>
    public IRenderable Draw(ref WorldState s, MobaNames names, int lines)
    {
        if (lines != _lines)
            Survey(lines);
        _terrain.CopyTo(_picture, 0);
        for (int i = 0; i < UnitIndex.Wards; i++)
            Put(ref s, UnitIndex.FirstWard + i, 'i');
        for (int u = UnitIndex.FirstCreep; u < UnitIndex.FirstMonster; u++)
            Put(ref s, u, u < UnitIndex.FirstCreep + UnitIndex.CreepsPerTeam ? '•' : '◦');
        for (int i = 0; i < UnitIndex.Summons; i++)
            Put(ref s, UnitIndex.FirstSummon + i, '+');
        for (int u = UnitIndex.FirstMonster; u < UnitIndex.FirstSummon; u++)
            Put(ref s, u, u >= UnitIndex.FirstEpic ? 'Ω' : '¤');
        for (int i = 0; i < UnitIndex.Structures; i++)
        {
            bool ancient = i % UnitIndex.StructuresPerTeam == UnitIndex.AncientOfTeam;
            bool first = i < UnitIndex.StructuresPerTeam;
            Put(ref s, UnitIndex.FirstStructure + i, ancient ? first ? '◆' : '◇' : first ? '■' : '□');
        }
        for (int h = 0; h < UnitIndex.Heroes; h++)
            Put(ref s, h, names.Letter(h), bold: true);
        return new Picture([.. _picture], 2 * lines);
    }

    private void Put(ref WorldState s, int unit, char sign, bool bold = false)
    {
        if (s.Alive[unit] == 0)
            return;
        Color colour = s.Team[unit] switch
        {
            0 => Color.DeepSkyBlue1,
            1 => Color.IndianRed1,
            _ => unit >= UnitIndex.FirstEpic ? Color.Magenta1 : Color.DarkGoldenrod,
        };
        _picture[Place(s.X[unit], s.Y[unit])] = new Cell(sign, new Style(colour, decoration: bold ? Decoration.Bold : Decoration.None));
    }

    private int Place(float x, float y)
    {
        int column = GameMap.Axis(x) * 2 * _lines / GameMap.Size;
        int line = _lines - 1 - GameMap.Axis(y) * _lines / GameMap.Size;
        return line * 2 * _lines + column;
    }

    /// <summary>What most of the ground under each character is.</summary>
    private void Survey(int lines)
    {
        _lines = lines;
        int[] walls = new int[2 * lines * lines], brush = new int[2 * lines * lines], all = new int[2 * lines * lines];
        ReadOnlySpan<byte> ground = _ground.Ground;
        for (int y = 0; y < GameMap.Size; y++)
        {
            for (int x = 0; x < GameMap.Size; x++)
            {
                int p = Place(x - GameMap.Half + 0.5f, y - GameMap.Half + 0.5f);
                byte g = ground[y * GameMap.Size + x];
                all[p]++;
                walls[p] += g == GameMap.Wall ? 1 : 0;
                brush[p] += g is not 0 and not GameMap.Wall ? 1 : 0;
            }
        }
        Cell wall = new('░', new Style(Color.Grey23)), grass = new('"', new Style(Color.DarkGreen)), free = new(' ', Style.Plain);
        _terrain = [.. Enumerable.Range(0, all.Length).Select(p => 2 * walls[p] > all[p] ? wall : 2 * brush[p] >= all[p] && brush[p] > 0 ? grass : free)];
        _picture = new Cell[_terrain.Length];
    }

    private readonly record struct Cell(char Sign, Style Style);

    private sealed class Picture(Cell[] cells, int width) : Renderable
    {
        protected override Measurement Measure(RenderOptions options, int maxWidth) => new(Math.Min(width, maxWidth), Math.Min(width, maxWidth));

        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
        {
            int shown = Math.Min(width, maxWidth);
            for (int start = 0; start < cells.Length; start += width)
            {
                for (int i = 0; i < shown;)
                {
                    int run = i + 1;
                    while (run < shown && cells[start + run].Style.Equals(cells[start + i].Style))
                        run++;
                    yield return new Segment(new string([.. cells[(start + i)..(start + run)].Select(c => c.Sign)]), cells[start + i].Style);
                    i = run;
                }
                yield return Segment.LineBreak;
            }
        }
    }
}
