namespace SelfPlayArena.Moba;

/// <summary>
/// Adds up how long each part of stepping and observing takes; see <see cref="MobaEnvironment.Profile"/>. The clock is the caller's, because
/// the simulation itself has none.
/// </summary>
public sealed class SimulationProfile
{
    private readonly Func<long> _clock;
    private readonly long[] _time = new long[Parts.Count];
    private readonly long[] _laps = new long[Parts.Count];
    private long _last;

    /// <param name="clock">A clock that only goes forward, in any unit.</param>
    public SimulationProfile(Func<long> clock) => _clock = clock;

    /// <summary>All parts in the order in which they run.</summary>
    public static IReadOnlyList<ProfilePart> Parts { get; } = Enum.GetValues<ProfilePart>();

    /// <summary>Time spent in a part so far, in the clock's unit; each lap contains one reading of the clock.</summary>
    public long Time(ProfilePart part) => _time[(int)part];

    /// <summary>How often a part was timed so far.</summary>
    public long Laps(ProfilePart part) => _laps[(int)part];

    /// <summary>Forgets all times.</summary>
    public void Clear()
    {
        Array.Clear(_time);
        Array.Clear(_laps);
    }

    internal void Start() => _last = _clock();

    internal void Lap(ProfilePart part)
    {
        long now = _clock();
        _time[(int)part] += now - _last;
        _laps[(int)part]++;
        _last = now;
    }
}
