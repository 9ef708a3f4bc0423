using Orleans.Runtime;
using SelfPlayArena.League;

namespace SelfPlayArena.Grains;

/// <summary>Calls grains from threads of ours, and again while a grain is on its way from one silo to another.</summary>
internal static class Patience
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50), Longest = TimeSpan.FromSeconds(2);

    /// <summary>Whether the same call may succeed later.</summary>
    public static bool MayPass(Exception e) => e is OrleansException or TimeoutException or LogConflictException or LeagueLogException { MayPass: true }
        // A call that was cancelled on its way, as by a silo that goes; who cancels his own wait is told so by Wait.
        or OperationCanceledException;

    /// <summary>Waits for an answer on the calling thread, which must not be a grain's.</summary>
    /// <param name="longest">How long to try.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
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
