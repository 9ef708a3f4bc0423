namespace SelfPlayArena.Moba;

/// <summary>Which cells can be walked to from an ancient. Asked for every place of a map, so that nothing is out of reach.</summary>
internal sealed class Ways(bool[] walkable, (float X, float Y) ancient)
{
    private readonly bool[] _reached = FlowField.Reached(walkable, ancient.X, ancient.Y);

    /// <exception cref="ContentException">The place lies in a wall, or no way leads there from the team's ancient.</exception>
    public (float X, float Y) Checked(ContentNode n) => Checked(n, MapLoader.Point(n));

    /// <inheritdoc cref="Checked(ContentNode)"/>
    public (float X, float Y) Checked(ContentNode n, (float X, float Y) at)
    {
        int cell = GameMap.Cell(at.X, at.Y);
        if (!walkable[cell])
            throw n.Error(FormattableString.Invariant($"({at.X}, {at.Y}) lies in a wall; allowed: places that 'carve' makes free and 'walls' leaves so"));
        if (!_reached[cell])
            throw n.Error(FormattableString.Invariant($"no way leads to ({at.X}, {at.Y}) from the ancient; allowed: places that can be walked to"));
        return at;
    }
}
