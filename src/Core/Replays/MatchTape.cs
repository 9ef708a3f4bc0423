using System.Buffers.Binary;

namespace SelfPlayArena.Core.Replays;

/// <summary>
/// What a replay records of a match while it is played: every action, and hashes of the states. Can be saved half-way and gone on with, for
/// matches that outlive their process.
/// </summary>
public sealed class MatchTape
{
    private readonly EnvironmentSpec _spec;
    private readonly ActionEncoder _actions;
    private readonly List<ulong> _hashes = [];
    private ulong _final;
    private MatchOutcome? _outcome;

    public MatchTape(EnvironmentSpec spec)
    {
        _spec = spec;
        _actions = new ActionEncoder(spec.Agents, spec.Heads.Count);
    }

    /// <summary>Decisions recorded so far.</summary>
    public int Decisions { get; private set; }

    /// <summary>Begins anew with a match that was just reset.</summary>
    public void Begin(IBatchEnvironment environment, int match)
    {
        _actions.Clear();
        _hashes.Clear();
        _hashes.Add(environment.StateHash(match));
        _outcome = null;
        Decisions = 0;
    }

    /// <summary>A decision was played.</summary>
    /// <param name="environment">In the state that the decision led to.</param>
    /// <param name="actions">[agents, heads] as they were given to the environment.</param>
    public void Decided(IBatchEnvironment environment, int match, ReadOnlySpan<short> actions)
    {
        _actions.Add(actions);
        if (++Decisions % ReplayFile.HashInterval == 0)
            _hashes.Add(environment.StateHash(match));
    }

    /// <summary>The match is over.</summary>
    /// <param name="environment">Holds the final state.</param>
    public void End(IBatchEnvironment environment, int match)
    {
        _final = environment.StateHash(match);
        _outcome = environment.Outcome(match);
    }

    /// <summary>The whole replay of a match that is over, as a file's content.</summary>
    /// <param name="subject">The match.</param>
    /// <param name="players">Who played each agent, team by team.</param>
    /// <param name="opening">Decisions at the beginning that were scripted ones in place of the players'.</param>
    /// <exception cref="InvalidOperationException"><see cref="End"/> has not been called.</exception>
    public byte[] Replay(MatchToRecord subject, EnvironmentRecipe recipe, IReadOnlyList<string> players, int opening = 0)
    {
        var header = new ReplayHeader
        {
            Environment = recipe.Name,
            Options = recipe.Options,
            Game = _spec.Name,
            ContentHash = _spec.ContentHash,
            LayoutHash = Replays.Replay.LayoutHash(_spec),
            Teams = _spec.Teams,
            AgentsPerTeam = _spec.AgentsPerTeam,
            Heads = _spec.Heads.Count,
            SecondsPerDecision = _spec.SecondsPerDecision,
            Seed = subject.Seed,
            Match = subject.Name,
            Number = subject.Number,
            Players = players,
            Opening = opening,
            Decisions = Decisions,
            Outcome = _outcome ?? throw new InvalidOperationException("the match is not over"),
        };
        return ReplayFile.Encode(header, [.. _hashes, _final], _actions.Bytes);
    }

    /// <summary>Reads what was recorded from the beginning on, while more is being recorded.</summary>
    public Reader Read() => new(this);

    /// <summary>What was recorded so far, for <see cref="Load"/>.</summary>
    public byte[] Save()
    {
        byte[] saved = new byte[8 + _hashes.Count * sizeof(ulong) + _actions.Bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(saved, Decisions);
        BinaryPrimitives.WriteInt32LittleEndian(saved.AsSpan(4), _hashes.Count);
        for (int i = 0; i < _hashes.Count; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(saved.AsSpan(8 + i * sizeof(ulong)), _hashes[i]);
        _actions.Bytes.CopyTo(saved.AsSpan(8 + _hashes.Count * sizeof(ulong)));
        return saved;
    }

    /// <summary>Goes on with what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not that.</exception>
    public void Load(ReadOnlySpan<byte> saved)
    {
        int decisions = saved.Length >= 8 ? BinaryPrimitives.ReadInt32LittleEndian(saved) : -1;
        int hashes = saved.Length >= 8 ? BinaryPrimitives.ReadInt32LittleEndian(saved[4..]) : 0;
        if (decisions < 0 || hashes != decisions / ReplayFile.HashInterval + 1 || saved.Length < 8 + hashes * sizeof(ulong))
            throw new InvalidDataException("this is no recording of a match: its lengths contradict one another");
        int width = _spec.Agents * _spec.Heads.Count;
        short[] actions = ActionDecoder.Decode(saved[(8 + hashes * sizeof(ulong))..], decisions, _spec.Agents, _spec.Heads.Count);
        _actions.Clear();
        _hashes.Clear();
        _outcome = null;
        for (int i = 0; i < hashes; i++)
            _hashes.Add(BinaryPrimitives.ReadUInt64LittleEndian(saved[(8 + i * sizeof(ulong))..]));
        for (int d = 0; d < decisions; d++)
            _actions.Add(actions.AsSpan(d * width, width));
        Decisions = decisions;
    }

    /// <summary>A place in a tape. Not to be used while the tape is written to.</summary>
    public sealed class Reader(MatchTape tape)
    {
        private readonly short[] _now = All(-1, tape._spec.Agents * tape._spec.Heads.Count);
        private int _at;

        /// <summary>Decisions read.</summary>
        public int Decision { get; private set; }

        /// <summary>The next decision's actions [agents, heads], good until the next call.</summary>
        /// <exception cref="InvalidOperationException">All that is recorded has been read.</exception>
        public ReadOnlySpan<short> Next()
        {
            if (Decision >= tape.Decisions)
                throw new InvalidOperationException($"{tape.Decisions} decisions are recorded, and all have been read");
            ActionDecoder.Next(tape._actions.Bytes, ref _at, Decision, tape._spec.Agents, tape._spec.Heads.Count, _now);
            Decision++;
            return _now;
        }

        private static short[] All(short value, int count)
        {
            short[] all = new short[count];
            Array.Fill(all, value);
            return all;
        }
    }
}
