namespace SelfPlayArena.Moba;

/// <summary>Content is not as it must be: says file, path, and what is allowed.</summary>
public sealed class ContentException : Exception
{
    public ContentException(string message)
        : base(message)
    {
    }
}

/// <summary>Heroes, rules and map as loaded. Read-only and shared.</summary>
public sealed partial class MobaContent
{
    private static readonly Lazy<MobaContent> Shared = new(Load);
    private readonly RulesDefinition[] _rules;

    private MobaContent(HeroDefinition[] heroes, EffectDefinition[] effects, RulesDefinition[] rules, GameMap map, ulong hash)
    {
        Heroes = heroes;
        Effects = effects;
        _rules = rules;
        Map = map;
        Hash = hash;
    }

    /// <summary>The content that comes with the program.</summary>
    public static MobaContent Default => Shared.Value;

    public HeroDefinition[] Heroes { get; }

    /// <summary>All effects; skills and effects name ranges of it.</summary>
    public EffectDefinition[] Effects { get; }

    public GameMap Map { get; }

    /// <summary>Stable hash over all files in order of their names.</summary>
    public ulong Hash { get; }

    /// <exception cref="ContentException">No such rule set.</exception>
    public RulesDefinition Rules(string name)
        => Array.Find(_rules, r => r.Name == name)
            ?? throw new ContentException($"rules '{name}' are unknown; allowed: {string.Join(", ", _rules.Select(r => r.Name))}");
}
