using System.Reflection;
using System.Text;
using SelfPlayArena.Core;

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
public sealed class MobaContent
{
    private static readonly Lazy<MobaContent> Shared = new(() => FromFiles(EmbeddedFiles()));
    private readonly RulesDefinition[] _rules;
    private readonly Lazy<Playbook> _playbook;

    private MobaContent(HeroDefinition[] heroes, EffectDefinition[] effects, RulesDefinition[] rules, ModeDefinition[] modes, ulong hash)
    {
        Heroes = heroes;
        Effects = effects;
        _rules = rules;
        Modes = modes;
        Hash = hash;
        _playbook = new Lazy<Playbook>(() => new Playbook(this));
    }

    /// <summary>What scripted players know of the skills, worked out when first asked for.</summary>
    internal Playbook Playbook => _playbook.Value;

    /// <summary>The content that comes with the program.</summary>
    public static MobaContent Default => Shared.Value;

    public HeroDefinition[] Heroes { get; }

    /// <summary>All effects; skills and effects name ranges of it.</summary>
    public EffectDefinition[] Effects { get; }

    /// <summary>Items in index order, at most 24.</summary>
    public ItemDefinition[] Items { get; init; } = [];

    /// <summary>Summoner spells in index order, at most 12.</summary>
    public SkillDefinition[] Spells { get; init; } = [];

    /// <summary>Units that effects summon.</summary>
    public UnitDefinition[] Summons { get; init; } = [];

    public ModeDefinition[] Modes { get; }

    /// <summary>Stable hash over all files in order of their names.</summary>
    public ulong Hash { get; }

    /// <exception cref="ContentException">No such mode.</exception>
    public ModeDefinition Mode(string name)
        => Array.Find(Modes, m => m.Name == name)
            ?? throw new ContentException($"mode '{name}' is unknown; allowed: {string.Join(", ", Modes.Select(m => m.Name))}");

    /// <exception cref="ContentException">No such rule set.</exception>
    public RulesDefinition Rules(string name)
        => Array.Find(_rules, r => r.Name == name)
            ?? throw new ContentException($"rules '{name}' are unknown; allowed: {string.Join(", ", _rules.Select(r => r.Name))}");

    /// <summary>
    /// Builds content from files by name: <c>summons.json</c>, <c>items.json</c>, <c>spells.json</c>, <c>heroes/*.json</c>, <c>rules/*.json</c> and
    /// <c>maps/*.json</c>. Heroes are numbered in the order of their files' names, items and spells in the order of their file.
    /// </summary>
    /// <exception cref="ContentException">Says file, path and what is allowed.</exception>
    public static MobaContent FromFiles(IReadOnlyDictionary<string, byte[]> files)
    {
        ulong hash = StableHash.Start;
        var nodes = new SortedDictionary<string, ContentNode>(StringComparer.Ordinal);
        foreach (string name in files.Keys.Order(StringComparer.Ordinal))
        {
            hash = StableHash.Append(hash, Encoding.UTF8.GetBytes(name));
            hash = StableHash.Append(hash, files[name]);
            nodes[name] = ContentNode.Parse(name, files[name]);
        }
        UnitDefinition[] summons = SpellLoader.ReadSummons(One("summons.json"));
        var skills = new SkillLoader(summons);
        ItemDefinition[] items = ItemLoader.Read(One("items.json"), skills);
        SkillDefinition[] spells = SpellLoader.Read(One("spells.json"), skills);
        var loader = new HeroLoader(skills, items, spells);
        var heroes = new List<HeroDefinition>();
        var rules = new List<RulesDefinition>();
        var modes = new List<ModeDefinition>();
        foreach ((string name, ContentNode node) in nodes)
        {
            if (name.StartsWith("maps/", StringComparison.Ordinal))
                modes.AddRange(Unheard(MapLoader.Read(node), node));
            else if (name.StartsWith("heroes/", StringComparison.Ordinal))
                heroes.Add(Distinct(loader.Read(heroes.Count, node), node));
            else if (name.StartsWith("rules/", StringComparison.Ordinal))
                rules.Add(RulesLoader.Read(node));
            else if (name is not ("summons.json" or "items.json" or "spells.json"))
                throw new ContentException($"{name}: unexpected file; allowed: summons.json, items.json, spells.json, maps/*.json, heroes/*.json, rules/*.json");
        }
        if (heroes.Count is < UnitIndex.HeroesPerTeam or > MobaSpec.HeroCategories)
            throw new ContentException($"heroes/: {heroes.Count} heroes; allowed: {UnitIndex.HeroesPerTeam} to {MobaSpec.HeroCategories}");
        return new MobaContent([.. heroes], [.. skills.Effects], [.. rules], [.. modes], StableHash.Finish(hash)) { Items = items, Spells = spells, Summons = summons };

        ModeDefinition[] Unheard(ModeDefinition[] read, ContentNode node)
        {
            for (int i = 0; i < read.Length; i++)
            {
                if (modes.Exists(m => m.Name == read[i].Name) || Array.FindIndex(read, m => m.Name == read[i].Name) < i)
                    throw node["modes"].Items()[i]["name"].Error($"'{read[i].Name}' is there already; allowed: a name of its own");
            }
            return read;
        }

        HeroDefinition Distinct(HeroDefinition hero, ContentNode node)
            => !heroes.Exists(h => h.Name == hero.Name) ? hero : throw node["name"].Error($"'{hero.Name}' is there already; allowed: a name of its own");

        ContentNode One(string name)
            => nodes.TryGetValue(name, out ContentNode node) ? node : throw new ContentException($"{name}: is missing");
    }

    /// <summary>The files that come with the program, to change and give to <see cref="FromFiles"/>.</summary>
    public static Dictionary<string, byte[]> EmbeddedFiles()
    {
        Assembly assembly = typeof(MobaContent).Assembly;
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (string name in assembly.GetManifestResourceNames())
        {
            if (!name.EndsWith(".json", StringComparison.Ordinal))
                continue;
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            files[name] = bytes;
        }
        return files;
    }
}
