using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Server.Matches.Bots;

/// <summary>Finds the players that bots are made of, by the names that the command line knows: <c>scripted:easy</c>, <c>run:NAME@7</c>. Thread-safe.</summary>
internal interface IPlayerSource
{
    /// <summary>The player of a name, ready to play.</summary>
    /// <exception cref="ArgumentException">There is no such player, or clients may not name it; says what is allowed.</exception>
    /// <exception cref="InvalidDataException">Its bundle is damaged or does not fit.</exception>
    Contestant Load(string player, EnvironmentSpec spec);
}
