using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Cli.Watching;

/// <summary>
/// Finds out what happened by comparing each state with the one before: kills, buildings, epic monsters, levels, the end; and notes how gold
/// and experience stood.
/// </summary>
internal sealed unsafe class MobaChronicle(MobaEnvironment environment, ReplayHeader header)
{
    public const string Kill = "kill";
    public const string Tower = "tower";
    public const string Ancient = "ancient";
    public const string Epic = "epic";
    public const string Level = "level";
    public const string End = "end";

    private const int StreakWorthNaming = 3;
    private readonly MobaNames _names = new(environment);
    private readonly List<ReplayEvent> _events = [];
    private readonly List<double> _gold = [], _xp = [];
    private WorldState _before;

    public IReadOnlyList<ReplayEvent> Events => _events;

    /// <summary>Gold earned by team 0 less team 1's, after each decision so far.</summary>
    public IReadOnlyList<double> GoldLead(int decision) => _gold.GetRange(0, Math.Min(decision + 1, _gold.Count));

    /// <summary>The same of experience.</summary>
    public IReadOnlyList<double> XpLead(int decision) => _xp.GetRange(0, Math.Min(decision + 1, _xp.Count));

    public void Passed(int decision)
    {
        ref WorldState now = ref environment.State(0);
        double gold = 0, xp = 0;
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            int sign = h < UnitIndex.HeroesPerTeam ? 1 : -1;
            gold += sign * now.GoldEarned[h];
            xp += sign * now.XpEarned[h];
        }
        _gold.Add(gold);
        _xp.Add(xp);
        if (decision > 0)
        {
            Kills(ref now, decision);
            Buildings(ref now, decision);
            Epics(ref now, decision);
            Levels(ref now, decision);
            if (now.Finished != 0 && _before.Finished == 0)
            {
                string winner = now.Winner < 0 ? "A draw" : MobaNames.Team(now.Winner) + " wins";
                Add(decision, End, now.Winner, $"{winner}: {header.Outcome.Reason}");
            }
        }
        _before = now;
    }

    private void Kills(ref WorldState now, int decision)
    {
        Span<int> kills = stackalloc int[UnitIndex.Heroes];
        int victims0 = 0, victims1 = 0;
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            kills[h] = now.Kills[h] - _before.Kills[h];
            int died = now.Deaths[h] > _before.Deaths[h] ? 1 : 0;
            victims0 += h < UnitIndex.HeroesPerTeam ? died : 0;
            victims1 += h < UnitIndex.HeroesPerTeam ? 0 : died;
        }
        bool first = _before.FirstBlood == 0 && now.FirstBlood != 0;
        for (int victim = 0; victim < UnitIndex.Heroes; victim++)
        {
            if (now.Deaths[victim] == _before.Deaths[victim])
                continue;
            int enemy = victim < UnitIndex.HeroesPerTeam ? 1 : 0;
            int killer = KillerOf(victim, enemy, kills);
            if (killer < 0)
            {
                Add(decision, Kill, enemy, $"{_names.Full(victim)} falls");
                continue;
            }
            kills[killer]--;
            string helpers = Helpers(ref now, victim, killer, alone: (enemy == 1 ? victims0 : victims1) == 1);
            string streak = now.KillStreak[killer] >= StreakWorthNaming ? $", {Numbers.Text(now.KillStreak[killer])} in a row" : "";
            Add(decision, Kill, enemy, $"{(first ? "First blood: " : "")}{_names.Full(killer)} kills {_names.Hero(victim)}{helpers}{streak}");
            first = false;
        }
    }

    /// <summary>Who of those whose kills rose it was; of several, who hurt the victim last.</summary>
    private int KillerOf(int victim, int enemy, ReadOnlySpan<int> kills)
    {
        int killer = -1, latest = int.MinValue;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int tick = _before.HurtByTick[victim * UnitIndex.HeroesPerTeam + i];
            if (kills[UnitIndex.Hero(enemy, i)] <= 0 || tick <= latest)
                continue;
            latest = tick;
            killer = UnitIndex.Hero(enemy, i);
        }
        return killer;
    }

    private string Helpers(ref WorldState now, int victim, int killer, bool alone)
    {
        var helpers = new List<string>();
        int team = killer / UnitIndex.HeroesPerTeam;
        for (int i = 0; i < UnitIndex.HeroesPerTeam; i++)
        {
            int h = UnitIndex.Hero(team, i);
            if (h != killer && now.Assists[h] > _before.Assists[h] && (alone || _before.HurtByTick[victim * UnitIndex.HeroesPerTeam + i] >= 0))
                helpers.Add(_names.Hero(h));
        }
        return helpers.Count == 0 ? "" : $" (with {string.Join(", ", helpers)})";
    }

    private void Buildings(ref WorldState now, int decision)
    {
        for (int i = 0; i < UnitIndex.Structures; i++)
        {
            int u = UnitIndex.FirstStructure + i;
            if (now.Alive[u] != 0 || _before.Alive[u] == 0)
                continue;
            int winner = 1 - i / UnitIndex.StructuresPerTeam;
            Add(decision, i % UnitIndex.StructuresPerTeam == UnitIndex.AncientOfTeam ? Ancient : Tower, winner, $"{MobaNames.Team(winner)} destroys {MobaNames.Structure(i)}");
        }
    }

    private void Epics(ref WorldState now, int decision)
    {
        for (int u = UnitIndex.FirstEpic; u < UnitIndex.FirstMonster + UnitIndex.Monsters; u++)
        {
            if (now.Alive[u] != 0 || _before.Alive[u] == 0)
                continue;
            int team = now.EpicsSlain[0] > _before.EpicsSlain[0] ? 0 : now.EpicsSlain[1] > _before.EpicsSlain[1] ? 1 : -1;
            UnitDefinition[] monsters = environment.World.Rules.Monsters;
            string name = now.Kind[u] < monsters.Length ? monsters[now.Kind[u]].Name : "epic monster";
            Add(decision, Epic, team, team < 0 ? $"The {name} falls" : $"{MobaNames.Team(team)} slays the {name}");
        }
    }

    private void Levels(ref WorldState now, int decision)
    {
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            if (now.Level[h] > _before.Level[h])
                Add(decision, Level, h / UnitIndex.HeroesPerTeam, $"{_names.Full(h)} reaches level {Numbers.Text(now.Level[h])}");
        }
    }

    private void Add(int decision, string kind, int team, string text)
        => _events.Add(new ReplayEvent(decision, decision * (double)header.SecondsPerDecision, kind, team, text));
}
