using Orleans.Runtime;
using SelfPlayArena.League;

namespace SelfPlayArena.Grains;

/// <summary>Calls grains from threads of ours, and again while a grain is on its way from one silo to another.</summary>
internal static class Patience
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50), Longest = TimeSpan.FromSeconds(2);

    /// <summary>Whether the same call may succeed later.</summary>
    public static bool MayPass(Exception e) => e is OrleansException or TimeoutException or LogConflictException;

    /// <summary>Waits for an answer on the calling thread, which must not be a grain's.</summary>
    /// <param name="longest">How long to try.</param>
    public static T Wait<T>(Func<Task<T>> call, TimeSpan longest, CancellationToken cancellation)
    {
        long start = Environment.TickCount64;
        TimeSpan pause = First;
        while (true)
        {
            try
            {
                return call().WaitAsync(cancellation).GetAwaiter().GetResult();
            }
            catch (Exception e) when (MayPass(e) && Environment.TickCount64 - start < longest.TotalMilliseconds)
            {
                cancellation.WaitHandle.WaitOne(pause);
                cancellation.ThrowIfCancellationRequested();
                pause = pause * 2 < Longest ? pause * 2 : Longest;
            }
        }
    }
}
