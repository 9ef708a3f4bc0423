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

    /// <summary>A matchup of which nothing came while so many others left was given up by its host.</summary>
    private const int Patience = 256;

    private readonly Dictionary<long, Group> _open = [];
    private readonly HashSet<long> _left = [];
    private readonly Queue<long> _leftInOrder = new();
    private long _departures;

    /// <summary>Chunks that wait.</summary>
    public int Waiting { get; private set; }

    /// <summary>Chunks that came after their matchup had left, or whose matchup was given up; they were given back.</summary>
    public long Late { get; private set; }

    /// <summary>Takes a chunk and adds those of matchups that are now complete to <paramref name="ready"/>.</summary>
    public void Add(TrajectoryChunk chunk, ICollection<TrajectoryChunk> ready)
    {
        // A match's teams report its end one after the other: a matchup leaves when something else comes, not at the first of them.
        foreach ((long id, Group group) in _open)
        {
            if (id == chunk.MatchupId)
                continue;
            if (group.IsComplete(size))
            {
                foreach (TrajectoryChunk waiting in group.Chunks)
                    ready.Add(waiting);
                _departures++;
            }
            else if (_departures - group.Seen > Patience)
            {
                foreach (TrajectoryChunk waiting in group.Chunks)
                    waiting.Dispose();
                Late += group.Chunks.Count;
            }
            else
            {
                continue;
            }
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
        own.Seen = _departures;
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

        /// <summary>Matchups that had left when its last chunk came.</summary>
        public long Seen { get; set; }

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
