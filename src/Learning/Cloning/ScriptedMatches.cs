using SelfPlayArena.Core;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Learning.Cloning;

/// <summary>
/// Matches of a scripted player, played while they are learnt from. It plays itself in every second match, and in the others, on alternating
/// sides, the environment's scripted players in turn. In a share of them the student plays in its place, and it says what it would have done
/// (DAgger, Ross et al. 2011): a clone that only ever saw its teacher's matches does not know what to do where its own mistakes lead.
/// </summary>
public sealed class ScriptedMatches : IDemonstrations, IDisposable
{
    private readonly Func<IBatchEnvironment> _environments;
    private readonly Stack<IBatchEnvironment> _spare = new();
    private readonly int _teacher;
    private readonly ulong _seed;
    private readonly double _own;
    private int _longest;
    private PolicyRunner? _student;
    private ulong _begun;

    /// <param name="environments">Makes an environment of one match.</param>
    /// <param name="teacher">Name of the scripted player, with or without its version.</param>
    /// <param name="own">Share of the matches that the student plays itself once there is one.</param>
    /// <exception cref="ArgumentException">The environment has no such player.</exception>
    public ScriptedMatches(Func<IBatchEnvironment> environments, string teacher, ulong seed, double own = 0)
    {
        (_environments, _seed, _own) = (environments, seed, own);
        IBatchEnvironment first = environments();
        _spare.Push(first);
        IReadOnlyList<string> names = first.Spec.ScriptedPlayers;
        _teacher = Index(names, teacher);
        if (_teacher < 0)
            throw new ArgumentException($"{first.Spec.Name} has no scripted player '{teacher}' to learn from; it has: {string.Join(", ", names)}");
        // How long matches are is known only from one.
        using IDemonstration match = Begin(0);
        do
            match.Decide();
        while (match.Play());
    }

    /// <summary>Decisions of the longest match so far.</summary>
    public int Longest => _longest;

    /// <summary>No match may be going on.</summary>
    public void Dispose()
    {
        foreach (IBatchEnvironment environment in _spare)
            (environment as IDisposable)?.Dispose();
    }

    public void Follow(PolicyNetwork student)
    {
        if (_own == 0)
            return;
        if (_student is null)
            _student = new PolicyRunner(student);
        else
            _student.Use(student);
    }

    public IDemonstration BeginToLearn(int number)
    {
        var chance = new Rng(Seeds.Derive(_seed, "own", _begun++));
        return Begin(number, _student is not null && chance.NextDouble() < _own);
    }

    public IDemonstration Begin(int number) => Begin(number, own: false);

    private Shown Begin(int number, bool own)
    {
        if (!_spare.TryPop(out IBatchEnvironment? environment))
            environment = _environments();
        int players = environment.Spec.ScriptedPlayers.Count;
        int opponent = number % 2 == 0 ? _teacher : number / 4 % players;
        var seats = new int[environment.Spec.Teams];
        Array.Fill(seats, opponent);
        seats[number / 2 % seats.Length] = _teacher;
        ulong seed = Seeds.Derive(_seed, "demonstration", (ulong)number);
        environment.Reset(0, seed);
        return new Shown(this, environment, seats, seed, own);
    }

    /// <summary>The newest version where none is given.</summary>
    private static int Index(IReadOnlyList<string> names, string name)
    {
        int found = -1, newest = -1;
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
                return i;
            int at = names[i].LastIndexOf('@');
            if (at > 0 && names[i][..at] == name && int.TryParse(names[i].AsSpan(at + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int version) && version > newest)
                (found, newest) = (i, version);
        }
        return found;
    }

    private sealed class Shown(ScriptedMatches owner, IBatchEnvironment environment, int[] seats, ulong seed, bool own) : IDemonstration
    {
        private readonly short[] _actions = new short[environment.Spec.Agents * environment.Spec.Heads.Count];
        private Rng _rng = new(Seeds.Derive(seed, "players"));
        private readonly StudentSeats? _student = own ? new StudentSeats(owner._student!, environment, Seeds.Derive(seed, "student")) : null;
        private int _decisions;

        public IBatchEnvironment Environment => environment;

        public int Left => owner._longest - _decisions;

        public bool Teaches(int team) => seats[team] == owner._teacher;

        public ReadOnlySpan<short> Decide()
        {
            int heads = environment.Spec.Heads.Count;
            for (int a = 0; a < environment.Spec.Agents; a++)
                environment.ActScripted(0, a, seats[a / environment.Spec.AgentsPerTeam], _actions.AsSpan(a * heads, heads), ref _rng);
            return _actions;
        }

        public bool Play()
        {
            _decisions++;
            owner._longest = Math.Max(owner._longest, _decisions);
            _student?.Act(_actions, team => seats[team] == owner._teacher);
            return environment.StepOnly(0, _actions) == MatchStatus.Running;
        }

        public void Dispose() => owner._spare.Push(environment);
    }
}
