using System.Net;
using System.Net.Sockets;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming.Faults;

/// <summary>
/// Somebody at a learner's port who sends what nobody should. Each visit is one connection (a flood: hundreds). One visit at a time; several
/// intruders may trouble the same learner.
/// </summary>
public sealed class Intruder
{
    private const int FloodOf = 600, FramesBetween = 64, Rounds = 12, SyncCount = 7, MostHeader = 128 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly HashSet<Refusal> AnyTime = [Refusal.TooFast, Refusal.Full];
    private readonly Random _random;
    private readonly SharedSecret _secret, _wrong;
    private readonly FactoryOf _factoryOf;
    private readonly IntrusionCounters _counters;
    private readonly FrameMutation _mutation;
    private readonly string[] _sessions;
    private byte[] _payload = [];
    private WorkerTerms? _terms;

    /// <param name="secret">The learner's, which insiders know.</param>
    public Intruder(int seed, SharedSecret secret, FactoryOf factoryOf, IntrusionCounters counters)
    {
        (_random, _secret, _factoryOf, _counters) = (new Random(seed), secret, factoryOf, counters);
        _wrong = SharedSecret.Of($"whoever guesses {seed} is wrong");
        _mutation = new FrameMutation(_random);
        _sessions = [.. Enumerable.Range(0, 6).Select(_ => Session())];
    }

    /// <summary>Sessions as which this one pretends to be a worker: what it reports is in nobody's book.</summary>
    public IEnumerable<string> Sessions => _sessions;

    /// <summary>One visit of the given kind. A learner that is away, or goes away meanwhile, is nothing that counts.</summary>
    public async Task VisitAsync(Intrusion way, IPEndPoint learner, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            if (way == Intrusion.Flood)
            {
                await FloodAsync(learner, limit.Token).ConfigureAwait(false);
                return;
            }
            if (way == Intrusion.OldWorker)
            {
                ComeWithOldContent(learner, limit.Token);
                return;
            }
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(learner, limit.Token).ConfigureAwait(false);
            _counters.Visited(way);
            var stream = new NetworkStream(socket, ownsSocket: false);
            await (way switch
            {
                Intrusion.Noise => ThrowAsync(way, stream, Noise(), [Refusal.BadFrame], limit.Token),
                Intrusion.DamagedPrefix => ThrowAsync(way, stream, _mutation.Prefix(Greeting()), [Refusal.BadFrame, Refusal.TooLarge, Refusal.OtherProtocol], limit.Token),
                Intrusion.DamagedGreeting => ThrowAsync(way, stream, WrongGreeting(), [Refusal.BadFrame, Refusal.TooLarge], limit.Token),
                Intrusion.OutOfTurn => ThrowAsync(way, stream, Early(), [Refusal.BadFrame, Refusal.TooLarge], limit.Token),
                Intrusion.CutShort => CutShortAsync(stream, limit.Token),
                Intrusion.WrongSecret => KnockAsync(way, stream, _wrong, limit.Token),
                Intrusion.OtherContent => KnockAsync(way, stream, _secret, limit.Token),
                _ => MisbehaveAsync(stream, limit.Token),
            }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The learner is away, was killed meanwhile, or hung up without a word, as it may when too many come at once.
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // A learner that is killed on a loaded machine may leave a connection hanging.
        }
    }

