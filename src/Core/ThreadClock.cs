using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SelfPlayArena.Core;

/// <summary>
/// Processor time of the calling thread: what a measurement should count on a machine whose cores others use too, as the wall clock also counts
/// their turns. Where the system cannot tell, the wall clock takes its place.
/// </summary>
public static partial class ThreadClock
{
    private const int ThreadProcessorTime = 3;

    /// <summary>Seconds since some moment of this thread.</summary>
    public static double Seconds
        => OperatingSystem.IsLinux() && clock_gettime(ThreadProcessorTime, out Time now) == 0
            ? now.Seconds + now.Nanoseconds * 1e-9
            : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
