using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Streaming;

/// <summary>
/// Takes workers' connections for a run: authenticates them, hands out matches and policies, puts their chunks into the run's sink and their
/// results into its league. Whatever comes, the run goes on: who breaks a rule loses his connection, which is one line in the log and one count.
/// </summary>
public sealed class LearnerListener : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);
    private const int MostWindow = 1024, BeatsPerForgetting = 20;
    private readonly Socket _socket;
    private readonly Action<string> _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, WorkerSession> _sessions = new();
    private readonly ConcurrentDictionary<LearnerConnection, Task> _connections = new();
    private readonly Lock _gate = new();
    private readonly Task _accepting, _beating;
    private PublishedWeights? _encoded;
    private byte[] _weights = [];
    private int _strangers;
    private volatile string _told = "";
    private volatile bool _ending;

    /// <param name="socket">Bound and listening (<see cref="Bind"/>); the listener's from now on.</param>
    /// <param name="log">Gets one line for each thing that happens; called from any thread.</param>
    public LearnerListener(Socket socket, IRunPort port, SharedSecret secret, StreamLimits limits, Action<string> log, TimeProvider time)
    {
        (_socket, Port, Secret, Limits, _log, Time) = (socket, port, secret, limits, log, time);
        Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        Window = Math.Max(2, Math.Min(limits.WindowBytes / port.Layout.Bytes, Math.Min(port.MostWaiting, MostWindow)));
        Feeder = new ChunkFeeder(port.Sink, Math.Max(1, Window / 8), _stop.Token);
        _accepting = Task.Run(AcceptAsync);
        _beating = Task.Run(BeatAsync);
    }

    /// <summary>Where workers connect to.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public ListenerCounters Counters { get; } = new();

    internal string Id { get; }

    internal IRunPort Port { get; }

    internal SharedSecret Secret { get; }

    internal StreamLimits Limits { get; }

    internal TimeProvider Time { get; }

    /// <summary>Chunks that a worker may have sent without their being taken.</summary>
    internal int Window { get; }

    internal ChunkFeeder Feeder { get; }

    /// <summary>Bytes of chunks that this end holds at most for one worker, besides the one that is arriving.</summary>
    public long WindowBytes => (long)Window * Port.Layout.Bytes;

    /// <summary>Workers that are connected, or were and are remembered.</summary>
    internal int Remembered => _sessions.Count;

    /// <summary>Chunks that were received and wait for the run's sink.</summary>
    public int Waiting => Feeder.Waiting;

    /// <exception cref="SocketException">The address is in use or not this machine's.</exception>
    public static Socket Bind(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            socket.Listen(512);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Tells all workers that the run is over, acknowledges what they reported, and closes.</summary>
    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
            return;
        _ending = true;
        _socket.Dispose();
        // Whoever was let in meanwhile is among those who are told.
        _ = Task.WaitAny(_accepting);
        Save(all: true);
        foreach (LearnerConnection connection in _connections.Keys)
            connection.SayGoodbye();
        Task all = Task.WhenAll(_connections.Values);
        if (!all.Wait(Farewell))
        {
            foreach (LearnerConnection connection in _connections.Keys)
                connection.Close();
            all.Wait(Farewell);
        }
        Save(all: true);
        _stop.Cancel();
        Feeder.Dispose();
        _beating.Wait();
        _stop.Dispose();
    }

    /// <summary>Ends as a killed process would: nobody is told, nothing is acknowledged.</summary>
    internal void Abandon()
    {
        _stop.Cancel();
        _socket.Dispose();
        foreach (LearnerConnection connection in _connections.Keys)
            connection.Close();
        Feeder.Join();
        Task.WaitAll([_accepting, _beating, .. _connections.Values]);
    }

    internal void Log(string line) => _log(Printable(line));

    internal void Refused(string peer, RefusedException e)
    {
        Counters.Refuse(e.Refusal);
        Log($"{peer} refused ({e.Refusal}): {e.Message}");
    }

    internal WorkerSession SessionOf(string id)
    {
        if (!_sessions.TryGetValue(id, out WorkerSession? session) && _sessions.Values.Count(s => s.Connected) >= Limits.Workers)
            throw new RefusedException(Refusal.Full, $"the learner has {Limits.Workers} workers already, which is all it takes");
        return session ?? _sessions.GetOrAdd(id, new WorkerSession(id, Port, Counters));
    }

    internal void NoStranger() => Interlocked.Decrement(ref _strangers);

    /// <summary>The newest weights as they are sent; made once for all workers.</summary>
    internal (int Version, byte[] Weights) LatestWeights()
    {
        lock (_gate)
        {
            PublishedWeights latest = Port.Latest;
            if (!ReferenceEquals(latest, _encoded) && (_encoded is null || latest.Version != _encoded.Version))
                (_encoded, _weights) = (latest, WeightsBytes.Of(Port.Plan, latest.Weights));
            return (_encoded!.Version, _weights);
        }
    }

    private async Task AcceptAsync()
    {
        var rate = new RateLimit(Limits.ConnectionsPerSecond, 2 * Limits.ConnectionsPerSecond, Time);
        while (!_stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _socket.AcceptAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Out of file handles, for example: those who are connected go on. Or disposed of while it waited.
                if (_ending)
                    return;
                await Task.Delay(Beat).ConfigureAwait(false);
                continue;
            }
            Counters.Connected();
            string peer = "somebody";
            try
            {
                peer = socket.RemoteEndPoint?.ToString() ?? peer;
            }
            catch (SocketException)
            {
                // It is gone already; the first read says so.
            }
            if (!rate.Take(1) || Volatile.Read(ref _strangers) >= Limits.Strangers)
            {
                Refused(peer, new RefusedException(Refusal.TooFast, $"more than {Limits.ConnectionsPerSecond:0} connections a second, or {Limits.Strangers} that have not said who they are"));
                socket.Dispose();
                continue;
            }
            LearnerConnection connection;
            try
            {
                connection = new LearnerConnection(this, socket, peer);
            }
            catch (IOException)
            {
                // Gone before it was there.
                socket.Dispose();
                continue;
            }
            Interlocked.Increment(ref _strangers);
            var done = new TaskCompletionSource();
            _connections[connection] = done.Task;
            _ = Task.Run(async () =>
            {
                try
                {
                    await connection.RunAsync().ConfigureAwait(false);
                }
                catch (Exception e)
                {
                    Log($"{peer}: the connection failed: {e}");
                }
                finally
                {
                    _connections.TryRemove(connection, out _);
                    connection.Dispose();
                    done.SetResult();
                }
            });
        }
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(Beat);
        (int version, int beats) = (int.MinValue, 0);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                Save(all: false);
                int latest = Port.Latest.Version;
                foreach (LearnerConnection connection in _connections.Keys)
                {
                    connection.Tick();
                    if (latest != version)
                        connection.Wake();
                }
                version = latest;
                if (++beats % BeatsPerForgetting == 0)
                    Forget();
            }
        }
        catch (OperationCanceledException)
        {
            // The listener is being disposed.
        }
    }

    /// <summary>Forgets workers that went away long ago, and the first of too many.</summary>
    private void Forget()
    {
        WorkerSession[] gone = [.. _sessions.Values.Where(s => s.Known && !s.Connected)];
        IEnumerable<WorkerSession> old = gone.Where(s => Time.GetElapsedTime(s.Since) > Limits.Memory);
        if (gone.Length > Limits.Remembered)
            old = gone.OrderBy(s => s.Since).Take(gone.Length - Limits.Remembered);
        foreach (WorkerSession session in old)
        {
            if (session.Forget())
                _sessions.TryRemove(session.Id, out _);
        }
    }

    /// <summary>Brings results to the disk and acknowledges those that are there.</summary>
    private void Save(bool all)
    {
        try
        {
            Port.Flush(all);
        }
        // Whatever it is, a league elsewhere that does not answer included: acknowledging goes on with the next beat, and closing to its end.
        catch (Exception e)
        {
            if (all || e.Message != _told)
                Log($"results of workers could not be written and will be asked for again: {e.Message}");
            _told = e.Message;
        }
        long durable = Port.DurablePosition;
        foreach (WorkerSession session in _sessions.Values)
            session.Save(durable);
    }

    private static string Printable(string line)
        => string.Create(CultureInfo.InvariantCulture, $"{new string([.. line.Take(500).Select(c => char.IsControl(c) ? ' ' : c)])}");
}
