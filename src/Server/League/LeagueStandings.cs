using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Rollout;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.League;

/// <param name="EloError">Half the width of the 95% interval.</param>
/// <param name="Games">Weighed matches behind it.</param>
internal sealed record RatingAnswer(string Player, double Elo, double EloError, double Games);

/// <summary>Who fared how against whom, as far as it counts now: [player, opponent], weighed matches from the player's point of view.</summary>
internal sealed record PayoffAnswer(IReadOnlyList<string> Players, double[][] Wins, double[][] Draws, double[][] Games);

/// <param name="Parent">The version that it came from; null for scripted players and for the first.</param>
/// <param name="Role">main or scripted.</param>
internal sealed record FamilyAnswer(string Player, string? Parent, string Role, long? TrainedSteps);

internal sealed record LeagueAnswer(
    string Run, string State, long TrainedSteps, long Matches, string Anchor, IReadOnlyList<RatingAnswer> Ratings, PayoffAnswer Payoff, IReadOnlyList<FamilyAnswer> Family);

/// <summary>Follows the logs of the leagues that are looked at. Thread-safe.</summary>
internal sealed class LeagueStandings(RunShelf shelf)
{
    /// <summary>Leagues that are kept in memory: one folds hundreds of thousands of matches, which is not to be done at every look.</summary>
    private const int MostFollowed = 4;

    private readonly Lock _gate = new();
    private readonly RecentlyUsed<string, Followed> _followed = new(MostFollowed);

    /// <exception cref="Refusal">There is no such run, or its log cannot be read.</exception>
    public LeagueAnswer Of(string? run)
    {
        (string name, RunFolder folder) = shelf.Find(run);
        string state = shelf.StateOf(name, folder);
        Followed league;
        lock (_gate)
        {
            if (!_followed.TryGet(name, out league!) || league.IsLost)
                _followed.Add(name, league = new Followed(folder));
        }
        try
        {
            LeagueAnswer answer = league.Answer(name, state);
            // The log tells of trained steps only now and then.
            return answer with { TrainedSteps = Math.Max(answer.TrainedSteps, RunShelf.TrainedSteps(folder)) };
        }
        catch (FileNotFoundException)
        {
            throw Refusal.NotFound($"The run '{name}' has no log yet.");
        }
        catch (Exception e) when (e is LeagueLogException or InvalidDataException)
        {
            lock (_gate)
                _followed.Remove(name, league);
            throw new Refusal(500, "Damaged run", e.Message);
        }
    }

    /// <summary>One league's log, folded as far as it was read.</summary>
    private sealed class Followed(RunFolder folder)
    {
        private readonly Lock _gate = new();
        private readonly LogFollower _log = new(folder.Events);
        private readonly LeagueState _state = new();
        private LeagueAnswer? _answer;
        private long _answered = -1;

        public bool IsLost
        {
            get
            {
                lock (_gate)
                    return _log.IsLost;
            }
        }

        public LeagueAnswer Answer(string run, string state)
        {
            lock (_gate)
            {
                foreach (LeagueEvent e in _log.Next())
                    _state.Apply(e);
                if (_answer is null || _answered != _state.Position)
                    (_answer, _answered) = (Make(run), _state.Position);
                return _answer with { State = state };
            }
        }

        private LeagueAnswer Make(string run)
        {
            RatingTable table = new RatingOptions().Rate(_state);
            string[] players = [.. table.Ratings.Select(r => r.Player.ToString())];
            return new LeagueAnswer(
                run, "", _state.TrainedSteps, _state.Matches, table.Anchor?.ToString() ?? "",
                [.. table.Ratings.Select(r => new RatingAnswer(r.Player.ToString(), Math.Round(r.Elo, 2), Math.Round(r.Error95, 2), Math.Round(r.Matches, 2)))],
                PayoffOf(table, players), [.. _state.Members.SelectMany(Family)]);
        }

        private PayoffAnswer PayoffOf(RatingTable table, string[] players)
        {
            var index = table.Ratings.Select((r, i) => (r.Player, i)).ToDictionary(x => x.Player, x => x.i);
            double[][] wins = Square(players.Length), draws = Square(players.Length), games = Square(players.Length);
            foreach (PayoffCell cell in _state.Payoff())
            {
                if (cell.Home == cell.Away)
                    continue;
                Add(index[cell.Home], index[cell.Away], cell.Evidence);
                Add(index[cell.Away], index[cell.Home], cell.Evidence.Reversed);
            }
            foreach (double[] row in wins.Concat(draws).Concat(games))
            {
                for (int i = 0; i < row.Length; i++)
                    row[i] = Math.Round(row[i], 2);
            }
            return new PayoffAnswer(players, wins, draws, games);

            void Add(int player, int opponent, Tally tally)
            {
                wins[player][opponent] += tally.Wins;
                draws[player][opponent] += tally.Draws;
                games[player][opponent] += tally.Matches;
            }
        }

        private static double[][] Square(int size) => [.. Enumerable.Range(0, size).Select(_ => new double[size])];

        private static IEnumerable<FamilyAnswer> Family(Member member)
        {
            if (member.Role == MemberRole.Scripted)
            {
                yield return new FamilyAnswer(member.Id.Value, null, "scripted", null);
                yield break;
            }
            string? parent = null;
            foreach (Snapshot snapshot in member.Snapshots)
            {
                yield return new FamilyAnswer(snapshot.Player.ToString(), parent, "main", snapshot.TrainedSteps);
                parent = snapshot.Player.ToString();
            }
            yield return new FamilyAnswer(new PlayerId(member.Id, PlayerId.Latest).ToString(), parent, "main", null);
        }
    }
}
