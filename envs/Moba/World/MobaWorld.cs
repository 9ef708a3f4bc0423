namespace SelfPlayArena.Moba;

/// <summary>
/// Rules, content and map of one mode: shared by all its matches, read-only, used by any number of threads. The matches themselves are
/// <see cref="WorldState"/> blocks that the caller keeps.
/// </summary>
public sealed unsafe class MobaWorld
{
    /// <param name="mode">A mode of <see cref="MobaContent.Modes"/>: 1v1, 3v3 or 5v5.</param>
    /// <param name="rules">quick or full.</param>
    /// <exception cref="ContentException">Unknown mode or rules, or bad content.</exception>
    public MobaWorld(string mode, string rules)
        : this(MobaContent.Default, mode, rules)
    {
    }

    /// <inheritdoc cref="MobaWorld(string, string)"/>
    public MobaWorld(MobaContent content, string mode, string rules)
    {
        Content = content;
        Mode = content.Mode(mode);
        HeroesPerTeam = Mode.HeroesPerTeam;
        Rules = content.Rules(rules);
        Map = Mode.Map;
        Playbook = content.Playbook;
    }

    public MobaContent Content { get; }
    public RulesDefinition Rules { get; }
    public GameMap Map { get; }
    public ModeDefinition Mode { get; }
    internal Playbook Playbook { get; }

    /// <summary>1, 3 or 5: slots from there on are never present.</summary>
    public int HeroesPerTeam { get; }

    /// <summary>Whether the lane (0 top, 1 middle, 2 bottom) is played in this mode.</summary>
    public bool HasLane(int lane) => Mode.Lanes[lane];

    /// <summary>Starts a match.</summary>
    /// <param name="lineups">[10] hero definitions by team * 5 + slot, or empty to draw them from the seed, distinct within a team.</param>
    public void Reset(ref WorldState state, ulong seed, ReadOnlySpan<byte> lineups = default)
    {
        fixed (WorldState* s = &state)
            Systems.Setup.Run(this, s, seed, lineups);
    }

    /// <summary>Advances a match by one tick (1/15 s). Does nothing once it is finished.</summary>
    public void Tick(ref WorldState state)
    {
        fixed (WorldState* s = &state)
            Systems.Tick.Run(this, s);
    }

    /// <summary>Definition of a hero of the match.</summary>
    public HeroDefinition HeroOf(in WorldState state, int hero) => Content.Heroes[state.Kind[hero]];
}
