namespace SelfPlayArena.Moba;

/// <summary>What is chosen before matches are played.</summary>
public sealed record MobaOptions
{
    public const string None = "none";
    public const string Auto = "auto";
    public const string Policy = "policy";
    public const string Heads = "heads";
    public const string Orders = "orders";

    /// <summary>Decisions by which an action can be delayed at most.</summary>
    public const int MaxReactionDelay = WorldState.PendingOrders;

    /// <summary>Highest cap on changed orders a second; players decide at most 7.5 times a second.</summary>
    public const int MaxActionRate = 8;

    /// <summary>Most bans of each team.</summary>
    public const int MaxBans = 5;

    /// <summary>Modes the environment can be created in.</summary>
    public static IReadOnlyList<string> Modes { get; } = [.. MobaContent.Default.Modes.OrderByDescending(m => m.HeroesPerTeam).Select(m => m.Name)];

    /// <summary>Rule sets the environment can be created with.</summary>
    public static IReadOnlyList<string> RuleSets { get; } = ["quick", "full"];

    /// <summary>Who spends gold and skill points: <see cref="Auto"/> the recommended build, <see cref="Policy"/> the player.</summary>
    public static IReadOnlyList<string> ShoppingKinds { get; } = [Auto, Policy];

    /// <summary>Who gives macro commands: <see cref="None"/> nobody but scripted players, <see cref="Policy"/> the player.</summary>
    public static IReadOnlyList<string> MacroKinds { get; } = [None, Policy];

    /// <summary>What actions are and when they are given: <see cref="Heads"/> at the rule set's decisions, <see cref="Orders"/> at every tick.</summary>
    public static IReadOnlyList<string> ControlKinds { get; } = [Heads, Orders];

    /// <summary><c>1v1</c>, <c>3v3</c> or <c>5v5</c>.</summary>
    public string Mode { get; init; } = "5v5";

    /// <summary><c>quick</c> (at most eight minutes) or <c>full</c> (at most 25).</summary>
    public string Rules { get; init; } = "quick";

    /// <summary>One of <see cref="ShoppingKinds"/>. With <see cref="Auto"/> the verbs buy and learn are never offered.</summary>
    public string Shopping { get; init; } = Auto;

    /// <summary>One of <see cref="MacroKinds"/>. With <see cref="None"/> the macro head offers only the command in force.</summary>
    public string Macro { get; init; } = None;

    /// <summary>
    /// One of <see cref="ControlKinds"/>. With <see cref="Orders"/> a step is one tick and actions are those of <see cref="OrderActions"/>, for people who aim with
    /// a mouse; observations and masks stay those of <see cref="Heads"/>, and <see cref="MobaEnvironment.ToOrder"/> translates what a bot chose by them.
    /// </summary>
    public string Control { get; init; } = Heads;

    /// <summary>
    /// Decisions (0 to <see cref="MaxReactionDelay"/>) between choosing an action and carrying it out: one number for all, two for the teams,
    /// or one an agent. What was chosen must be legal at both times; macro commands are not delayed.
    /// </summary>
    public IReadOnlyList<int> ReactionDelay { get; init; } = [0];

    /// <summary>
    /// Changed orders a second (1 to <see cref="MaxActionRate"/>, 0 for no limit) that a hero's hands can give; beyond that the standing
    /// order goes on. One number for all, two for the teams, or one an agent.
    /// </summary>
    public IReadOnlyList<int> ActionRate { get; init; } = [0];

    /// <summary><see cref="None"/>, or an order of picks (see <see cref="DraftOrder"/>) by which scripted drafters make each match's line-ups.</summary>
    public string Draft { get; init; } = None;

    /// <summary>Heroes that each team bans before the picks, 0 to <see cref="MaxBans"/>. Only with a <see cref="Draft"/>.</summary>
    public int Bans { get; init; }

    /// <summary>Names of the heroes that line-ups are drawn from; null for all. At least as many as a team has.</summary>
    public IReadOnlyList<string>? HeroPool { get; init; }

    /// <summary>Names of team 0's heroes, one a slot; null draws them from each match's seed, distinct within the team.</summary>
    public IReadOnlyList<string>? Home { get; init; }

    /// <summary>Names of team 1's heroes. Given exactly when <see cref="Home"/> is.</summary>
    public IReadOnlyList<string>? Away { get; init; }

    /// <summary>1, 3 or 5.</summary>
    /// <exception cref="ContentException">Unknown mode.</exception>
    public int HeroesPerTeam => MobaContent.Default.Mode(Mode).HeroesPerTeam;

