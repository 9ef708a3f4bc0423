using SelfPlayArena.Core;

namespace SelfPlayArena.Matching;

/// <summary>Sizes and the interface of the game.</summary>
internal static class MatchingRules
{
    public const int Teams = 2;
    public const int AgentsPerTeam = 2;
    public const int Agents = Teams * AgentsPerTeam;
    public const int Slots = 4;
    public const int Colours = 4;
    public const int Answers = 3;
    public const int ShortestMatch = 8;
    public const int LongestMatch = 12;

    public const int Wait = 0;
    public const int Pick = 1;
    public const int Answer = 2;
    public const int Heads = 3;

    public const string Perfect = "perfect@1";

    public static EnvironmentSpec Spec { get; } = Build();

    private static EnvironmentSpec Build()
    {
        FeatureSpec[] card =
        [
            new("colour", FeatureKind.Categorical, Colours),
            new("place", FeatureKind.Scalar8),
            new("weight", FeatureKind.Half),
            new("marks", FeatureKind.BitSet, 4),
        ];
        IReadOnlyList<BlockSpec> observation = new BlockLayout()
            .Add("self", "self", 1,
                new FeatureSpec("time", FeatureKind.Scalar8),
                new FeatureSpec("asked", FeatureKind.Categorical, Answers + 1))
            .Add("cue", "cue", 1, new FeatureSpec("colour", FeatureKind.Categorical, Colours))
            .Add("card", "card", Slots, card)
            .Build();
        IReadOnlyList<BlockSpec> full = new BlockLayout()
            .Add("full_match", "match", 1,
                new FeatureSpec("time", FeatureKind.Scalar8),
                new FeatureSpec("length", FeatureKind.Half, Scale: LongestMatch, Unit: "decisions"))
            .Add("full_agent", "agent", Agents,
                new FeatureSpec("own", FeatureKind.BitSet, 1),
                new FeatureSpec("cue", FeatureKind.Categorical, Colours),
                new FeatureSpec("has_match", FeatureKind.BitSet, 1))
            .Build();
        string[] verbs = ["wait", "pick", "answer"];
        return new EnvironmentSpec
        {
            Name = "matching",
            ContentHash = "matching-1",
            Teams = Teams,
            AgentsPerTeam = AgentsPerTeam,
            SecondsPerDecision = 1f,
            TicksPerDecision = 1,
            Observation = observation,
            FullState = full,
            Heads =
            [
                new ActionHeadSpec("verb", verbs, null, [0]),
                new ActionHeadSpec("target", [.. Enumerable.Range(0, Slots).Select(s => $"card[{s}]")], ["card"], [-1, 0, -1]),
                new ActionHeadSpec("answer", ["left", "middle", "right"], null, [-1, -1, 0]),
            ],
            ValueHeads = ["cards", "answers"],
            Rewards = [new RewardTermSpec("pick", "cards", 1f), new RewardTermSpec("answer", "answers", 1f)],
            ScriptedPlayers = [Perfect],
        }.Validated();
    }
}
