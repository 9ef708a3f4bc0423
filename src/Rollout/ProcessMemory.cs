using System.Runtime;
using System.Runtime.InteropServices;

namespace SelfPlayArena.Rollout;

/// <summary>
/// Gives free memory back to the system, so that a league's memory is as large after hours as after minutes. libtorch's many tensors of
/// changing sizes leave holes in glibc's arenas: after an hour of 5v5 they held 200 of a league's 500 MiB. Each update's weights are large
/// objects that lie among those of frozen policies: what the collector kept committed for them wandered between 90 and 170 MiB.
/// </summary>
internal static partial class ProcessMemory
{
    private static bool s_withoutTrim = !OperatingSystem.IsLinux();

    /// <summary>Takes some tens of milliseconds, during which all threads stand still; meant for checkpoints.</summary>
    public static void GiveBack()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (s_withoutTrim)
            return;
        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            s_withoutTrim = true;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);
}
