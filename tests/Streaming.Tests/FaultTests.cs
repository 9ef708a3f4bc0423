using System.Net;
using System.Net.Sockets;
using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Streaming.Faults;

namespace SelfPlayArena.Streaming.Tests;

/// <summary>The instruments with which a learner is troubled and judged.</summary>
public sealed class FaultTests
{
    private const string Secret = "a secret of enough bytes";

    [Fact]
    public void The_ledger_finds_what_is_missing_doubled_changed_or_made_up()
    {
        var ledger = new ResultLedger();
        for (int i = 0; i < 5; i++)
            ledger.Reported("s", FrameWriter.Encode(new NumberedResult(i, Stage.Result(i)).Write));
        ledger.AcknowledgedUpTo("s", FrameWriter.Encode(new Progress(0, 0, 4).Write));
        // An acknowledgement that comes late says less than one before it.
        ledger.AcknowledgedUpTo("s", FrameWriter.Encode(new Progress(0, 0, 2).Write));
        MatchFinished[] log = [.. Enumerable.Range(0, 5).Select(i => MatchFinished.Of(Stage.Result(i) with { MatchId = $"ws/{i}" }))];

        LedgerVerdict sound = ledger.Judge(log, new HashSet<string>());
        Assert.True(sound.Sound);
        Assert.Equal((5, 4, 5), (sound.Reported, sound.Acknowledged, sound.InLog));
        Assert.True(ledger.Judge(log[..4], new HashSet<string>()).Sound);
        Assert.Equal(["ws/1"], ledger.Judge([.. log.Where(m => m.Match != "ws/1")], new HashSet<string>()).Lost);
        Assert.Equal(["ws/2"], ledger.Judge([.. log, log[2]], new HashSet<string>()).Twice);
        Assert.Equal(["ws/3"], ledger.Judge([.. log[..3], log[3] with { Seed = 99 }], new HashSet<string>()).Changed);
        MatchFinished foreign = log[0] with { Match = "wx/0" };
        Assert.Equal(["wx/0"], ledger.Judge([.. log, foreign], new HashSet<string>()).Unknown);
        Assert.True(ledger.Judge([.. log, foreign], new HashSet<string> { "x" }).Sound);
    }

    [Fact]
    public void The_trace_of_a_stream_sees_every_frame_however_it_is_cut_into_pieces()
    {
        byte[] bytes = [
            .. Fields.Frame(FrameKind.Ping, []), .. Fields.Frame(FrameKind.Chunk, [1L, "a"]).AsSpan(), .. Fields.Frame(FrameKind.Chunk, Fields.Encode([2L]), new byte[1000]),
            .. Fields.Frame(FrameKind.Result, [3L])];
        for (int size = 1; size < 60; size++)
        {
            var seen = new List<FrameKind>();
            var trace = new FrameTrace((kind, _) => seen.Add(kind));
            for (int at = 0; at < bytes.Length; at += size)
                trace.Feed(bytes.AsSpan(at, Math.Min(size, bytes.Length - at)));
            Assert.Equal([FrameKind.Ping, FrameKind.Chunk, FrameKind.Chunk, FrameKind.Result], seen);
            Assert.Equal(4, trace.Frames);
            Assert.False(trace.InFrame);
            trace.Feed(bytes.AsSpan(0, 1));
            Assert.True(trace.InFrame);
        }
    }

    [Fact]
    public void A_relay_cuts_within_a_frame_and_its_book_agrees_with_the_learner()
    {
        using var sink = new GatedSink();
        using var stage = new Stage(sink, secret: Secret);
        var ledger = new ResultLedger();
        using var relay = new FaultyRelay(ledger, 3) { Learner = stage.Listener.EndPoint };
        using WorkerLink worker = stage.Worker(port: relay.EndPoint.Port);
        TrajectoryLayout layout = worker.Terms(default).Layout;
        int count = 0;
        while (relay.Cuts < 5)
        {
            if (relay.Doomed == 0)
                relay.Cut();
            worker.Report(0, Stage.Result(count));
            Assert.True(worker.Write(Stage.Chunk(layout, count++), default), worker.Failure?.ToString());
        }
        Assert.True(worker.Drain(Stage.Patience), worker.Failure?.ToString());
        Assert.Equal(Enumerable.Range(0, count), sink.Seen);
        LedgerVerdict verdict = ledger.Judge(stage.Port.Results.Values.Select(MatchFinished.Of), new HashSet<string>());
        Assert.True(verdict.Sound);
        Assert.Equal((count, count, count), (verdict.Reported, verdict.Acknowledged, verdict.InLog));
    }

