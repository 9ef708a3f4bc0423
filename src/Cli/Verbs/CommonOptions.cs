using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SelfPlayArena.Cli.Serving;
using SelfPlayArena.Core;
using SelfPlayArena.Core.Replays;

namespace SelfPlayArena.Cli.Verbs;

/// <summary>Options that several verbs have, so that they mean the same everywhere.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json(string what = "print the result as one line of JSON") => new("--json") { Description = what };

    public static Option<ulong> Seed() => new("--seed") { Description = "seed of everything random", DefaultValueFactory = _ => 1, HelpName = "N" };

    public static Option<string> Mode(string description = "game mode") => Among("--mode", description, "5v5", Environments.AllModes);

    public static Option<string> Rules(string description = "rule set") => Among("--rules", description, "quick", Environments.AllRules);

    public static Option<int> Count(string name, string description, int value, int low, int high)
        => Ranged(new Option<int>(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "N" }, low, high);

    public static Option<double> Seconds(double value)
        => Ranged(new Option<double>("--seconds") { Description = "seconds of each measurement", DefaultValueFactory = _ => value, HelpName = "S" }, 0.01, 3600);

    /// <summary>A text that must be among some values.</summary>
    public static Option<string> Among(string name, string description, string? value, IReadOnlyList<string> allowed)
    {
        var option = new Option<string>(name) { Description = $"{description}: {string.Join(", ", allowed)}", HelpName = "NAME" };
        if (value is not null)
            option.DefaultValueFactory = _ => value;
        option.Validators.Add(result =>
        {
            string? given = result.Tokens.Count > 0 ? result.Tokens[0].Value : null;
            if (given is not null && !allowed.Contains(given))
                result.AddError($"{name} '{given}' is not allowed{Spelling.Suggestion(given, allowed)}; allowed: {string.Join(", ", allowed)}");
        });
        return option;
    }

    /// <summary>Whole numbers above 0, separated by commas.</summary>
    public static Option<int[]> CountList(string name, string description, string value)
        => new(name)
        {
            Description = description,
            HelpName = "N,N,…",
            DefaultValueFactory = _ => [.. value.Split(',').Select(v => int.Parse(v, CultureInfo.InvariantCulture))],
            CustomParser = result => Numbers(name, result),
        };

    /// <summary>A percentage, 0 to 100, written with or without its sign.</summary>
    public static Option<double?> Percentage(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N%",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (double.TryParse(text.EndsWith('%') ? text[..^1] : text, NumberStyles.Float, CultureInfo.InvariantCulture, out double percent) && percent is >= 0 and <= 100)
                return percent;
            result.AddError($"{name} '{text}' is not allowed; allowed: 0% to 100%");
            return null;
        },
    };

    /// <summary>Where metrics are served.</summary>
    public static Option<MetricsAddress?> Metrics(string description) => new("--metrics")
    {
        Description = description,
        HelpName = "HOST:PORT",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            MetricsAddress? address = MetricsAddress.Parse(text);
            if (address is null)
                result.AddError($"--metrics '{text}' is not allowed; allowed: {MetricsAddress.Allowed}");
            return address;
        },
    };

    public static Option<string?> Record() => new("--record") { Description = "record every match into this folder", HelpName = "FOLDER" };

    /// <summary>Records every match into a folder that somebody named.</summary>
    /// <exception cref="UserError">The folder cannot be made.</exception>
    public static ReplayFolder Recorder(string folder, EnvironmentRecipe recipe, EnvironmentSpec spec)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"--record: no replays can be written to '{folder}': {e.Message}", e);
        }
        return new ReplayFolder(folder, recipe, spec);
    }

    /// <summary>Refuses numbers outside a range. What is no number at all is the parser's to refuse.</summary>
    public static Option<T> Ranged<T>(Option<T> option, double low, double high)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 0 || !double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
                return;
            if (!(number >= low && number <= high))
                result.AddError($"{option.Name} {result.Tokens[0].Value} is out of range; allowed: {low.ToString("0.###", CultureInfo.InvariantCulture)} to {high.ToString("0.###", CultureInfo.InvariantCulture)}");
        });
        return option;
    }

    private static int[] Numbers(string name, ArgumentResult result)
    {
        var numbers = new List<int>();
        foreach (string part in result.Tokens.SelectMany(t => t.Value.Split(',')))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > 1_000_000)
            {
                result.AddError($"{name}: '{part}' is not allowed; allowed: whole numbers from 1 to 1000000, separated by commas");
                return [];
            }
            numbers.Add(number);
        }
        return [.. numbers];
    }
}
