namespace SelfPlayArena.Policies;

/// <summary>A file that is not a sound bundle, or a bundle that does not fit; the message names the file, what is wrong and what was expected.</summary>
public sealed class BundleException(string file, string problem, Exception? inner = null) : Exception($"{file}: {problem}", inner)
{
    /// <summary>The file, or where the bundle came from.</summary>
    public string File => file;
}
