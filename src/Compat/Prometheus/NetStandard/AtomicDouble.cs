namespace Prometheus;

/// <summary>A number that several threads change without a lock.</summary>
internal struct AtomicDouble
{
    private long _bits;

    public readonly double Value => BitConverter.Int64BitsToDouble(Volatile.Read(in _bits));

    public void Set(double value) => Volatile.Write(ref _bits, BitConverter.DoubleToInt64Bits(value));

    public void Add(double increment)
    {
        long seen;
        do
        {
            seen = Volatile.Read(ref _bits);
        }
        while (Interlocked.CompareExchange(ref _bits, BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(seen) + increment), seen) != seen);
    }

    public void RaiseTo(double target)
    {
        long seen;
        do
        {
            seen = Volatile.Read(ref _bits);
            if (BitConverter.Int64BitsToDouble(seen) >= target)
                return;
        }
        while (Interlocked.CompareExchange(ref _bits, BitConverter.DoubleToInt64Bits(target), seen) != seen);
    }

    public void LowerTo(double target)
    {
        long seen;
        do
        {
            seen = Volatile.Read(ref _bits);
            if (BitConverter.Int64BitsToDouble(seen) <= target)
                return;
        }
        while (Interlocked.CompareExchange(ref _bits, BitConverter.DoubleToInt64Bits(target), seen) != seen);
    }
}
