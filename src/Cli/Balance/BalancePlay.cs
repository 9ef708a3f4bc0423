using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.ExceptionServices;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;
using SelfPlayArena.Moba;

namespace SelfPlayArena.Cli.Balance;

/// <summary>
/// Plays a scripted player against itself with line-ups drawn at random, ten different heroes as far as there are as many. Each match depends
/// on its number and the seed alone, not on threads.
/// </summary>
/// <param name="recorder">Gets every match offered for recording; null to record none.</param>
internal sealed class BalancePlay(MobaOptions options, int player, int matches, ulong seed, IMatchRecorder? recorder = null)
{
    private const int MatchesAtOnce = 16;

    private readonly ConcurrentBag<BalanceMatch> _finished = [];
    private int _next = -1;

    public int Finished => _finished.Count;

    /// <summary>What has been played so far, in order of number. Empty before the first match is over.</summary>
    public IReadOnlyList<BalanceMatch> Matches => [.. _finished.OrderBy(m => m.Number)];

    /// <summary>Plays until all matches are over or the work is cancelled; what was finished by then stays.</summary>
    public void Run(int threads, Action progress, CancellationToken cancellation)
    {
        Exception? failure = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Thread[] players = [.. Enumerable.Range(0, Math.Min(threads, matches)).Select(i => new Thread(() =>
        {
            try
            {
                Play(progress, stop.Token);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
                stop.Cancel();
            }
        })
        { IsBackground = true, Name = $"balance {i}" })];
        foreach (Thread thread in players)
            thread.Start();
        foreach (Thread thread in players)
            thread.Join();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>[10] hero definitions by team * 5 + slot. Match 2k + 1 has match 2k's line-ups, exchanged.</summary>
    internal static byte[] LineUps(int number, ulong seed, int heroes)
    {
        var rng = new Rng(Seeds.Derive(seed, "line-ups", (ulong)(number / 2)));
        byte[] pool = new byte[Math.Max(heroes, UnitIndex.Heroes)];
        for (int i = 0; i < pool.Length; i++)
            pool[i] = (byte)(i % heroes);
        for (int i = 0; i < UnitIndex.Heroes; i++)
        {
            int j = i + rng.Next(pool.Length - i);
            (pool[i], pool[j]) = (pool[j], pool[i]);
        }
        byte[] drawn = pool[..UnitIndex.Heroes];
        return number % 2 == 0 ? drawn : [.. drawn[UnitIndex.HeroesPerTeam..], .. drawn[..UnitIndex.HeroesPerTeam]];
    }

    private void Play(Action progress, CancellationToken cancellation)
    {
        var environment = new MobaEnvironment(options, Math.Min(MatchesAtOnce, matches));
        int agents = environment.Spec.Agents, heads = environment.Spec.Heads.Count;
        var seats = new Seat[environment.Matches];
        for (int m = 0; m < seats.Length; m++)
            seats[m] = Begin(environment, m);
        short[] actions = new short[agents * heads];
        while (!cancellation.IsCancellationRequested && seats.Any(s => s.Number < matches))
        {
            for (int m = 0; m < seats.Length; m++)
            {
                Seat seat = seats[m];
                if (seat.Number >= matches)
                    continue;
                for (int a = 0; a < agents; a++)
                    environment.ActScripted(m, a, player, actions.AsSpan(a * heads, heads), ref seat.Rng);
                MatchStatus status = environment.StepOnly(m, actions);
                seat.Recording?.Decided(environment, m, actions);
                if (status == MatchStatus.Running)
                    continue;
                seat.Recording?.Ended(environment, m);
                _finished.Add(Record(seat.Number, in environment.State(m), options.HeroesPerTeam));
                progress();
                seats[m] = Begin(environment, m);
            }
        }
    }

    private Seat Begin(MobaEnvironment environment, int match)
    {
        var seat = new Seat { Number = Interlocked.Increment(ref _next) };
        if (seat.Number < matches)
        {
            seat.Rng = new Rng(Seeds.Derive(seed, "players", (ulong)seat.Number));
            ulong start = Seeds.Derive(seed, "balance", (ulong)(seat.Number / 2));
            byte[] lineups = LineUps(seat.Number, seed, environment.World.Content.Heroes.Length);
            // Places that nobody takes are 0, as with line-ups given by name: a replay is made again from names.
            for (int team = 0; team < UnitIndex.Teams; team++)
                lineups.AsSpan(UnitIndex.Hero(team, options.HeroesPerTeam), UnitIndex.HeroesPerTeam - options.HeroesPerTeam).Clear();
            environment.Reset(match, start, lineups);
            if (recorder is not null)
                seat.Recording = recorder.Begin(environment, match, ToRecord(environment, seat.Number, start, lineups));
        }
        return seat;
    }

    private MatchToRecord ToRecord(MobaEnvironment environment, int number, ulong start, byte[] lineups)
    {
        string[] names = [.. lineups.Select(h => environment.World.Content.Heroes[h].Name)];
        MobaOptions played = options with
        {
            Home = names[..options.HeroesPerTeam],
            Away = names[UnitIndex.HeroesPerTeam..(UnitIndex.HeroesPerTeam + options.HeroesPerTeam)],
        };
        string name = environment.Spec.ScriptedPlayers[player];
        return new MatchToRecord(start, number.ToString(CultureInfo.InvariantCulture), number, [name, name], Environments.RecipeOf(played));
    }

    private static BalanceMatch Record(int number, in WorldState state, int perTeam)
    {
        var heroes = new List<BalanceHero>(2 * perTeam);
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            for (int slot = 0; slot < perTeam; slot++)
                heroes.Add(BalanceHero.Of(in state, UnitIndex.Hero(team, slot)));
        }
        return new BalanceMatch(number, state.Winner, state.Reason, state.Tick, heroes);
    }

    private sealed class Seat
    {
        public int Number;
        public Rng Rng;
        public ReplayRecording? Recording;
    }
}
