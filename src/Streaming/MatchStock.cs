using System.Diagnostics.CodeAnalysis;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming;

/// <summary>
/// One host's matches at the worker's end: those that the learner gave in advance, so that the host does not wait for each, and those that ended.
/// Not thread-safe: under its link's lock.
/// </summary>
internal sealed class MatchStock
{
    private readonly Queue<Assignment> _matches = new();
    private readonly List<Matchup> _ended = [];

    /// <summary>Matches asked for over this connection.</summary>
    private int _asked;

    /// <summary>Matches taken, up to the number that are played at a time: until then one is wanted for each.</summary>
    private int _taken;

    /// <summary>How many more should be asked for.</summary>
    /// <param name="atATime">Matches that the host plays at a time.</param>
    public int Wanted(int atATime) => Math.Max(2, atATime - _taken) - _matches.Count - _asked;

    public bool TryTake(int atATime, [NotNullWhen(true)] out Assignment? match)
    {
        if (!_matches.TryDequeue(out match))
            return false;
        _taken = Math.Min(_taken + 1, atATime);
        return true;
    }

    public void Put(IReadOnlyList<Assignment> given)
    {
        foreach (Assignment match in given)
            _matches.Enqueue(match);
        _asked = Math.Max(0, _asked - given.Count);
    }

    public void Ended(Matchup matchup) => _ended.Add(matchup);

    /// <summary>Over another connection nothing was asked for yet. Another learner process knows nothing of matches that an earlier one gave.</summary>
    public void Reconnected(bool sameLearner)
    {
        _asked = 0;
        _ended.Clear();
        if (!sameLearner)
            _matches.Clear();
    }

    /// <summary>Adds what the learner is to be told and asked for this host.</summary>
    /// <param name="over">Nothing is wanted any more.</param>
    public void TakeRequests(int host, int atATime, bool over, List<(FrameKind Kind, byte[] Header)> requests)
    {
        foreach (Matchup ended in _ended)
        {
            requests.Add((FrameKind.MatchEnded, FrameWriter.Encode((ref MessagePack.MessagePackWriter w) =>
            {
                w.WriteArrayHeader(8);
                w.Write(host);
                w.WriteMatchup(ended);
            })));
        }
        _ended.Clear();
        int want = over ? 0 : Wanted(atATime);
        while (want > 0)
        {
            int count = Math.Min(want, HostMatches.Most);
            want -= count;
            _asked += count;
            requests.Add((FrameKind.WantMatches, FrameWriter.Encode((ref MessagePack.MessagePackWriter w) =>
            {
                w.WriteArrayHeader(2);
                w.Write(host);
                w.Write(count);
            })));
        }
    }
}
