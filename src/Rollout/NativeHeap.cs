using System.Runtime.InteropServices;

namespace SelfPlayArena.Rollout;

/// <summary>
/// Gives free memory of the C library back to the system: libtorch's many tensors of changing sizes leave holes in glibc's arenas. After an
/// hour of 5v5 they held 200 of a league's 500 MiB.
/// </summary>
internal static partial class NativeHeap
{
    private static bool s_missing = !OperatingSystem.IsLinux();

    /// <summary>Takes a few milliseconds. Does nothing where the C library is not glibc.</summary>
    public static void Trim()
    {
        if (s_missing)
            return;
        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            s_missing = true;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);
}
