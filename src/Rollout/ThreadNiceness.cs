using System.Runtime.InteropServices;

namespace SelfPlayArena.Rollout;

/// <summary>
/// The niceness of single threads (Linux, setpriority(2) with a thread's id). .NET's own thread priorities do nothing there. Whoever is no superuser and
/// has no RLIMIT_NICE can raise it but never lower it again.
/// </summary>
internal static class ThreadNiceness
{
    /// <summary>Gets a core only when nobody else wants it.</summary>
    public const int Lowest = 19;

    private static readonly Lazy<bool> Reversible = new(Try);

    /// <summary>Whether a thread of this process may take back what it gave up.</summary>
    public static bool CanBeTakenBack => Reversible.Value;

    /// <summary>The calling thread's.</summary>
    public static int Get() => OperatingSystem.IsLinux() ? GetPriority(0, 0) : 0;

    /// <summary>Sets the calling thread's; false where the system refuses.</summary>
    public static bool Set(int niceness) => OperatingSystem.IsLinux() && SetPriority(0, 0, niceness) == 0;

    /// <summary>On a thread of its own, as what it tries may not be undone.</summary>
    private static bool Try()
    {
        bool back = false;
        var thread = new Thread(() =>
        {
            int usual = Get();
            back = usual < Lowest && Set(usual + 1) && Set(usual) && Get() == usual;
        });
        thread.Start();
        thread.Join();
        return back;
    }

    [DllImport("libc", EntryPoint = "getpriority")]
    private static extern int GetPriority(int which, uint who);

    [DllImport("libc", EntryPoint = "setpriority")]
    private static extern int SetPriority(int which, uint who, int niceness);
}
