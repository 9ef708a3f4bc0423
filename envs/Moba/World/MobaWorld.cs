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
        IsComponent = [.. content.Items.Select(i => Array.Exists(content.Items, o => o.From.Contains(i.Index)))];
        Usable = [0, .. content.Items.Select(i => i.Active is null ? (byte)0 : (byte)1)];
        AllHeroes = [.. Enumerable.Range(0, content.Heroes.Length).Select(h => (byte)h)];
        CheapestItem = content.Items.Length == 0 ? int.MaxValue : content.Items.Min(i => i.Price);
        for (int u = 0; u < UnitIndex.Count; u++)
        {
            float sight = Systems.Vision.SightOf(Rules, u);
            SightSquares[u] = sight * sight;
        }
    }

    public MobaContent Content { get; }
    public RulesDefinition Rules { get; }
    public GameMap Map { get; }
    public ModeDefinition Mode { get; }
    internal Playbook Playbook { get; }

    /// <summary>1, 3 or 5: slots from there on are never present.</summary>
    public int HeroesPerTeam { get; }

    /// <summary>[items] whether another item is made from it: only such are owned twice.</summary>
    public bool[] IsComponent { get; }

    /// <summary>By item + 1: 1 if it has an active.</summary>
    internal byte[] Usable { get; }

    /// <summary>[units] square of how far a unit sees in the open, by its index.</summary>
    internal float[] SightSquares { get; } = new float[UnitIndex.Count];

    /// <summary>All hero definitions, for drawing line-ups.</summary>
    internal byte[] AllHeroes { get; }

    /// <summary>Price of the cheapest item.</summary>
    internal int CheapestItem { get; }

    /// <summary>Cells that a unit sees in the open, by its index.</summary>
    public float SightOf(int unit) => Systems.Vision.SightOf(Rules, unit);

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

    /// <summary>
    /// Lets a hero's player shop or spend skill points by orders, or takes that back. At the very start of a match the first skill point, spent
    /// by <see cref="Reset"/>, is given back to whoever is to spend them.
    /// </summary>
    public void Control(ref WorldState state, int hero, bool shop, bool skills)
    {
        state.ManualShop[hero] = (byte)(shop ? 1 : 0);
        state.ManualSkills[hero] = (byte)(skills ? 1 : 0);
        if (state.Present[hero] == 0)
            return;
        fixed (WorldState* s = &state)
        {
            if (!skills)
            {
                Learning.FollowOrder(this, s, hero);
                return;
            }
            if (s->Tick != 0 || s->SkillPoints[hero] != 0)
                return;
            new Span<byte>(&s->SkillLevel[hero * WorldState.Skills], WorldState.Skills).Clear();
            s->SkillPoints[hero] = s->Level[hero];
        }
    }

    /// <summary>Definition of a hero of the match.</summary>
    public HeroDefinition HeroOf(in WorldState state, int hero) => Content.Heroes[state.Kind[hero]];
}