    /// <exception cref="ArgumentException">Names the option that is wrong and what is allowed.</exception>
    internal void Validate(MobaContent content)
    {
        Among("mode", Mode, Modes);
        Among("rules", Rules, RuleSets);
        Among("shopping", Shopping, ShoppingKinds);
        Among("macro", Macro, MacroKinds);
        Among("control", Control, ControlKinds);
        Each("reaction_delay", ReactionDelay, MaxReactionDelay);
        Each("action_rate", ActionRate, MaxActionRate);
        if (Control == Orders && (ReactionDelay.Any(d => d != 0) || ActionRate.Any(r => r != 0)))
            throw new ArgumentException($"reaction_delay and action_rate count decisions, of which control '{Orders}' has none; allowed with it: 0");
        if (Bans is < 0 or > MaxBans)
            throw new ArgumentException($"bans are {Bans}; allowed: 0 to {MaxBans}");
        if (Draft == None && Bans > 0)
            throw new ArgumentException($"bans are {Bans} without a draft; give a draft, for example {DraftOrder.Standard(HeroesPerTeam)}, or no bans");
        if (Home is null != Away is null)
            throw new ArgumentException("line-ups are given for both teams or for none");
        if (Draft != None && Home is not null)
            throw new ArgumentException($"line-ups are given and drafted ('{Draft}') at once; allowed: one of the two");
        if (HeroPool is not null && (Draft != None || Home is not null))
            throw new ArgumentException($"line-ups are drawn from a hero pool and {(Home is null ? $"drafted ('{Draft}')" : "given")} at once; allowed: one of the two");
        LineUps(content);
        Pool(content);
        DraftTurns(content);
    }

    /// <summary>The order of the draft, null for none.</summary>
    /// <exception cref="ArgumentException">Not an order for this mode, or too few heroes for it.</exception>
    internal DraftOrder? DraftTurns(MobaContent content)
        => Draft == None ? null : DraftOrder.Parse(Draft, HeroesPerTeam, Bans).Checked(content.Heroes.Length);

    /// <summary>[10] heroes' entries of a list of one number for all, two for the teams, or one an agent.</summary>
    internal byte[] ByHero(IReadOnlyList<int> list)
    {
        byte[] values = new byte[UnitIndex.Heroes];
        int per = HeroesPerTeam;
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            int team = h / UnitIndex.HeroesPerTeam;
            int slot = h % UnitIndex.HeroesPerTeam;
            if (slot < per)
                values[h] = (byte)list[list.Count == 1 ? 0 : list.Count == UnitIndex.Teams ? team : team * per + slot];
        }
        return values;
    }

    /// <summary>[10] hero definitions by team * 5 + slot, or empty when they are drawn or drafted.</summary>
    /// <exception cref="ArgumentException">Wrong number of heroes or an unknown one.</exception>
    public byte[] LineUps(MobaContent content)
    {
        if (Home is null || Away is null)
            return [];
        byte[] lineups = new byte[UnitIndex.Heroes];
        foreach ((IReadOnlyList<string> names, int team, string what) in new[] { (Home, 0, "home"), (Away, 1, "away") })
        {
            if (names.Count != HeroesPerTeam)
                throw new ArgumentException($"the {what} line-up has {names.Count} heroes; mode {Mode} takes {HeroesPerTeam}");
            for (int slot = 0; slot < names.Count; slot++)
                lineups[UnitIndex.Hero(team, slot)] = Hero(content, names[slot], $"the {what} line-up");
        }
        return lineups;
    }

    /// <summary>Hero definitions to draw from, or empty for all of them.</summary>
    /// <exception cref="ArgumentException">Too few heroes, one given twice or an unknown one.</exception>
    internal byte[] Pool(MobaContent content)
    {
        if (HeroPool is null)
            return [];
        byte[] pool = [.. HeroPool.Select(name => Hero(content, name, "the hero pool"))];
        if (pool.Distinct().Count() is int distinct && (distinct < pool.Length || distinct < HeroesPerTeam))
            throw new ArgumentException($"the hero pool is {string.Join(", ", HeroPool)}; mode {Mode} takes at least {HeroesPerTeam} heroes, each named once");
        return pool;
    }

    private static byte Hero(MobaContent content, string name, string where)
    {
        int index = Array.FindIndex(content.Heroes, h => h.Name == name);
        return index >= 0 ? (byte)index : throw new ArgumentException($"{where} names the unknown hero '{name}'; allowed: {string.Join(", ", content.Heroes.Select(h => h.Name))}");
    }

    private static void Among(string what, string value, IReadOnlyList<string> allowed)
    {
        if (!allowed.Contains(value))
            throw new ArgumentException($"{what} '{value}' is unknown; allowed: {string.Join(", ", allowed)}");
    }

    private void Each(string what, IReadOnlyList<int> values, int most)
    {
        int agents = UnitIndex.Teams * HeroesPerTeam;
        if (values.Count != 1 && values.Count != UnitIndex.Teams && values.Count != agents)
            throw new ArgumentException($"{what} has {values.Count} entries; allowed: 1 for all, {UnitIndex.Teams} for the teams, or {agents}, one an agent");
        foreach (int value in values)
        {
            if (value < 0 || value > most)
                throw new ArgumentException($"{what} has the entry {value}; allowed: 0 to {most}");
        }
    }
}
