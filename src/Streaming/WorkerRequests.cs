using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming;

/// <summary>An answer that waits to be sent.</summary>
internal sealed record Reply(FrameKind Kind, byte[] Header, byte[] Payload);

/// <summary>
/// What one worker asks and tells besides its experience (matches, policies, counts), and the answers on their way back. Requests come on the connection's
/// reading end alone; answers are taken by its writing end.
/// </summary>
internal sealed class WorkerRequests(LearnerListener listener)
{
    private const int MostReplies = 1024;

    /// <summary>A policy's bundle is read from the disk and is large.</summary>
    private const int PolicyCost = 20;
    private readonly ConcurrentQueue<Reply> _replies = new();
    private readonly RateLimit _limit = new(listener.Limits.RequestsPerSecond, 10 * listener.Limits.RequestsPerSecond, listener.Time);

    /// <summary>Numbers under which the run knows the worker's hosts.</summary>
    public int[] Hosts { get; set; } = [];

    /// <summary>Whether no answer waits.</summary>
    public bool IsEmpty => _replies.IsEmpty;

    public bool TryTake([MaybeNullWhen(false)] out Reply reply) => _replies.TryDequeue(out reply);

    /// <summary>Lets the worker know that the learner lives.</summary>
    public void Ping() => _replies.Enqueue(new Reply(FrameKind.Ping, [], []));

    /// <summary>Does what the frame at hand asks; true if there is something to send now.</summary>
    /// <exception cref="RefusedException">It asks for too much, or makes no sense.</exception>
    /// <exception cref="FormatException">Its header is malformed.</exception>
    public bool Answer(FrameReader reader)
    {
        if (!_limit.Take(reader.Kind == FrameKind.WantPolicy ? PolicyCost : 1) || _replies.Count > MostReplies)
            throw new RefusedException(Refusal.TooFast, $"more than {listener.Limits.RequestsPerSecond:0} requests a second came");
        IRunPort port = listener.Port;
        switch (reader.Kind)
        {
            case FrameKind.WantMatches:
                (int host, int count) = reader.Header((ref MessagePack.MessagePackReader r) =>
                {
                    r.Fields(2);
                    return (r.Number(0, Hosts.Length - 1), r.Number(1, HostMatches.Most));
                });
                Enqueue(FrameKind.Matches, new HostMatches(host, [.. Enumerable.Range(0, count).Select(_ => port.Next(Hosts[host]))]).Write, []);
                return true;
            case FrameKind.MatchEnded:
                (int played, Assignment match) = reader.Header((ref MessagePack.MessagePackReader r) =>
                {
                    r.Fields(8);
                    return (r.Number(0, Hosts.Length - 1), new Assignment(r.Matchup(), "", 0, 0));
                });
                port.Ended(Hosts[played], match);
                return false;
            case FrameKind.WantPolicy:
                EnqueuePolicy(reader.Header((ref MessagePack.MessagePackReader r) => { r.Fields(2); return r.Player(); }));
                return true;
            case FrameKind.Counters:
                port.Count(reader.Header((ref MessagePack.MessagePackReader r) =>
                {
                    r.Fields(4);
                    return new HostCounters(Some(ref r), Some(ref r), Some(ref r), TimeSpan.FromTicks(Some(ref r)));
                }));
                return false;
            case FrameKind.Ping:
                return false;
            default:
                throw new RefusedException(Refusal.BadFrame, $"a {reader.Kind} frame makes no sense from a worker");
        }
    }

    /// <summary>What hosts can have done since they last said; sums of it stay far from the end of a long.</summary>
    private static long Some(ref MessagePack.MessagePackReader reader)
    {
        long count = reader.Count();
        return count < 1L << 42 ? count : throw new FormatException($"no worker does {count} of anything at once");
    }

    private void EnqueuePolicy(PlayerId player)
    {
        byte[] bundle = [];
        string problem = "";
        try
        {
            bundle = listener.Port.Bundle(player);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"the learner has no policy '{player}'";
        }
        Enqueue(
            FrameKind.Policy,
            (ref MessagePack.MessagePackWriter w) =>
            {
                w.WriteArrayHeader(3);
                w.WritePlayer(player);
                w.Write(problem);
            },
            bundle);
    }

    private void Enqueue(FrameKind kind, HeaderWriter header, byte[] payload) => _replies.Enqueue(new Reply(kind, FrameWriter.Encode(header), payload));
}
