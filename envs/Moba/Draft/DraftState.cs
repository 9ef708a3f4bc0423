using System.Runtime.CompilerServices;

namespace SelfPlayArena.Moba;

/// <summary>
/// Where a draft stands: a small value; <see cref="Apply"/> gives the next one and leaves this one as it is, so that searches may branch.
/// A hero is banned or picked at most once in the whole draft.
/// </summary>
public readonly struct DraftState
{
    /// <summary>Heroes there may be at most: bits of <see cref="Legal"/>.</summary>
    public const int MaxHeroes = 32;

    private readonly DraftOrder _order;
    private readonly uint _all;
    private readonly uint _left;
    private readonly Taken _taken;

    /// <param name="order">Whose turn comes when.</param>
    /// <param name="heroes">Heroes there are, numbered from 0.</param>
    /// <param name="first">Team that begins.</param>
    /// <exception cref="ArgumentException">Too few or too many heroes for the order, or no such team.</exception>
    public DraftState(DraftOrder order, int heroes, int first)
    {
        if (heroes > MaxHeroes)
            throw new ArgumentException($"there are {heroes} heroes; allowed: {MaxHeroes}", nameof(heroes));
        if (first is not (0 or 1))
            throw new ArgumentException($"team {first} begins; allowed: 0 or 1", nameof(first));
        _order = order.Checked(heroes);
        _all = _left = heroes == MaxHeroes ? uint.MaxValue : (1u << heroes) - 1;
        First = first;
    }

    private DraftState(in DraftState before, int hero)
    {
        this = before;
        _left = before._left & ~(1u << hero);
        _taken[Turn] = (byte)hero;
        Turn = before.Turn + 1;
    }

    /// <summary>Team that began.</summary>
    public int First { get; }

    /// <summary>Turns taken.</summary>
    public int Turn { get; }

    public bool IsOver => Turn == _order.Turns;

    /// <summary>Whether the turn is a ban.</summary>
    public bool IsBan => _order.IsBan(Turn);

    /// <summary>Team whose turn it is, -1 when the draft is over.</summary>
    public int Team => IsOver ? -1 : First ^ _order.SideOf(Turn);

    /// <summary>Bit h: hero h may be taken (0 when the draft is over).</summary>
    public uint Legal => IsOver ? 0u : _left;

    public bool IsLegal(int hero) => (uint)hero < MaxHeroes && (Legal >> hero & 1) != 0;

    /// <summary>The hero that was banned or picked in a turn.</summary>
    public int TakenAt(int turn) => turn >= 0 && turn < Turn ? _taken[turn] : throw new ArgumentOutOfRangeException(nameof(turn), turn, $"turns taken are 0 to {Turn - 1}");

    /// <summary>Whether a taken turn was a pick of a team.</summary>
    public bool IsPickOf(int team, int turn) => turn < Turn && !_order.IsBan(turn) && (First ^ _order.SideOf(turn)) == team;

    /// <summary>The draft once the team whose turn it is has banned or picked a hero.</summary>
    /// <exception cref="ArgumentException">The hero is taken or does not exist, or the draft is over.</exception>
    public DraftState Apply(int hero)
    {
        if (!IsLegal(hero))
            throw new ArgumentException(IsOver ? "the draft is over" : (uint)hero < MaxHeroes && (_all >> hero & 1) != 0 ? $"hero {hero} is banned or picked already" : $"there is no hero {hero}", nameof(hero));
        return new DraftState(in this, hero);
    }

    /// <summary>Writes the line-ups, [10] by team * 5 + slot: each team's picks in the order they were made; places beyond a team's heroes are 0.</summary>
    /// <exception cref="InvalidOperationException">The draft is not over.</exception>
    public void LineUps(Span<byte> lineups)
    {
        if (!IsOver)
            throw new InvalidOperationException($"the draft is not over: {Turn} of {_order.Turns} turns are taken");
        lineups[..UnitIndex.Heroes].Clear();
        Span<int> slots = stackalloc int[UnitIndex.Teams];
        for (int turn = 2 * _order.Bans; turn < Turn; turn++)
        {
            int team = First ^ _order.SideOf(turn);
            lineups[UnitIndex.Hero(team, slots[team]++)] = _taken[turn];
        }
    }

    [InlineArray(2 * (UnitIndex.HeroesPerTeam + MobaOptions.MaxBans))]
    private struct Taken
    {
        private byte _first;
    }
}
