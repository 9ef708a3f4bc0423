using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Cli.Watching;

/// <summary>
/// Tells what happened in words: kills, buildings, epic monsters, levels, the end; and notes how gold and experience stood.
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
    private readonly List<MatchEvent> _found = [];
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
            _found.Clear();
            MatchEvents.Compare(in _before, in now, _found, every: false);
            foreach (MatchEvent e in _found)
                Tell(in e, decision);
        }
        _before = now;
    }

    private void Tell(in MatchEvent e, int decision)
    {
        switch (e.Kind)
        {
            case MatchEventKind.Kill when e.Other < 0:
                Add(decision, Kill, e.Team, $"{_names.Full(e.Unit)} falls");
                break;
            case MatchEventKind.Kill:
                string streak = e.Amount >= StreakWorthNaming ? $", {Numbers.Text(e.Amount)} in a row" : "";
                Add(decision, Kill, e.Team, $"{(e.First ? "First blood: " : "")}{_names.Full(e.Other)} kills {_names.Hero(e.Unit)}{Helpers(e.Helpers)}{streak}");
                break;
            case MatchEventKind.Structure:
                int structure = e.Unit - UnitIndex.FirstStructure;
                string kind = structure % UnitIndex.StructuresPerTeam == UnitIndex.AncientOfTeam ? Ancient : Tower;
                Add(decision, kind, e.Team, $"{MobaNames.Team(e.Team)} destroys {MobaNames.Structure(structure)}");
                break;
            case MatchEventKind.Epic:
                UnitDefinition[] monsters = environment.World.Rules.Monsters;
                string name = e.Amount < monsters.Length ? monsters[e.Amount].Name : "epic monster";
                Add(decision, Epic, e.Team, e.Team < 0 ? $"The {name} falls" : $"{MobaNames.Team(e.Team)} slays the {name}");
                break;
            case MatchEventKind.Level:
                Add(decision, Level, e.Team, $"{_names.Full(e.Unit)} reaches level {Numbers.Text(e.Amount)}");
                break;
            case MatchEventKind.End:
                string winner = e.Team < 0 ? "A draw" : MobaNames.Team(e.Team) + " wins";
                Add(decision, End, e.Team, $"{winner}: {header.Outcome.Reason}");
                break;
        }
    }

    private string Helpers(uint heroes)
    {
        IEnumerable<string> names = Enumerable.Range(0, UnitIndex.Heroes).Where(h => (heroes >> h & 1) != 0).Select(_names.Hero);
        return heroes == 0 ? "" : $" (with {string.Join(", ", names)})";
    }

    private void Add(int decision, string kind, int team, string text)
        => _events.Add(new ReplayEvent(decision, decision * (double)header.SecondsPerDecision, kind, team, text));
}
