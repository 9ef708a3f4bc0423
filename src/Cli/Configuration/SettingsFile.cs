using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SelfPlayArena.Core;
using SelfPlayArena.Rollout;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SelfPlayArena.Cli.Configuration;

/// <summary>
/// Reads a YAML mapping of <see cref="SettingKeys"/> over some settings. Every fault is reported with its file and line; all faults of a
/// file are reported together.
/// </summary>
internal sealed class SettingsFile
{
    private readonly string _file;
    private readonly List<string> _faults = [];
    private readonly Dictionary<string, long> _seen = [];

    private SettingsFile(string file) => _file = file;

    /// <summary>The settings with what the file says put over them.</summary>
    /// <exception cref="UserError">Missing file, or faults with file, line and what is allowed.</exception>
    public static RunSettings Read(string path, RunSettings basis)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"configuration '{path}' cannot be read: {e.Message}", e);
        }
        return Parse(path, text, basis);
    }

    /// <summary>See <see cref="Read"/>.</summary>
    /// <param name="file">Name of the file in messages.</param>
    public static RunSettings Parse(string file, string text, RunSettings basis)
    {
        var reader = new SettingsFile(file);
        RunSettings settings = basis with { };
        try
        {
            reader.Document(new Parser(new StringReader(text)), settings);
        }
        catch (YamlException e)
        {
            reader.Fault(e.Start, null, $"not YAML: {Innermost(e)}", "lines of the form 'key: value'");
        }
        if (reader._faults.Count > 0)
        {
            const int shown = 12;
            throw new UserError(string.Join('\n', reader._faults.Take(shown)) + (reader._faults.Count > shown ? $"\n… and {reader._faults.Count - shown} more" : ""));
        }
        return settings;
    }

    private static string Innermost(Exception e) => e.InnerException is null ? e.Message : Innermost(e.InnerException);

    private void Document(Parser parser, RunSettings settings)
    {
        parser.Consume<StreamStart>();
        if (parser.TryConsume<StreamEnd>(out _))
            return;
        parser.Consume<DocumentStart>();
        if (parser.Current is Scalar { Value: "" } && parser.TryConsume<Scalar>(out _))
            return;
        if (!parser.TryConsume<MappingStart>(out _))
        {
            Fault(parser.Current!.Start, null, "the file must hold a mapping", "lines of the form 'key: value'");
            return;
        }
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!TryScalar(parser, out Scalar? name))
            {
                Fault(parser.Current!.Start, null, "a key must be a plain name", KeyNames);
                parser.SkipThisAndNestedEvents();
                parser.SkipThisAndNestedEvents();
                continue;
            }
            Entry(parser, name, settings);
        }
    }

    private void Entry(Parser parser, Scalar name, RunSettings settings)
    {
        SettingKey? key = SettingKeys.All.FirstOrDefault(k => k.Name == name.Value);
        if (key is null)
        {
            Fault(name.Start, name.Value, "unknown key" + Spelling.Suggestion(name.Value, SettingKeys.All.Select(k => k.Name)), KeyNames);
            parser.SkipThisAndNestedEvents();
            return;
        }
        if (!_seen.TryAdd(key.Name, name.Start.Line))
        {
            Fault(name.Start, key.Name, $"given twice, first on line {_seen[key.Name]}", "each key once");
            parser.SkipThisAndNestedEvents();
            return;
        }
        object? value = key.Kind switch
        {
            SettingKind.NumberByName => Map(parser, key),
            SettingKind.Texts => List(parser, key),
            SettingKind.Wholes => Wholes(parser, key),
            _ => Single(parser, key),
        };
        if (value is not null)
            key.Property.SetValue(settings, value);
    }

    private object? Single(Parser parser, SettingKey key)
    {
        if (!TryScalar(parser, out Scalar? scalar))
        {
            Fault(parser.Current!.Start, key.Name, "one value is expected here", key.Allowed);
            parser.SkipThisAndNestedEvents();
            return null;
        }
        return Value(scalar, key);
    }

    private object? Value(Scalar scalar, SettingKey key)
    {
        string text = scalar.Value;
        switch (key.Kind)
        {
            case SettingKind.Text when text.Length > 0 && (key.Choices.Count == 0 || key.Choices.Contains(text)):
                return text;
            case SettingKind.Flag when text is "true" or "false":
                return text == "true";
            case SettingKind.Whole when decimal.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal whole)
                && (double)whole >= key.Low && (double)whole <= key.High && whole <= long.MaxValue:
                return Convert.ChangeType(whole, key.Property.PropertyType, CultureInfo.InvariantCulture);
            case SettingKind.Wholes when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int entry) && entry >= key.Low && entry <= key.High:
                return entry;
            case SettingKind.Number or SettingKind.NumberByName when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && number >= key.Low && number <= key.High:
                return number;
            default:
                Fault(scalar.Start, key.Name, $"'{text}' is not allowed{Spelling.Suggestion(text, key.Choices)}", key.Allowed);
                return null;
        }
    }

    private Dictionary<string, double>? Map(Parser parser, SettingKey key)
    {
        if (!parser.TryConsume<MappingStart>(out _))
        {
            Fault(parser.Current!.Start, key.Name, "names with numbers are expected here", key.Allowed);
            parser.SkipThisAndNestedEvents();
            return null;
        }
        var map = new Dictionary<string, double>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var name = parser.Consume<Scalar>();
            if (!TryScalar(parser, out Scalar? scalar))
            {
                Fault(parser.Current!.Start, $"{key.Name}.{name.Value}", "one number is expected here", key.Allowed);
                parser.SkipThisAndNestedEvents();
            }
            else if (Value(scalar, key with { Name = $"{key.Name}.{name.Value}" }) is double number && !map.TryAdd(name.Value, number))
            {
                Fault(name.Start, $"{key.Name}.{name.Value}", "given twice", "each name once");
            }
        }
        return map;
    }

    private List<string>? List(Parser parser, SettingKey key)
    {
        if (!parser.TryConsume<SequenceStart>(out _))
        {
            Fault(parser.Current!.Start, key.Name, "a list is expected here", key.Allowed);
            parser.SkipThisAndNestedEvents();
            return null;
        }
        var list = new List<string>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            if (TryScalar(parser, out Scalar? scalar) && scalar.Value.Length > 0)
            {
                list.Add(scalar.Value);
                continue;
            }
            Fault((scalar ?? parser.Current!).Start, key.Name, "a name is expected in the list", key.Allowed);
            if (scalar is null)
                parser.SkipThisAndNestedEvents();
        }
        return list;
    }

    private List<int>? Wholes(Parser parser, SettingKey key)
    {
        if (!parser.TryConsume<SequenceStart>(out SequenceStart? start))
            return Single(parser, key) is int one ? [one] : null;
        var list = new List<int>();
        bool sound = true;
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            if (Single(parser, key) is int entry)
                list.Add(entry);
            else
                sound = false;
        }
        if (sound && list.Count > 0)
            return list;
        if (sound)
            Fault(start.Start, key.Name, "the list is empty", key.Allowed);
        return null;
    }

    private static bool TryScalar(Parser parser, [NotNullWhen(true)] out Scalar? scalar)
    {
        scalar = parser.Current as Scalar;
        return scalar is not null && parser.TryConsume<Scalar>(out _);
    }

    private static string KeyNames => string.Join(", ", SettingKeys.All.Select(k => k.Name));

    private void Fault(Mark where, string? key, string what, string allowed)
        => _faults.Add($"{_file}:{where.Line}: {(key is null ? "" : key + ": ")}{what}; allowed: {allowed}");
}
