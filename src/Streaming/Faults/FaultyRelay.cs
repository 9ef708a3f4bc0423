using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MessagePack;

namespace SelfPlayArena.Streaming.Faults;

/// <summary>
/// Stands between workers and a learner, passes their bytes on, keeps a book of their results, and cuts connections in the middle of a frame.
/// The learner behind it may come and go.
/// </summary>
public sealed class FaultyRelay : IDisposable
{
    private readonly Socket _socket = LearnerListener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly ConcurrentDictionary<Pair, byte> _pairs = new();
    private readonly ResultLedger _ledger;
    private readonly Random _random;
    private volatile bool _closed;
    private int _cuts;
    private long _frames, _bytes;

    /// <param name="seed">Where connections are cut.</param>
    public FaultyRelay(ResultLedger ledger, int seed)
    {
        (_ledger, _random) = (ledger, new Random(seed));
        _ = AcceptAsync();
    }

    /// <summary>Where the learner listens.</summary>
    public IPEndPoint? Learner { get; set; }

    /// <summary>Where workers come.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Connections that were cut, all of them within a frame.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Connections that are to be cut as soon as bytes come.</summary>
    public int Doomed => _pairs.Keys.Count(p => p.Doomed);

    /// <summary>Frames that passed, both ways.</summary>
    public long Frames => Volatile.Read(ref _frames);

    /// <summary>Bytes that passed, both ways.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Cuts one connection drawn at random, as soon as bytes of it are under way. False if there is none.</summary>
    public bool Cut()
    {
        Pair[] pairs = [.. _pairs.Keys.Where(p => p.Session is not null && !p.Doomed && !p.Ending)];
        if (pairs.Length == 0)
            return false;
        Pair pair = pairs[_random.Next(pairs.Length)];
        // Three of four bytes go up; a cut on the way down damages acknowledgements and weights.
        (pair.Reset, pair.Up, pair.Doomed) = (_random.Next(2) == 0, _random.Next(4) > 0, true);
        return true;
    }

    public void Dispose()
    {
        _closed = true;
        _socket.Dispose();
        foreach (Pair pair in _pairs.Keys)
            pair.Close();
    }

    private sealed class Pair(Socket worker, Socket learner)
    {
        public Socket Worker => worker;

        public Socket Learner => learner;

        /// <summary>Who the worker says it is.</summary>
        public volatile string? Session;

        public volatile bool Doomed;

        public bool Up, Reset;

        private int _ended, _closed;

        /// <summary>True for the first direction that came to its end.</summary>
        public bool EndedOnce() => Interlocked.Increment(ref _ended) == 1;

        public bool Ending => Volatile.Read(ref _ended) > 0;

        public void Close()
        {
            if (Interlocked.Exchange(ref _closed, 1) != 0)
                return;
            try
            {
                if (Reset)
                    worker.LingerState = learner.LingerState = new LingerOption(true, 0);
            }
            catch (SocketException)
            {
                // One of the ends is gone already.
            }
            worker.Dispose();
            learner.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        while (!_closed)
        {
            Socket? worker = null, learner = null;
            try
            {
                worker = await _socket.AcceptAsync().ConfigureAwait(false);
                learner = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                worker.NoDelay = true;
                await learner.ConnectAsync(Learner ?? throw new SocketException((int)SocketError.ConnectionRefused)).ConfigureAwait(false);
                var pair = new Pair(worker, learner);
                _pairs[pair] = 0;
                _ = PassAsync(pair, up: true);
                _ = PassAsync(pair, up: false);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // No learner at the moment, or the relay is being disposed.
                worker?.Dispose();
                learner?.Dispose();
            }
        }
    }

    private async Task PassAsync(Pair pair, bool up)
    {
        (Socket from, Socket to) = up ? (pair.Worker, pair.Learner) : (pair.Learner, pair.Worker);
        var trace = new FrameTrace((kind, header) => Book(pair, up, kind, header));
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                int n = await from.ReceiveAsync(buffer).ConfigureAwait(false);
                if (n == 0)
                    break;
                bool cut = pair.Doomed && pair.Up == up;
                int pass = cut ? Within(n) : n;
                long before = trace.Frames;
                trace.Feed(buffer.AsSpan(0, pass));
                while (cut && !trace.InFrame && pass < n)
                    trace.Feed(buffer.AsSpan(pass++, 1));
                Interlocked.Add(ref _frames, trace.Frames - before);
                Interlocked.Add(ref _bytes, pass);
                for (int sent = 0; sent < pass;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, pass - sent)).ConfigureAwait(false);
                if (cut && trace.InFrame)
                {
                    Interlocked.Increment(ref _cuts);
                    break;
                }
            }
            if (!pair.Doomed && pair.EndedOnce())
            {
                // The other direction may still have last words.
                to.Shutdown(SocketShutdown.Send);
                return;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or RefusedException or MessagePackSerializationException or FormatException)
        {
            // One of the ends is gone, or the pair was cut in the other direction.
        }
        _pairs.TryRemove(pair, out _);
        pair.Close();
    }

    private int Within(int n)
    {
        lock (_random)
            return _random.Next(1, n + 1);
    }

    private void Book(Pair pair, bool up, FrameKind kind, ReadOnlyMemory<byte> header)
    {
        if (up && kind == FrameKind.Hello)
        {
            var reader = new MessagePackReader(header);
            pair.Session = Hello.Read(ref reader).Session;
        }
        else if (up && kind == FrameKind.Result)
        {
            _ledger.Reported(pair.Session!, header);
        }
        else if (!up && kind is FrameKind.Acknowledge or FrameKind.Start)
        {
            _ledger.AcknowledgedUpTo(pair.Session!, header);
        }
    }
}
