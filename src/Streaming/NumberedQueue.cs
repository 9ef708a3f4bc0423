namespace SelfPlayArena.Streaming;

/// <summary>A queue whose entries bear consecutive numbers by which they can be reached. Not thread-safe.</summary>
internal sealed class NumberedQueue<T>
{
    private T[] _entries = new T[16];

    /// <summary>Number of the oldest entry.</summary>
    public long First { get; private set; }

    /// <summary>Number that the next entry gets.</summary>
    public long Next { get; private set; }

    public int Count => (int)(Next - First);

    public T this[long number] => _entries[number % _entries.Length];

    public void Add(T entry)
    {
        if (Count == _entries.Length)
        {
            var larger = new T[2 * _entries.Length];
            for (long n = First; n < Next; n++)
                larger[n % larger.Length] = this[n];
            _entries = larger;
        }
        _entries[Next++ % _entries.Length] = entry;
    }

    /// <summary>Takes the oldest entry.</summary>
    public T Take()
    {
        if (Count == 0)
            throw new InvalidOperationException("the queue is empty");
        ref T place = ref _entries[First++ % _entries.Length];
        T entry = place;
        place = default!;
        return entry;
    }
}
