namespace SelfPlayArena.Core;

/// <summary>How one observation feature is stored and what a network makes of it.</summary>
public enum FeatureKind : byte
{
    /// <summary>One signed byte q; a network sees q / 127, and the value in its unit is that times <see cref="FeatureSpec.Scale"/>.</summary>
    Scalar8,

    /// <summary>An IEEE half (2 bytes, little endian); a network sees it as it is, the value in its unit is that times the scale.</summary>
    Half,

    /// <summary>One byte index below <see cref="FeatureSpec.Size"/>; a network sees a one-hot vector of that many entries.</summary>
    Categorical,

    /// <summary><see cref="FeatureSpec.Size"/> bits, least significant first, in ⌈size/8⌉ bytes; a network sees 0 or 1 for each.</summary>
    BitSet,
}

/// <summary>One named feature of an observation block.</summary>
/// <param name="Name">Unique within its block; what old policies match it by.</param>
/// <param name="Kind">Storage and meaning.</param>
/// <param name="Size">1 for scalars; the number of categories or bits otherwise.</param>
/// <param name="Scale">What 1.0 stands for in <paramref name="Unit"/> (scalars only).</param>
/// <param name="Unit">Unit of the value: <c>cells</c>, <c>seconds</c>, <c>hp</c>, <c>1</c> for ratios and flags.</param>
public sealed record FeatureSpec(string Name, FeatureKind Kind, int Size = 1, float Scale = 1f, string Unit = "1")
{
    /// <summary>Bytes the feature takes in a slot.</summary>
    public int Bytes => Kind switch
    {
        FeatureKind.Half => 2,
        FeatureKind.BitSet => (Size + 7) / 8,
        _ => 1,
    };

    /// <summary>Number of network inputs the feature expands to.</summary>
    public int Width => Kind is FeatureKind.Scalar8 or FeatureKind.Half ? 1 : Size;
}

/// <summary>
/// A block of entities in an observation: <see cref="Slots"/> presence bytes (0 or 1) followed by
/// <see cref="Slots"/> rows of <see cref="SlotBytes"/> feature bytes, starting at <see cref="Offset"/>.
/// The rows of absent slots are zero.
/// </summary>
/// <param name="Name">Unique within its observation; what networks and old policies match it by.</param>
/// <param name="EntityType">Blocks of one entity type have the same features and may share an encoder.</param>
/// <param name="Slots">Fixed number of slots.</param>
/// <param name="Features">Named features in storage order.</param>
/// <param name="Offset">Byte offset within the observation.</param>
public sealed record BlockSpec(string Name, string EntityType, int Slots, IReadOnlyList<FeatureSpec> Features, int Offset)
{
    /// <summary>Bytes of one slot's features.</summary>
    public int SlotBytes { get; } = Features.Sum(f => f.Bytes);

    /// <summary>Network inputs of one slot after expansion.</summary>
    public int Width { get; } = Features.Sum(f => f.Width);

    /// <summary>Bytes of the whole block: presence, then rows.</summary>
    public int Bytes => Slots * (1 + SlotBytes);

    /// <summary>Byte offset of the first row within the observation.</summary>
    public int RowsOffset => Offset + Slots;

    /// <summary>Byte offset of a feature within a slot row.</summary>
    /// <exception cref="ArgumentException">No such feature.</exception>
    public int FeatureOffset(string feature)
    {
        int offset = 0;
        foreach (FeatureSpec f in Features)
        {
            if (f.Name == feature)
                return offset;
            offset += f.Bytes;
        }
        throw new ArgumentException($"block '{Name}' has no feature '{feature}'; it has: {string.Join(", ", Features.Select(f => f.Name))}", nameof(feature));
    }
}
