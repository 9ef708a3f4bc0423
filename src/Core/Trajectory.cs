using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace SelfPlayArena.Core;

/// <summary>
/// Where everything lies in a chunk's buffer. Computed from the environment's spec, the chunk length T, the agents a team A and the
/// recurrent size H, so that both ends of a stream agree without sending it. All sections start at multiples of 8 bytes.
/// </summary>
public sealed class TrajectoryLayout
{
    private readonly ConcurrentStack<byte[]> _free = new();

    public TrajectoryLayout(EnvironmentSpec spec, int steps, int recurrentSize)
    {
        Spec = spec;
        Steps = steps;
        Agents = spec.AgentsPerTeam;
        RecurrentSize = recurrentSize;
        int rows = steps * Agents;
        int at = 0;
        Observations = Take(rows * spec.ObservationBytes);
        FullState = Take(steps * spec.FullStateBytes);
        Masks = Take(rows * spec.OptionCount);
        Actions = Take(rows * spec.Heads.Count * sizeof(short));
        LogProbabilities = Take(rows * spec.Heads.Count * sizeof(float));
        Rewards = Take(rows * spec.Rewards.Count * sizeof(float));
        Values = Take(rows * spec.ValueHeads.Count * sizeof(float));
        Bootstrap = Take(Agents * spec.ValueHeads.Count * sizeof(float));
        InitialState = Take(Agents * recurrentSize * sizeof(float));
        Versions = Take(steps * sizeof(int));
        Bytes = at;

        int Take(int bytes)
        {
            int start = at;
            at += (bytes + 7) & ~7;
            return start;
        }
    }

    public EnvironmentSpec Spec { get; }

    /// <summary>T: steps of a full chunk, the length of truncated back-propagation.</summary>
    public int Steps { get; }

    /// <summary>A: agents of the one team the chunk is about.</summary>
    public int Agents { get; }

    /// <summary>H: width of the recurrent state.</summary>
    public int RecurrentSize { get; }

    /// <summary>Bytes of a chunk's buffer.</summary>
    public int Bytes { get; }

    /// <summary>
    /// A buffer of <see cref="Bytes"/> zeros. Released ones are used again: as many are kept as were ever in use at once, which the transport's capacity bounds.
    /// The shared array pool keeps only a few dozen of a size, and a learner's batch holds hundreds.
    /// </summary>
    /// <param name="zeroed">False for whoever overwrites all of it: then what was in a used buffer is still there.</param>
    internal byte[] Rent(bool zeroed)
    {
        if (!_free.TryPop(out byte[]? buffer))
            return new byte[Bytes];
        if (zeroed)
            buffer.AsSpan().Clear();
        return buffer;
    }

    internal void Return(byte[] buffer) => _free.Push(buffer);

    /// <summary>
    /// Takes the memory of that many chunks now and keeps it, so that it does not grow bit by bit until queue, batch and hosts have all been
    /// full at the same moment once, which can take an hour.
    /// </summary>
    public void Reserve(int chunks)
    {
        for (int i = _free.Count; i < chunks; i++)
        {
            byte[] buffer = new byte[Bytes];
            // The system hands out a page when it is first written to.
            buffer.AsSpan().Fill(1);
            _free.Push(buffer);
        }
    }

    internal int Observations { get; }
    internal int FullState { get; }
    internal int Masks { get; }
    internal int Actions { get; }
    internal int LogProbabilities { get; }
    internal int Rewards { get; }
    internal int Values { get; }
    internal int Bootstrap { get; }
    internal int InitialState { get; }
    internal int Versions { get; }
}

/// <summary>
/// Up to T consecutive decisions of one team in one match, with everything that any of several learners' objectives needs.
/// One flat buffer from its layout's pool: whoever holds the chunk last calls <see cref="Dispose"/>. Steps from <see cref="Length"/> on are zero padding.
/// A chunk never crosses the end of a match or a change of opponent.
/// </summary>
public sealed class TrajectoryChunk : IDisposable
{
    private byte[]? _buffer;

    /// <param name="zeroed">False only for transports that overwrite the whole buffer.</param>
    public TrajectoryChunk(TrajectoryLayout layout, bool zeroed = true)
    {
        Layout = layout;
        _buffer = layout.Rent(zeroed);
    }

    public TrajectoryLayout Layout { get; }

    /// <summary>Hash of the environment's layout (<see cref="EnvironmentSpec.Hash"/>).</summary>
    public ulong SpecHash => Layout.Spec.Hash;

    /// <summary>Hash of the rules and content that were played.</summary>
    public string ContentHash => Layout.Spec.ContentHash;

    /// <summary>The league's matchup this was played in.</summary>
    public long MatchupId { get; set; }

    /// <summary>The match this was played in: <c>matchup#number</c> where a league hands matches out.</summary>
    public string MatchId { get; set; } = "";

    /// <summary>Number of the match within its matchup, from 0; -1 where <see cref="MatchId"/> does not tell.</summary>
    public int MatchNumber => NumberOf(MatchId);

