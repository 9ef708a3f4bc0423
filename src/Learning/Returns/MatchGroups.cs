using SelfPlayArena.Core;

namespace SelfPlayArena.Learning;

/// <summary>
/// Keeps chunks back until all matches of their matchup are over, for estimators that compare whole matches. Holds what it was given until it hands
/// it on; a matchup's chunks leave together.
/// </summary>
/// <param name="size">Matches in a matchup.</param>
public sealed class MatchGroups(int size) : IDisposable
{
    private const int Remembered = 4096;
    private readonly Dictionary<long, Group> _open = [];
    private readonly HashSet<long> _left = [];
    private readonly Queue<long> _leftInOrder = new();

    /// <summary>Chunks that wait.</summary>
    public int Waiting { get; private set; }

    /// <summary>Chunks that came after their matchup had left; they were given back.</summary>
    public long Late { get; private set; }

    /// <summary>Takes a chunk and adds those of matchups that are now complete to <paramref name="ready"/>.</summary>
    public void Add(TrajectoryChunk chunk, ICollection<TrajectoryChunk> ready)
    {
        // A match's teams report its end one after the other: a matchup leaves when something else comes, not at the first of them.
        foreach ((long id, Group group) in _open)
        {
            if (id == chunk.MatchupId || !group.IsComplete(size))
                continue;
            foreach (TrajectoryChunk waiting in group.Chunks)
                ready.Add(waiting);
            Waiting -= group.Chunks.Count;
            _open.Remove(id);
            _left.Add(id);
            _leftInOrder.Enqueue(id);
            if (_leftInOrder.Count > Remembered)
                _left.Remove(_leftInOrder.Dequeue());
        }
        if (_left.Contains(chunk.MatchupId))
        {
            Late++;
            chunk.Dispose();
            return;
        }
        if (!_open.TryGetValue(chunk.MatchupId, out Group? own))
            _open.Add(chunk.MatchupId, own = new Group());
        own.Add(chunk);
        Waiting++;
    }

    public void Dispose()
    {
        foreach (TrajectoryChunk chunk in _open.Values.SelectMany(g => g.Chunks))
            chunk.Dispose();
        _open.Clear();
    }

    private sealed class Group
    {
        private readonly HashSet<string> _over = [];
        private readonly Dictionary<(string Match, int Team), bool> _teams = [];

        public List<TrajectoryChunk> Chunks { get; } = [];

        public void Add(TrajectoryChunk chunk)
        {
            Chunks.Add(chunk);
            bool ended = chunk.Terminated || chunk.Truncated;
            _teams[(chunk.MatchId, chunk.Team)] = ended;
            if (ended)
                _over.Add(chunk.MatchId);
        }

        public bool IsComplete(int size) => _over.Count >= size && _teams.Values.All(ended => ended);
    }
}
