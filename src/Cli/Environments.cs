using System.Text.Json;
using SelfPlayArena.Core;
using SelfPlayArena.Matching;
using SelfPlayArena.Moba;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli;

/// <summary>The environments that come with the program. The only place that knows them all.</summary>
internal static class Environments
{
    public const string Moba = MobaRecipe.Name;
    public const string Matching = "matching";

    public static IReadOnlyList<string> Names { get; } = [Moba, Matching];

    public static IReadOnlyList<string> AllModes => MobaOptions.Modes;

    public static IReadOnlyList<string> AllRules => MobaOptions.RuleSets;

    public static IReadOnlyList<string> Shopping => MobaOptions.ShoppingKinds;

    public static IReadOnlyList<string> Macro => MobaOptions.MacroKinds;

    public static int MaxReactionDelay => MobaOptions.MaxReactionDelay;

    public static int MaxActionRate => MobaOptions.MaxActionRate;

    public static int MaxBans => MobaOptions.MaxBans;

    /// <param name="mode">Ignored by environments that have one mode, as are the rules.</param>
    /// <exception cref="UserError">Unknown name, mode or rules.</exception>
    public static IEnvironmentFactory Create(string environment, string mode, string rules)
        => Create(new RunSettings { Environment = environment, Mode = mode, Rules = rules });

    /// <summary>Makes the environment of some settings; those that it has no use for are ignored.</summary>
    /// <exception cref="UserError">Unknown environment, or options that are not allowed.</exception>
    public static IEnvironmentFactory Create(RunSettings settings)
    {
        Require("environment", settings.Environment, Names);
        if (settings.Environment == Moba)
        {
            Require("mode", settings.Mode, AllModes);
            Require("rules", settings.Rules, AllRules);
        }
        try
        {
            if (settings.Environment == Matching)
                return new MatchingFactory(new MatchingOptions { Colours = Named(settings.HeroPool), Home = Named(settings.Home), Away = Named(settings.Away) });
            return new MobaFactory(new MobaOptions
            {
                Mode = settings.Mode,
                Rules = settings.Rules,
                Shopping = settings.Shopping,
                Macro = settings.Macro,
                ReactionDelay = settings.ReactionDelay,
                ActionRate = settings.ActionRate,
                Draft = settings.Draft,
                Bans = settings.Bans,
                HeroPool = Named(settings.HeroPool),
                Home = Named(settings.Home),
                Away = Named(settings.Away),
            });
        }
        catch (ArgumentException e)
        {
            throw new UserError(e.Message, e);
        }
    }

    /// <summary>How an environment with these options is made again.</summary>
    public static EnvironmentRecipe RecipeOf(MobaOptions options) => MobaRecipe.Of(options);

    /// <summary>The game of a spec with line-ups drawn and nothing left to policies that is not by itself: for bundles that say no more.</summary>
    /// <exception cref="UserError">An environment that is not known.</exception>
    public static EnvironmentRecipe RecipeOf(EnvironmentSpec spec)
    {
        if (!spec.Name.StartsWith(Moba + "/", StringComparison.Ordinal))
            return EnvironmentRecipe.Plain(spec.Name);
        string mode = spec.Name[(Moba.Length + 1)..], rules = spec.ContentHash[(spec.ContentHash.LastIndexOf('-') + 1)..];
        return Create(Moba, mode, rules).Recipe;
    }

    /// <summary>A setting's list of names; none are given by an empty one.</summary>
    private static IReadOnlyList<string>? Named(IReadOnlyList<string> names) => names.Count == 0 ? null : names;

    /// <summary>Makes what a recipe describes.</summary>
    /// <exception cref="UserError">Unknown environment, unknown options or values that are not allowed.</exception>
    public static IEnvironmentFactory Create(EnvironmentRecipe recipe)
    {
        Require("environment", recipe.Name, Names);
        try
        {
            if (recipe.Name == Moba)
                return new MobaFactory(MobaRecipe.Read(recipe));
            return new MatchingFactory(recipe.Read<MatchingOptions>());
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new UserError($"options {recipe.Options.GetRawText()} of {recipe.Name} are not known: {e.Message}", e);
        }
    }

    /// <summary>Refuses options under which actions are not those that the spec describes.</summary>
    /// <exception cref="UserError">Actions are orders of people who aim with a mouse.</exception>
    public static void RequireHeads(EnvironmentRecipe recipe)
    {
        if (recipe.Name == Moba && MobaRecipe.Read(recipe).Control != MobaOptions.Heads)
            throw new UserError($"control '{MobaOptions.Orders}' is for matches that people play; allowed: {MobaOptions.Heads}");
    }

    /// <exception cref="UserError">The value is not among the allowed ones.</exception>
    public static void Require(string what, string value, IReadOnlyList<string> allowed)
    {
        if (!allowed.Contains(value))
            throw new UserError($"unknown {what} '{value}'{Spelling.Suggestion(value, allowed)}; allowed: {string.Join(", ", allowed)}");
    }

    private sealed class MobaFactory(MobaOptions options) : IEnvironmentFactory
    {
        public EnvironmentSpec Spec { get; } = MobaEnvironment.SpecFor(options);

        public EnvironmentRecipe Recipe { get; } = RecipeOf(options);

        public IBatchEnvironment Create(int matches) => new MobaEnvironment(options, matches);

        public IBatchEnvironment CreateToLearnFrom() => new MobaEnvironment(options, 1) { HidesCommands = options.Macro == MobaOptions.None };
    }

    private sealed class MatchingFactory(MatchingOptions options) : IEnvironmentFactory
    {
        public EnvironmentSpec Spec { get; } = new MatchingEnvironment(1, options: options).Spec;

        public EnvironmentRecipe Recipe { get; } = EnvironmentRecipe.Of(Matching, options);

        public IBatchEnvironment Create(int matches) => new MatchingEnvironment(matches, options: options);
    }
}
