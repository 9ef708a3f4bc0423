using System.Text;

namespace SelfPlayArena.Server.Hosting;

/// <summary>
/// What clients are told of files: their names inside the folder of runs. Where that folder is on the server's machine, and so who runs it under what name, is
/// nobody else's business.
/// </summary>
internal sealed class FolderNames(ServerOptions options)
{
    private const string Runs = "runs";
    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Runs));

    /// <summary>A message as a client may read it.</summary>
    public string Without(string message)
    {
        // The root of all files is no name that could be left out.
        if (_root == Path.GetPathRoot(_root))
            return message;
        string given = Path.TrimEndingDirectorySeparator(options.Runs);
        string without = Without(message, _root);
        return Path.IsPathRooted(given) && given != _root ? Without(without, given) : without;
    }

    /// <summary>Without a folder, where that is not the end of another name: <c>/runs</c> is in <c>/api/runs</c> too.</summary>
    private static string Without(string message, string folder)
    {
        var told = new StringBuilder(message.Length);
        int from = 0;
        for (int at = message.IndexOf(folder, StringComparison.Ordinal); at >= 0; at = message.IndexOf(folder, at + folder.Length, StringComparison.Ordinal))
        {
            if (at > 0 && (char.IsLetterOrDigit(message[at - 1]) || message[at - 1] is '/' or '.' or '-' or '_'))
                continue;
            told.Append(message, from, at - from).Append(Runs);
            from = at + folder.Length;
        }
        return told.Append(message, from, message.Length - from).ToString();
    }
}
