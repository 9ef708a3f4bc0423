using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

[assembly: DisableRuntimeMarshalling]

namespace TorchSharp;

/// <summary>
/// Sets what libtorch, OpenBLAS and OpenMP read from the environment while they load. It has to be libc's
/// environment: <see cref="Environment.SetEnvironmentVariable(string, string)"/> does not reach native getenv.
/// A value which the user has set stays.
/// </summary>
internal static unsafe class NativeStart
{
    [ModuleInitializer]
    internal static void PrepareEnvironment()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        if (Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported)
        {
            SetDefault("OPENBLAS_CORETYPE\0"u8, "SkylakeX\0"u8);
            SetDefault("ATEN_CPU_CAPABILITY\0"u8, "avx512\0"u8);
        }
        // Spinning OpenMP threads would take the cores of the actors beside the learner.
        SetDefault("OMP_WAIT_POLICY\0"u8, "PASSIVE\0"u8);
    }

    private static void SetDefault(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        fixed (byte* n = name, v = value)
        {
            _ = setenv(n, v, 0);
        }
    }

    [DllImport("libc")]
    private static extern int setenv(byte* name, byte* value, int overwrite);
}
