using System.Collections;
using System.Globalization;
using System.Reflection;
using SelfPlayArena.Rollout;

namespace SelfPlayArena.Cli.Configuration;

/// <summary>What a setting holds.</summary>
internal enum SettingKind
{
    Text,
    Whole,

    /// <summary>One whole number, or a list of them.</summary>
    Wholes,
    Number,
    Flag,
    NumberByName,
    Texts,
}

/// <summary>One key of a configuration file: which property of <see cref="RunSettings"/> it fills and which values are allowed.</summary>
/// <param name="Name">Snake case, as written in YAML.</param>
/// <param name="Low">Smallest number allowed; for <see cref="SettingKind.NumberByName"/> that of each entry.</param>
/// <param name="Choices">Allowed texts; empty where any text is taken.</param>
internal sealed record SettingKey(string Name, PropertyInfo Property, SettingKind Kind, double Low, double High, IReadOnlyList<string> Choices, string Description)
{
    /// <summary>What may be written, in words.</summary>
    public string Allowed => Kind switch
    {
        SettingKind.Flag => "true, false",
        SettingKind.Whole => $"a whole number {Range}",
        SettingKind.Wholes => $"a whole number {Range}, or a list of them, as in [0, 2]",
        SettingKind.Number => $"a number {Range}",
        SettingKind.NumberByName => $"a mapping of names to numbers {Range}",
        SettingKind.Texts => "a list of names, as in [a, b]",
        _ => Choices.Count > 0 ? string.Join(", ", Choices) : "a text",
    };

    /// <summary>The value in some settings, as YAML would have it.</summary>
    public string Format(RunSettings settings) => FormatValue(Property.GetValue(settings));

    private string Range => $"from {Low.ToString("0.########", CultureInfo.InvariantCulture)} to {High.ToString("0.########", CultureInfo.InvariantCulture)}";

    private static string FormatValue(object? value) => value switch
    {
        bool b => b ? "true" : "false",
        double d => d.ToString("0.########", CultureInfo.InvariantCulture),
        string s => s,
        IReadOnlyDictionary<string, double> map => "{" + string.Join(", ", map.Select(p => $"{p.Key}: {FormatValue(p.Value)}")) + "}",
        IReadOnlyList<int> { Count: 1 } one => FormatValue(one[0]),
        IEnumerable list => "[" + string.Join(", ", list.Cast<object>()) + "]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