    [Fact]
    public async Task Every_kind_of_intruder_is_refused_for_its_own_reason_and_each_is_a_line_and_a_count()
    {
        using var sink = new GatedSink();
        using var stage = new Stage(sink, secret: Secret);
        var counters = new IntrusionCounters();
        var intruder = new Intruder(7, SharedSecret.Of(Secret), _ => new MatchingFactory(), counters);
        foreach (Intrusion way in Enum.GetValues<Intrusion>().Where(w => w != Intrusion.Flood))
        {
            for (int i = 0; i < (way == Intrusion.OldWorker ? 3 : 25); i++)
                await intruder.VisitAsync(way, stage.Listener.EndPoint, default);
        }
        Assert.Empty(counters.Breaches);
        Assert.Equal(25, stage.Listener.Counters.Refused(Refusal.WrongSecret));
        Assert.Equal(25, counters.Refused(Intrusion.WrongSecret, Refusal.WrongSecret));
        Assert.Equal(28, stage.Listener.Counters.Refused(Refusal.OtherContent) + stage.Listener.Counters.Refused(Refusal.OtherLayout));
        Assert.True(stage.Listener.Counters.Refused(Refusal.BadChunk) > 0 && counters.FramesOf(Intrusion.Insider) > 1000, $"{counters.FramesOf(Intrusion.Insider)} frames");
        Stage.Until(() => Enum.GetValues<Refusal>().Sum(stage.Listener.Counters.Refused) == stage.Log.Count(l => l.Contains(" refused (", StringComparison.Ordinal)), "a line for each refusal");
        Assert.DoesNotContain(stage.Log, l => l.Contains("the connection failed", StringComparison.Ordinal));

        using WorkerLink worker = stage.Worker();
        worker.Report(0, Stage.Result(1));
        Assert.True(worker.Drain(Stage.Patience));
    }

    [Fact]
    public async Task A_flood_is_turned_away_and_leaves_room_for_workers_a_moment_later()
    {
        using var sink = new GatedSink();
        using var stage = new Stage(sink, new StreamLimits { ConnectionsPerSecond = 5 });
        await new Intruder(1, SharedSecret.None, _ => new MatchingFactory(), new IntrusionCounters()).VisitAsync(Intrusion.Flood, stage.Listener.EndPoint, default);
        Stage.Until(() => stage.Listener.Counters.Refused(Refusal.TooFast) > 100, "a flood to be turned away");
        using WorkerLink worker = stage.Worker();
        worker.Report(0, Stage.Result(1));
        Assert.True(worker.Drain(Stage.Patience));
    }

    [Fact]
    public void Workers_that_went_away_are_forgotten_beyond_a_number_and_may_come_back_all_the_same()
    {
        using var sink = new GatedSink();
        using var stage = new Stage(sink, new StreamLimits { Remembered = 2 });
        for (int i = 0; i < 8; i++)
        {
            using WorkerLink worker = stage.Worker();
            worker.Report(0, Stage.Result(i));
            Assert.True(worker.Drain(Stage.Patience));
        }
        Stage.Until(() => stage.Listener.Remembered <= 2, "old workers to be forgotten");
        Assert.Equal(8, stage.Port.Results.Count);
    }

    [Fact]
    public async Task A_worker_whose_numbers_make_no_sense_is_refused_and_takes_no_place()
    {
        using var sink = new GatedSink();
        using var stage = new Stage(sink, new StreamLimits { Workers = 1 });
        string session;
        using (WorkerLink worker = stage.Worker())
        {
            worker.Report(0, Stage.Result(1));
            Assert.True(worker.Drain(Stage.Patience));
            session = worker.Session;
        }
        Stage.Until(() => stage.Listener.Counters.Workers == 0, "the worker to leave");
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(stage.Listener.EndPoint);
            await using var stream = new NetworkStream(socket);
            var reader = new FrameReader(stream, new FrameLimits(100_000, 0));
            byte[] nonce = SharedSecret.Nonce();
            await stream.WriteAsync(Fields.Frame(FrameKind.Hello, [Hello.Greeting, session, nonce]));
            Assert.True(await reader.ReadAsync(default));
            byte[] challenge = reader.Header((ref MessagePack.MessagePackReader r) => { r.Fields(1); return r.Bytes(SharedSecret.NonceBytes); });
            await stream.WriteAsync(Fields.Frame(FrameKind.Proof, [SharedSecret.None.Prove("worker", session, nonce, challenge)]));
            Assert.True(await reader.ReadAsync(default));
            await stream.WriteAsync(Fields.Frame(FrameKind.Ready, [MatchingFactory.Layout.Hash, MatchingFactory.Layout.ContentHash, 1, 99L, 99L]));
            Assert.True(await reader.ReadAsync(default));
            Assert.Equal(FrameKind.Refuse, reader.Kind);
        }
        using WorkerLink next = stage.Worker();
        _ = next.Terms(default);
    }
}
