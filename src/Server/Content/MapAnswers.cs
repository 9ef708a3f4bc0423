using System.Text.Json;
using SelfPlayArena.Moba;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Content;

internal sealed record PlaceAnswer(double X, double Y);

/// <param name="Unit">Its unit index.</param>
/// <param name="Kind">outer, inner, base or ancient.</param>
internal sealed record StructureAnswer(int Unit, int Team, string Kind, double X, double Y);

/// <param name="Kind">Its first monster's name.</param>
internal sealed record CampAnswer(double X, double Y, string Kind, bool Epic);

/// <param name="Radius">Cells within which it heals and sells.</param>
internal sealed record FountainAnswer(int Team, double X, double Y, double Radius);

/// <param name="Width">Cells; the world's frame has its origin in the middle, so that cell (0, 0) begins at (-width / 2, -height / 2).</param>
/// <param name="Cells">Base64, a byte a cell by rows from below: 0 open, 1 wall, 2 brush.</param>
/// <param name="Lanes">From team 0's side to team 1's.</param>
internal sealed record MapAnswer(
    int Width, int Height, string Cells, IReadOnlyList<IReadOnlyList<PlaceAnswer>> Lanes, IReadOnlyList<StructureAnswer> Structures, IReadOnlyList<CampAnswer> Camps,
    IReadOnlyList<FountainAnswer> Fountains);

/// <summary>The ground of each mode.</summary>
internal static class MapAnswers
{
    private static readonly string[] Tiers = ["outer", "inner", "base"];
    private static readonly string[] LaneNames = ["top", "middle", "bottom"];
    private static readonly Lazy<Dictionary<string, MapAnswer>> Made = new(() => MobaContent.Default.Modes.ToDictionary(m => m.Name, Make));

    /// <exception cref="Refusal">There is no such mode.</exception>
    public static MapAnswer Of(string mode) => Made.Value.TryGetValue(mode, out MapAnswer? map)
        ? map
        : throw Refusal.NotFound($"There is no mode '{(mode.Length > 20 ? mode[..20] : mode)}'; there are: {string.Join(", ", Made.Value.Keys.Order(StringComparer.Ordinal))}.");

    private static MapAnswer Make(ModeDefinition mode)
    {
        GameMap map = mode.Map;
        byte[] cells = [.. map.Ground.ToArray().Select(g => g == 0 ? (byte)0 : g == GameMap.Wall ? (byte)1 : (byte)2)];
        var structures = new List<StructureAnswer>();
        for (int s = 0; s < UnitIndex.Structures; s++)
        {
            int place = s % UnitIndex.StructuresPerTeam;
            if (place == UnitIndex.AncientOfTeam || mode.Lanes[place / Tiers.Length])
                structures.Add(new StructureAnswer(UnitIndex.FirstStructure + s, s / UnitIndex.StructuresPerTeam, place == UnitIndex.AncientOfTeam ? "ancient" : Tiers[place % Tiers.Length], map.StructureX[s], map.StructureY[s]));
        }
        return new MapAnswer(
            GameMap.Size, GameMap.Size, Convert.ToBase64String(cells), Lanes(mode), structures, mode.Jungle ? Camps(map) : [],
            [.. Enumerable.Range(0, UnitIndex.Teams).Select(t => new FountainAnswer(t, map.FountainX[t], map.FountainY[t], map.FountainRadius))]);
    }

    /// <summary>A lane's way is its file's, for those that the mode plays.</summary>
    private static List<IReadOnlyList<PlaceAnswer>> Lanes(ModeDefinition mode)
    {
        foreach (byte[] file in MobaContent.EmbeddedFiles().Where(f => f.Key.StartsWith("maps/", StringComparison.Ordinal)).Select(f => f.Value))
        {
            using JsonDocument map = JsonDocument.Parse(file);
            if (!map.RootElement.GetProperty("modes").EnumerateArray().Any(m => m.GetProperty("name").GetString() == mode.Name))
                continue;
            JsonElement lanes = map.RootElement.GetProperty("lanes");
            return [.. LaneNames.Where((_, l) => mode.Lanes[l]).Select(l => (IReadOnlyList<PlaceAnswer>)[.. lanes.GetProperty(l).GetProperty("way").EnumerateArray().Select(p => new PlaceAnswer(p[0].GetDouble(), p[1].GetDouble()))])];
        }
        return [];
    }

    private static List<CampAnswer> Camps(GameMap map)
    {
        string[] kinds = [.. MobaContent.Default.Rules(MobaOptions.RuleSets[0]).Monsters.Select(m => m.Name)];
        return
        [
            .. Enumerable.Range(0, map.MonsterCount).Where(m => map.MonsterCamp[m] >= 0).GroupBy(m => map.MonsterCamp[m]).OrderBy(c => c.Key).Select(camp =>
                new CampAnswer(camp.Average(m => map.MonsterX[m]), camp.Average(m => map.MonsterY[m]), kinds[map.MonsterKind[camp.First()]], camp.First() >= UnitIndex.FirstEpic - UnitIndex.FirstMonster)),
        ];
    }
}
