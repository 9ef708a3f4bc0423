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
            Hold(0, bytes, "this batch", "open fewer matches");
            _sessions++;
        }
        return new Share(this, bytes);
    }

    /// <summary>Holds more of the bytes for a batch; nothing if there are too few.</summary>
    private void Hold(long held, long bytes, string what, string instead)
    {
        if (_bytes + bytes > limits.Bytes)
            throw Refusal.Conflict($"{what} would take {Text((held + bytes) >> 20)} MiB; of {Text(limits.Bytes >> 20)} MiB for all batches {Text((limits.Bytes - _bytes + held) >> 20)} are left, so {instead}");
        _bytes += bytes;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>One batch's part; given back once by Dispose.</summary>
    public sealed class Share(ResearchBudget of, long bytes) : IDisposable
    {
        private bool _given;
        private long _bytes = bytes;

        /// <summary>Takes more for the same batch.</summary>
        /// <param name="what">The batch as it would then be.</param>
        /// <exception cref="Refusal">More than the limits allow beside what others have; the batch keeps what it had.</exception>
        public void Add(long more, string what)
        {
            lock (of._gate)
            {
                of.Hold(_bytes, more, what, "open fewer matches or let fewer networks play");
                _bytes += more;
            }
        }

        public void Dispose()
        {
            lock (of._gate)
            {
                if (_given)
                    return;
                _given = true;
                of._sessions--;
                of._bytes -= _bytes;
            }
        }
    }
}
