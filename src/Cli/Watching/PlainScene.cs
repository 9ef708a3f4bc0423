using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SelfPlayArena.Cli.Watching;

/// <summary>For games that have no picture: what each agent does, in the words of the environment's spec.</summary>
internal sealed class PlainScene(IBatchEnvironment environment, Replay replay) : IReplayScene
{
    private readonly List<ReplayEvent> _events = [];

    public IReadOnlyList<ReplayEvent> Events => _events;

    public void Passed(int decision)
    {
        if (decision < replay.Decisions)
            return;
        MatchOutcome outcome = replay.Header.Outcome;
        string winner = outcome.Winner < 0 ? "a draw" : FormattableString.Invariant($"team {outcome.Winner} wins");
        _events.Add(new ReplayEvent(decision, replay.Header.Seconds, "end", outcome.Winner, $"{winner}: {outcome.Reason}"));
    }

    public IRenderable Draw(int decision, int width, int height)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("team", "agent", "player", decision < replay.Decisions ? "does next" : "did last");
        for (int a = 0; a < replay.Header.Agents; a++)
        {
            table.AddRow(
                Numbers.Text(a / replay.Header.AgentsPerTeam), Numbers.Text(a % replay.Header.AgentsPerTeam),
                Markup.Escape(replay.Header.Players[a]), Markup.Escape(InWords(Math.Min(decision, replay.Decisions - 1), a)));
        }
        return table;
    }

    private string InWords(int decision, int agent)
    {
        IReadOnlyList<ActionHeadSpec> heads = environment.Spec.Heads;
        ReadOnlySpan<short> action = replay.Actions(decision).Slice(agent * heads.Count, heads.Count);
        var words = new List<string>();
        for (int h = 0; h < heads.Count; h++)
        {
            if ((uint)action[h] < (uint)heads[h].Size)
                words.Add(h == 0 ? heads[h].Options[action[h]] : $"{heads[h].Name} {heads[h].Options[action[h]]}");
        }
        return string.Join(", ", words);
    }
}
