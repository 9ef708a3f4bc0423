using System.Runtime.CompilerServices;

namespace SelfPlayArena.Moba;

/// <summary>Where a method marks that a part of its work is done. Generic over a struct, so that unprofiled code contains no trace of it.</summary>
internal interface ILaps
{
    void Start();

    void Lap(ProfilePart part);
}

internal readonly struct NoLaps : ILaps
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start()
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Lap(ProfilePart part)
    {
    }
}

internal readonly struct TimedLaps(SimulationProfile profile) : ILaps
{
    public void Start() => profile.Start();

    public void Lap(ProfilePart part) => profile.Lap(part);
}
