using System.Globalization;
using SelfPlayArena.Server.Security;

namespace SelfPlayArena.Server.Research;

/// <summary>What all open batches have together, held against the limits. Thread-safe.</summary>
internal sealed class ResearchBudget(ResearchLimits limits)
{
    private readonly Lock _gate = new();
    private int _sessions;
    private long _bytes;

    public int Sessions
    {
        get
        {
            lock (_gate)
                return _sessions;
        }
    }

    public long Bytes
    {
        get
        {
            lock (_gate)
                return _bytes;
        }
    }

    /// <exception cref="Refusal">More than the limits allow beside what others have.</exception>
    public Share Take(long bytes)
    {
        lock (_gate)
        {
            if (_sessions == limits.Sessions)
                throw Refusal.Conflict($"{Text(_sessions)} batches are open; allowed: {Text(limits.Sessions)} at once");
            if (_bytes + bytes > limits.Bytes)
                throw Refusal.Conflict($"this batch would take {Text(bytes >> 20)} MiB; of {Text(limits.Bytes >> 20)} MiB for all batches {Text((limits.Bytes - _bytes) >> 20)} are left, so open fewer matches");
            _sessions++;
            _bytes += bytes;
        }
        return new Share(this, bytes);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>One batch's part; given back once by Dispose.</summary>
    public sealed class Share(ResearchBudget of, long bytes) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) != 0)
                return;
            lock (of._gate)
            {
                of._sessions--;
                of._bytes -= bytes;
            }
        }
    }
}
