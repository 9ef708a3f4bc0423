using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Verbs;

/// <summary>How an environment is played, beyond its mode and rules: the same options on every verb that makes one.</summary>
internal sealed class PlayOptions
{
    private readonly Option<string?> _shopping = Choice("--shopping", "who spends gold and skill points", Environments.Shopping);
    private readonly Option<string?> _macro = Choice("--macro", "who gives macro commands", Environments.Macro);
    private readonly Option<int[]?> _delay = Numbers("--reaction-delay", "decisions between choosing an action and carrying it out", Environments.MaxReactionDelay);
    private readonly Option<int[]?> _rate = Numbers("--action-rate", "most changed orders a second, 0 for no limit", Environments.MaxActionRate);
    private readonly Option<string?> _draft = new("--draft") { Description = "none, or the order of picks of scripted drafters, as in 1-2-2-2-2-1", HelpName = "ORDER" };
    private readonly Option<int?> _bans = CommonOptions.Ranged(new Option<int?>("--bans") { Description = "heroes each team bans before the picks", HelpName = "N" }, 0, Environments.MaxBans);

    private readonly Option<string[]?> _pool = Names("--hero-pool", "heroes that line-ups are drawn from");
    private readonly Option<string[]?> _home = Names("--home", "heroes of the first team in every match");
    private readonly Option<string[]?> _away = Names("--away", "heroes of the second team");

    public IReadOnlyList<Option> All => [_shopping, _macro, _delay, _rate, _draft, _bans, _pool, _home, _away];

    public void AddTo(Command command)
    {
        foreach (Option option in All)
            command.Options.Add(option);
    }

    /// <summary>The settings with what the command line says put over them.</summary>
    public RunSettings Over(RunSettings settings, ParseResult parsed) => settings with
    {
        Shopping = parsed.GetValue(_shopping) ?? settings.Shopping,
        Macro = parsed.GetValue(_macro) ?? settings.Macro,
        ReactionDelay = parsed.GetValue(_delay) is { Length: > 0 } delay ? delay : settings.ReactionDelay,
        ActionRate = parsed.GetValue(_rate) is { Length: > 0 } rate ? rate : settings.ActionRate,
        Draft = parsed.GetValue(_draft) ?? settings.Draft,
        Bans = parsed.GetValue(_bans) ?? settings.Bans,
        HeroPool = parsed.GetValue(_pool) ?? settings.HeroPool,
        Home = parsed.GetValue(_home) ?? settings.Home,
        Away = parsed.GetValue(_away) ?? settings.Away,
    };

    private static Option<string[]?> Names(string name, string description) => new(name)
    {
        Description = $"{description}, separated by commas; all for what the environment draws from by itself",
        HelpName = "NAME,NAME,…",
        CustomParser = result =>
        {
            string[] names = [.. result.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
            return names is ["all"] ? [] : names;
        },
    };

    private static Option<string?> Choice(string name, string description, IReadOnlyList<string> allowed)
    {
        var option = new Option<string?>(name) { Description = $"{description}: {string.Join(", ", allowed)}", HelpName = "NAME" };
        option.Validators.Add(result =>
        {
            string? given = result.Tokens.Count > 0 ? result.Tokens[0].Value : null;
            if (given is not null && !allowed.Contains(given))
                result.AddError($"{name} '{given}' is not allowed{Spelling.Suggestion(given, allowed)}; allowed: {string.Join(", ", allowed)}");
        });
        return option;
    }

    private static Option<int[]?> Numbers(string name, string description, int most) => new(name)
    {
        Description = $"{description}: 0 to {most}; one number for all, two for the teams, or one a hero, separated by commas",
        HelpName = "N[,N…]",
        CustomParser = result => Parse(name, most, result),
    };

    private static int[]? Parse(string name, int most, ArgumentResult result)
    {
        var numbers = new List<int>();
        foreach (string part in result.Tokens.SelectMany(t => t.Value.Split(',')))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number > most)
            {
                result.AddError($"{name}: '{part}' is not allowed; allowed: whole numbers from 0 to {most}, separated by commas");
                return null;
            }
            numbers.Add(number);
        }
        return [.. numbers];
    }
}
