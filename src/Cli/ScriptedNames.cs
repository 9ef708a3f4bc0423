using SelfPlayArena.Core;

namespace SelfPlayArena.Cli;

/// <summary>Scripted players as people name them: with their version, or without it for the newest.</summary>
internal static class ScriptedNames
{
    /// <summary>Index into the spec's scripted players, or -1.</summary>
    public static int Find(EnvironmentSpec spec, string name)
    {
        int found = -1;
        for (int i = 0; i < spec.ScriptedPlayers.Count; i++)
        {
            if (spec.ScriptedPlayers[i] == name)
                return i;
            if (Family(spec.ScriptedPlayers[i]) == name && (found < 0 || Version(spec.ScriptedPlayers[i]) > Version(spec.ScriptedPlayers[found])))
                found = i;
        }
        return found;
    }

    /// <exception cref="UserError">There is no such player; lists those there are.</exception>
    public static int Require(EnvironmentSpec spec, string option, string name, params ReadOnlySpan<string> besides)
    {
        int index = Find(spec, name);
        if (index >= 0)
            return index;
        string[] allowed = [.. besides, .. spec.ScriptedPlayers.Select(Family).Distinct()];
        throw new UserError($"{option} '{name}' is not allowed in {spec.Name}{Spelling.Suggestion(name, allowed)}; allowed: {string.Join(", ", allowed)}");
    }

    /// <summary>The first of some names that exists.</summary>
    /// <exception cref="UserError">None does.</exception>
    public static int FirstOf(EnvironmentSpec spec, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (Find(spec, name) is >= 0 and int index)
                return index;
        }
        return Require(spec, "a scripted player named", names[0]);
    }

    private static string Family(string versioned) => versioned.Split('@')[0];

    private static int Version(string versioned) => int.TryParse(versioned[(versioned.LastIndexOf('@') + 1)..], System.Globalization.CultureInfo.InvariantCulture, out int version) ? version : 0;
}
