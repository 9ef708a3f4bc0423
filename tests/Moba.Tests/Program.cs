namespace SelfPlayArena.Moba.Tests;

internal static class Program
{
    private static int Main()
    {
        Console.WriteLine(MobaSignature.Compute());
        return 0;
    }
}
