using SelfPlayArena.Moba.Systems;

namespace SelfPlayArena.Moba;

/// <summary>Where monsters live: those of camps, four times each (see <see cref="MapLoader"/>), then the two epic ones.</summary>
internal sealed class Dens
{
    private const int PerHalf = 8;
    private static readonly string[] Epics = RulesLoader.MonsterNames[^2..];

    public float[] X { get; } = new float[UnitIndex.Monsters];
    public float[] Y { get; } = new float[UnitIndex.Monsters];

    /// <summary>-1 for places that are not used.</summary>
    public int[] Camp { get; } = [.. Enumerable.Repeat(-1, UnitIndex.Monsters)];
    public int[] Kind { get; } = new int[UnitIndex.Monsters];

    public static Dens Read(ContentNode n, Ways ways)
    {
        var dens = new Dens();
        IReadOnlyList<ContentNode> camps = n["camps"].Items(0, Objectives.FirstCamp / 4);
        int place = 0;
        for (int image = 0; image < 2; image++)
        {
            for (int c = 0; c < camps.Count; c++)
                place = dens.Add(n["camps"], camps[c].Only("at", "monsters"), ways, place, image, image * camps.Count + c, 2 * camps.Count);
        }
        ContentNode epics = n["epics"].Only(Epics);
        for (int e = 0; e < Epics.Length; e++)
        {
            if (!epics.Has(Epics[e]))
                continue;
            ContentNode den = epics[Epics[e]];
            (float X, float Y) at = ways.Checked(den);
            if (at.Y != -at.X)
                throw den.Error("is nearer to one team; allowed: places on the line y = -x");
            dens.Put(UnitIndex.FirstEpic - UnitIndex.FirstMonster + e, at, Objectives.FirstCamp + e, Array.IndexOf(RulesLoader.MonsterNames, Epics[e]));
        }
        return dens;
    }

    /// <summary>One camp and its reflection.</summary>
    private int Add(ContentNode camps, ContentNode n, Ways ways, int place, int image, int camp, int reflected)
    {
        (float x, float y) = MapLoader.Point(n["at"]);
        IReadOnlyList<ContentNode> kinds = n["monsters"].Items(1, 4);
        for (int k = 0; k < kinds.Count; k++, place++)
        {
            if (place == PerHalf)
                throw camps.Error($"hold more than {PerHalf / 2} monsters; each lives in four places, and there are {2 * PerHalf}");
            float off = kinds.Count == 1 ? 0f : k * 2f - (kinds.Count - 1);
            (float X, float Y) at = ways.Checked(n["at"], image == 0 ? (x + off, y + off) : (y + off, x + off));
            int kind = kinds[k].Choice(RulesLoader.MonsterNames.AsSpan(0, RulesLoader.MonsterNames.Length - Epics.Length));
            Put(place, at, camp, kind);
            Put(place + PerHalf, (-at.Y, -at.X), camp + reflected, kind);
        }
        return place;
    }

    private void Put(int place, (float X, float Y) at, int camp, int kind)
    {
        X[place] = at.X;
        Y[place] = at.Y;
        Camp[place] = camp;
        Kind[place] = kind;
    }
}