    /// <summary>Number of a match within its matchup, as its id tells; -1 where it does not.</summary>
    public static int NumberOf(string matchId)
    {
        int mark = matchId.LastIndexOf('#');
        return mark >= 0 && int.TryParse(matchId.AsSpan(mark + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) ? number : -1;
    }

    /// <summary>Who acted.</summary>
    public PlayerId Player { get; set; }

    /// <summary>Team the chunk is about.</summary>
    public int Team { get; set; }

    /// <summary>Decision index, within the match, of the first step.</summary>
    public int FirstDecision { get; set; }

    /// <summary>Steps that were played, 1 to T.</summary>
    public int Length { get; set; }

    /// <summary>The match ended by its rules after the last step: the bootstrap value is zero.</summary>
    public bool Terminated { get; set; }

    /// <summary>The host cut the match short after the last step: the bootstrap value is the critic's.</summary>
    public bool Truncated { get; set; }

    /// <summary>The whole buffer, for transports.</summary>
    public Span<byte> Buffer => _buffer ?? throw new ObjectDisposedException(nameof(TrajectoryChunk));

    /// <summary>The whole buffer, for transports that read or write it while they await.</summary>
    public Memory<byte> Memory => _buffer ?? throw new ObjectDisposedException(nameof(TrajectoryChunk));

    /// <summary>[T, A, observation bytes].</summary>
    public Span<byte> Observations => Section<byte>(Layout.Observations, Layout.Steps * Layout.Agents * Layout.Spec.ObservationBytes);

    /// <summary>[T, full state bytes]: once for each match-decision, shared by the team's agents.</summary>
    public Span<byte> FullState => Section<byte>(Layout.FullState, Layout.Steps * Layout.Spec.FullStateBytes);

    /// <summary>[T, A, options of all heads]: the mask rows that applied to the chosen verb; all zero for a head that was not used or drawn from.</summary>
    public Span<byte> Masks => Section<byte>(Layout.Masks, Layout.Steps * Layout.Agents * Layout.Spec.OptionCount);

    /// <summary>[T, A, heads]: chosen options, -1 for a head that was not used, unless the host was told to draw from those too.</summary>
    public Span<short> Actions => Section<short>(Layout.Actions, Layout.Steps * Layout.Agents * Layout.Spec.Heads.Count);

    /// <summary>[T, A, heads]: log-probability under the behaviour policy, 0 for a head that was not used.</summary>
    public Span<float> LogProbabilities => Section<float>(Layout.LogProbabilities, Layout.Steps * Layout.Agents * Layout.Spec.Heads.Count);

    /// <summary>[T, A, reward terms]: as the host shaped them (zero-sum, team spirit), before weights.</summary>
    public Span<float> Rewards => Section<float>(Layout.Rewards, Layout.Steps * Layout.Agents * Layout.Spec.Rewards.Count);

    /// <summary>[T, A, value heads]: the behaviour critic's values.</summary>
    public Span<float> Values => Section<float>(Layout.Values, Layout.Steps * Layout.Agents * Layout.Spec.ValueHeads.Count);

    /// <summary>[A, value heads]: the behaviour critic's values after the last step; zero when <see cref="Terminated"/>.</summary>
    public Span<float> Bootstrap => Section<float>(Layout.Bootstrap, Layout.Agents * Layout.Spec.ValueHeads.Count);

    /// <summary>[A, H]: recurrent state before the first step.</summary>
    public Span<float> InitialState => Section<float>(Layout.InitialState, Layout.Agents * Layout.RecurrentSize);

    /// <summary>[T]: the learner's version that made each step.</summary>
    public Span<int> Versions => Section<int>(Layout.Versions, Layout.Steps);

    /// <summary>Agent-steps in the chunk.</summary>
    public int AgentSteps => Length * Layout.Agents;

    public void Dispose()
    {
        byte[]? buffer = Interlocked.Exchange(ref _buffer, null);
        if (buffer is not null)
            Layout.Return(buffer);
    }

    private Span<T> Section<T>(int offset, int count) where T : unmanaged
        => MemoryMarshal.Cast<byte, T>(Buffer[offset..])[..count];
}

/// <summary>Where actors put finished chunks. The sink owns a chunk once it took it.</summary>
public interface ITrajectorySink
{
    /// <summary>Hands a chunk over, waiting while the sink is full. False once the sink is closed (the chunk is disposed).</summary>
    bool Write(TrajectoryChunk chunk, CancellationToken cancellation);

    /// <summary>Hands a chunk over if that needs no waiting; otherwise the caller still has it.</summary>
    bool TryWrite(TrajectoryChunk chunk) => false;
}

/// <summary>Where the learner takes chunks from. The reader owns what it took.</summary>
public interface ITrajectorySource
{
    /// <summary>Takes the next chunk, waiting for one. Null once the source is closed and empty.</summary>
    TrajectoryChunk? Read(CancellationToken cancellation);

    /// <summary>Takes the next chunk if there is one now.</summary>
    TrajectoryChunk? TryRead();
}

/// <summary>What has gone through a transport so far.</summary>
/// <param name="Waiting">Chunks that wait now.</param>
/// <param name="WriterWait">Time that writers, all together, stood at the full transport.</param>
/// <param name="ReaderWait">Time that the reader stood at the empty one.</param>
/// <param name="Discarded">Chunks thrown away because the transport was closed.</param>
/// <param name="WaitingSteps">Agent-steps in the chunks that wait now.</param>
public sealed record TransportCounters(long Written, long Read, int Waiting, TimeSpan WriterWait, TimeSpan ReaderWait, long Discarded, long WaitingSteps = 0);

/// <summary>What carries chunks from actors to the learner: bounded, in order, without loss while it is open.</summary>
public interface ITrajectoryTransport : ITrajectorySink, ITrajectorySource, IDisposable
{
    /// <summary>Most chunks that wait at a time.</summary>
    int Capacity { get; }

    TransportCounters Counters { get; }

    /// <summary>Lets nothing more in; what waits can still be read.</summary>
    void Close();
}
