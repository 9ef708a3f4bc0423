using SelfPlayArena.Core;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Server.Matches.Wire;

/// <summary>
/// Under which numbers units go over the wire. Heroes, structures and monsters keep theirs, which everybody knows. Creeps, summoned units and wards
/// take the first free place of their team, so that a place seen would tell how many others there are unseen: they are numbered anew by a
/// secret of the match.
/// </summary>
internal sealed class UnitNumbers
{
    private readonly byte[] _number = new byte[UnitIndex.Count], _unit = new byte[UnitIndex.Count];

    /// <param name="secret">0 keeps all places: in replays there is nothing to hide.</param>
    public UnitNumbers(ulong secret)
    {
        for (int u = 0; u < UnitIndex.Count; u++)
            _number[u] = _unit[u] = (byte)u;
        if (secret == 0)
            return;
        var rng = new Rng(secret);
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            Shuffle(UnitIndex.Creep(team, 0, 0), UnitIndex.CreepsPerTeam, ref rng);
            Shuffle(UnitIndex.Summon(team, 0), UnitIndex.SummonsPerTeam, ref rng);
            Shuffle(UnitIndex.Ward(team, 0), UnitIndex.WardsPerTeam, ref rng);
        }
    }

    public int Of(int unit) => unit < 0 ? -1 : _number[unit];

    /// <summary>The unit that a number means, -1 for none.</summary>
    public int Unit(int number) => (uint)number < UnitIndex.Count ? _unit[number] : -1;

    private void Shuffle(int first, int count, ref Rng rng)
    {
        for (int i = count - 1; i > 0; i--)
        {
            int j = rng.Next(i + 1);
            (_number[first + i], _number[first + j]) = (_number[first + j], _number[first + i]);
        }
        for (int i = 0; i < count; i++)
            _unit[_number[first + i]] = (byte)(first + i);
    }
}