    private string Session()
    {
        var bytes = new byte[Hello.SessionLength / 2];
        _random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private object?[] HelloFields() => [Hello.Greeting, Session(), SharedSecret.Nonce()];

    private byte[] Greeting() => Fields.Frame(FrameKind.Hello, HelloFields());

    private byte[] Noise()
    {
        var bytes = new byte[_random.Next(FramePrefix.Bytes, _random.Next(8) == 0 ? 65_536 : 512)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private byte[] WrongGreeting()
    {
        object?[] fields = HelloFields();
        if (_random.Next(4) == 0)
            return Fields.Frame(FrameKind.Hello, fields[.._random.Next(fields.Length)]);
        // A nasty value may be a text, but no text that greets.
        fields[_random.Next(fields.Length)] = Fields.Nasty(_random);
        return Fields.Frame(FrameKind.Hello, fields);
    }

    private byte[] Early()
    {
        FrameKind[] early = [FrameKind.Chunk, FrameKind.Result, FrameKind.Ready, FrameKind.Proof, FrameKind.WantPolicy, FrameKind.Ping, FrameKind.Accept, FrameKind.Goodbye];
        return Fields.Frame(early[_random.Next(early.Length)], Fields.Encode(HelloFields()), _random.Next(3) == 0 ? new byte[100] : default);
    }

    /// <summary>Sends one frame that no learner takes, and reads what it says to that.</summary>
    private async Task ThrowAsync(Intrusion way, NetworkStream stream, byte[] frame, HashSet<Refusal> right, CancellationToken cancellation)
    {
        await stream.WriteAsync(frame, cancellation).ConfigureAwait(false);
        var reader = new FrameReader(stream, new FrameLimits(MostHeader, 0));
        // A prefix that lies about lengths may leave the learner waiting for more; the end of the stream is then its answer.
        stream.Socket.Shutdown(SocketShutdown.Send);
        if (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            Refused(way, reader, right);
        _counters.Read(way, 1);
    }

    private async Task CutShortAsync(NetworkStream stream, CancellationToken cancellation)
    {
        byte[] frame = Greeting();
        await stream.WriteAsync(frame.AsMemory(0, _random.Next(1, frame.Length)), cancellation).ConfigureAwait(false);
        if (_random.Next(2) == 0)
            stream.Socket.LingerState = new LingerOption(true, 0);
    }

    /// <summary>Comes to the point where the learner must notice what is wrong with this worker.</summary>
    private async Task KnockAsync(Intrusion way, NetworkStream stream, SharedSecret secret, CancellationToken cancellation)
    {
        var reader = new FrameReader(stream, new FrameLimits(MostHeader, 0));
        if (await ProveAsync(way, stream, reader, Session(), secret, cancellation).ConfigureAwait(false) is not { } accept)
            return;
        if (way == Intrusion.WrongSecret)
        {
            _counters.Breached("a worker with a wrong secret was accepted");
            return;
        }
        bool layout = _random.Next(3) == 0;
        byte[] ready = Fields.Frame(FrameKind.Ready, [layout ? accept.SpecHash + 1 : accept.SpecHash, layout ? accept.ContentHash : "of last year", 1, 0L, 0L]);
        await stream.WriteAsync(ready, cancellation).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellation).ConfigureAwait(false))
            return;
        _counters.Read(way, 1);
        if (reader.Kind == FrameKind.Start)
            _counters.Breached($"a worker with another {(layout ? "layout" : "content")} was let in");
        else
            Refused(way, reader, layout ? [Refusal.OtherLayout] : [Refusal.OtherContent]);
    }

    private async Task<Accept?> ProveAsync(Intrusion way, NetworkStream stream, FrameReader reader, string session, SharedSecret secret, CancellationToken cancellation)
    {
        byte[] nonce = SharedSecret.Nonce();
        await stream.WriteAsync(Fields.Frame(FrameKind.Hello, [Hello.Greeting, session, nonce]), cancellation).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellation).ConfigureAwait(false) || Refused(way, reader, []))
            return null;
        byte[] challenge = reader.Header((ref MessagePack.MessagePackReader r) => { r.Fields(1); return r.Bytes(SharedSecret.NonceBytes); });
        await stream.WriteAsync(Fields.Frame(FrameKind.Proof, [secret.Prove("worker", session, nonce, challenge)]), cancellation).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellation).ConfigureAwait(false))
            return null;
        _counters.Read(way, 2);
        return Refused(way, reader, way == Intrusion.WrongSecret ? [Refusal.WrongSecret] : []) ? null : reader.Header(Accept.Read);
    }

    /// <summary>The worker's own code with a spec of other content: it finds out by itself, and tells the learner.</summary>
    private void ComeWithOldContent(IPEndPoint learner, CancellationToken cancellation)
    {
        _counters.Visited(Intrusion.OldWorker);
        var target = new WorkerTarget(learner.Address.ToString(), learner.Port, _secret, TimeSpan.FromSeconds(1));
        using var link = new WorkerLink(target, 1, 1, recipe => new OtherContent(_factoryOf(recipe)), _ => { }, TimeProvider.System);
        try
        {
            _ = link.Terms(cancellation);
            _counters.Breached("a worker of older content found nothing wrong with its learner");
        }
        catch (RefusedException e)
        {
            _counters.RefusedAs(Intrusion.OldWorker, e.Refusal);
            _counters.Read(Intrusion.OldWorker, 3);
            if (e.Refusal != Refusal.OtherContent && !AnyTime.Contains(e.Refusal))
                _counters.Breached($"a worker of older content ended with {e.Refusal}: {e.Message}");
        }
    }

    /// <summary>Plays a worker that goes mad by and by: frames as they may be, and now and then one as it may not.</summary>
    private async Task MisbehaveAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var reader = new FrameReader(stream, new FrameLimits(MostHeader, 0));
        string session = _sessions[_random.Next(_sessions.Length)];
        if (await ProveAsync(Intrusion.Insider, stream, reader, session, _secret, cancellation).ConfigureAwait(false) is not { } accept)
            return;
        _terms ??= WorkerTerms.Of(accept, _factoryOf);
        TrajectoryLayout layout = _terms.Layout;
        await stream.WriteAsync(Fields.Frame(FrameKind.Ready, [accept.SpecHash, accept.ContentHash, 1, 0L, 0L]), cancellation).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellation).ConfigureAwait(false) || Refused(Intrusion.Insider, reader, []))
            return;
        Progress start = reader.Header(Progress.Read);
        _counters.Read(Intrusion.Insider, 1);
        reader.Limits = new FrameLimits(MostHeader, 512 << 20);
        (long chunk, long result) = (start.Chunks, start.Results);
        for (int round = 0; round < Rounds; round++)
        {
            using var burst = new MemoryStream();
            int frames = _random.Next(1, 2 * FramesBetween);
            for (int i = 0; i < frames; i++)
                burst.Write(_mutation.Allowed(ref result));
            if (round == 0 && chunk < start.Allowed && _random.Next(4) == 0)
            {
                burst.Write(_mutation.SoundChunk(chunk++, layout));
                frames++;
            }
            burst.Write(_mutation.Wild(result, chunk, layout));
            burst.Write(Fields.Frame(FrameKind.WantMatches, [0, SyncCount]));
            await stream.WriteAsync(burst.GetBuffer().AsMemory(0, (int)burst.Length), cancellation).ConfigureAwait(false);
            if (!await AnsweredAsync(reader, cancellation).ConfigureAwait(false))
            {
                _counters.Read(Intrusion.Insider, frames + 1);
                return;
            }
            _counters.Read(Intrusion.Insider, frames + 2);
        }
    }

    /// <summary>True if the learner came as far as to answer the burst's last frame; false if it refused or closed.</summary>
    private async Task<bool> AnsweredAsync(FrameReader reader, CancellationToken cancellation)
    {
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (_payload.Length < reader.PayloadBytes)
                _payload = new byte[reader.PayloadBytes];
            if (reader.PayloadBytes > 0)
                await reader.ReadPayloadAsync(_payload.AsMemory(0, reader.PayloadBytes), cancellation).ConfigureAwait(false);
            if (reader.Kind == FrameKind.Matches && reader.Header(HostMatches.Read).Matches.Count == SyncCount)
                return true;
            if (Refused(Intrusion.Insider, reader, [Refusal.BadFrame, Refusal.TooLarge, Refusal.TooFast, Refusal.BadChunk, Refusal.OtherProtocol]))
                return false;
        }
        return false;
    }

    private async Task FloodAsync(IPEndPoint learner, CancellationToken cancellation)
    {
        Socket[] sockets = [.. Enumerable.Range(0, FloodOf).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp))];
        try
        {
            await Task.WhenAll(sockets.Select(async s =>
            {
                try
                {
                    await s.ConnectAsync(learner, cancellation).ConfigureAwait(false);
                    _counters.Visited(Intrusion.Flood);
                }
                catch (SocketException)
                {
                    // More than the machine takes at once.
                }
            })).ConfigureAwait(false);
        }
        finally
        {
            foreach (Socket socket in sockets)
                socket.Dispose();
        }
    }

    /// <summary>Whether the frame at hand is a refusal, which is noted; one for a reason that does not fit is a breach.</summary>
    private bool Refused(Intrusion way, FrameReader reader, HashSet<Refusal> right)
    {
        if (reader.Kind != FrameKind.Refuse)
            return false;
        (Refusal refusal, string why) = reader.Header((ref MessagePack.MessagePackReader r) =>
        {
            r.Fields(2);
            return ((Refusal)r.Number(1, 255), r.Text(4096));
        });
        _counters.RefusedAs(way, refusal);
        if (!right.Contains(refusal) && !AnyTime.Contains(refusal))
            _counters.Breached($"{way} was refused as {refusal}: {why}");
        return true;
    }

    /// <summary>An environment whose content is not the learner's.</summary>
    private sealed class OtherContent(IEnvironmentFactory inner) : IEnvironmentFactory
    {
        public EnvironmentSpec Spec { get; } = EnvironmentSpec.FromJson(inner.Spec.ToJson().Replace($"\"{inner.Spec.ContentHash}\"", "\"of an older version\"", StringComparison.Ordinal));

        public EnvironmentRecipe Recipe => inner.Recipe;

        public IBatchEnvironment Create(int matches) => inner.Create(matches);
    }
}
