using SelfPlayArena.Core;
using SelfPlayArena.Matching;
using SelfPlayArena.Moba;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli;

/// <summary>The environments that come with the program. The only place that knows them all.</summary>
internal static class Environments
{
    public const string Moba = "moba";
    public const string Matching = "matching";

    public static IReadOnlyList<string> Names { get; } = [Moba, Matching];

    public static IReadOnlyList<string> AllModes => MobaOptions.Modes;

    public static IReadOnlyList<string> AllRules => MobaOptions.RuleSets;

    /// <param name="mode">Ignored by environments that have one mode, as are the rules.</param>
    /// <exception cref="UserError">Unknown name, mode or rules.</exception>
    public static IEnvironmentFactory Create(string environment, string mode, string rules)
    {
        Require("environment", environment, Names);
        if (environment == Matching)
            return new MatchingFactory();
        Require("mode", mode, AllModes);
        Require("rules", rules, AllRules);
        return new MobaFactory(new MobaOptions { Mode = mode, Rules = rules });
    }

    public static IEnvironmentFactory Create(RunSettings settings) => Create(settings.Environment, settings.Mode, settings.Rules);

    /// <exception cref="UserError">The value is not among the allowed ones.</exception>
    public static void Require(string what, string value, IReadOnlyList<string> allowed)
    {
        if (!allowed.Contains(value))
            throw new UserError($"unknown {what} '{value}'{UserError.Suggestion(value, allowed)}; allowed: {string.Join(", ", allowed)}");
    }

    private sealed class MobaFactory(MobaOptions options) : IEnvironmentFactory
    {
        public EnvironmentSpec Spec { get; } = MobaEnvironment.SpecFor(options);

        public IBatchEnvironment Create(int matches) => new MobaEnvironment(options, matches);
    }

    private sealed class MatchingFactory : IEnvironmentFactory
    {
        public EnvironmentSpec Spec { get; } = new MatchingEnvironment(1).Spec;

        public IBatchEnvironment Create(int matches) => new MatchingEnvironment(matches);
    }
}
