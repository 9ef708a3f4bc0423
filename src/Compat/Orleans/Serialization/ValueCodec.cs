using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.Serialization;

/// <summary>
/// Writes values that travel between grains to bytes and back: primitives, text, times, arrays, the usual collections, tuples, references to grains,
/// and types with <see cref="GenerateSerializerAttribute"/>, of which the members with an <see cref="IdAttribute"/> (and the primary parameters of
/// records) travel and all others are reset.
/// </summary>
internal static class ValueCodec
{
    private static readonly ConcurrentDictionary<Type, Shape?> Shapes = new();

    private static readonly HashSet<Type> Collections = [typeof(List<>), typeof(HashSet<>), typeof(Queue<>)];

    /// <summary>
    /// What the receiving grain gets: a copy, unless the type or wrapper says that the value is immutable. In a Debug build immutable values are
    /// written and read too, and so shown to be able to travel; what is handed over is still the value itself.
    /// </summary>
    public static object? Copy(object? value, Silo silo)
    {
        if (value is null or string or Type or CancellationToken or GrainProxy || value.GetType().IsPrimitive)
            return value;
        if (value is Grain grain)
            throw new ArgumentException($"{grain.GetType()} was passed by itself; pass a reference, this.AsReference<I>()");
        bool immutable = value.GetType().IsDefined(typeof(ImmutableAttribute), inherit: false);
#if !DEBUG
        if (immutable)
            return value;
#endif
        object? copy = Read(Write(value), silo);
        return immutable ? value : copy;
    }

    /// <exception cref="CodecNotFoundException">A value of a type that cannot travel.</exception>
    public static byte[] Write(object? value)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            Write(writer, value);
        return stream.ToArray();
    }

    public static object? Read(byte[] bytes, Silo? silo)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes, writable: false), Encoding.UTF8);
        return Read(reader, silo);
    }

    /// <summary>Whether values declared so can travel, as far as the declaration tells.</summary>
    /// <exception cref="CodecNotFoundException">They cannot.</exception>
    public static void Require(Type type, string where)
    {
        if (type.IsByRef || type.IsPointer || (!CanTravel(type, []) && !type.IsGenericParameter))
            throw new CodecNotFoundException($"Could not find a codec for type {type}, {where}.");
    }

    private static bool CanTravel(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type) || Simple(type) || type == typeof(object) || type == typeof(CancellationToken) || typeof(IAddressable).IsAssignableFrom(type))
            return true;
        if (type.IsArray)
            return CanTravel(type.GetElementType()!, seen);
        if (type.IsGenericType && type.Namespace is not null && type.Namespace.StartsWith("System", StringComparison.Ordinal))
            return type.GetGenericArguments().All(a => CanTravel(a, seen));
        return type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) || (type.IsInterface && !type.IsGenericType) || (type.IsAbstract && type.IsClass);
    }

    private static bool Simple(Type type)
        => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(Guid) || type == typeof(DateTime)
            || type == typeof(DateTimeOffset) || type == typeof(TimeSpan) || type == typeof(Half) || type == typeof(Uri) || type == typeof(Type);

    private static void Write(BinaryWriter w, object? value)
    {
        if (value is null)
        {
            w.Write("");
            return;
        }
        if (value is GrainProxy proxy)
        {
            w.Write("@");
            w.Write(Name(proxy.GetType().GetInterfaces().First(i => typeof(IGrain).IsAssignableFrom(i) && i != typeof(IGrain) && i.Assembly != typeof(IGrain).Assembly)));
            w.Write(proxy.GrainId.TypeText);
            w.Write(proxy.GrainId.KeyText);
            return;
        }
        Type type = value.GetType();
        w.Write(Name(type));
        if (type.IsEnum)
        {
            w.Write(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
        }
        else if (Simple(type))
        {
            WriteSimple(w, value);
        }
        else if (value is byte[] bytes)
        {
            w.Write(bytes.Length);
            w.Write(bytes);
        }
        else if (value is Array array)
        {
            if (array.Rank != 1)
                throw new CodecNotFoundException($"Could not find a codec for type {type}: arrays of one dimension travel.");
            w.Write(array.Length);
            foreach (object? item in array)
                Write(w, item);
        }
        else if (value is IDictionary dictionary && Is(type, typeof(Dictionary<,>), typeof(SortedDictionary<,>)))
        {
            w.Write(dictionary.Count);
            foreach (DictionaryEntry pair in dictionary)
            {
                Write(w, pair.Key);
                Write(w, pair.Value);
            }
        }
        else if (type.IsGenericType && Collections.Contains(type.GetGenericTypeDefinition()))
        {
            object?[] items = [.. ((IEnumerable)value).Cast<object?>()];
            w.Write(items.Length);
            foreach (object? item in items)
                Write(w, item);
        }
        else
        {
            foreach (FieldInfo field in ShapeOf(type).Fields)
                Write(w, field.GetValue(value));
        }
    }

    private static object? Read(BinaryReader r, Silo? silo)
    {
        string name = r.ReadString();
        if (name.Length == 0)
            return null;
        if (name == "@")
        {
            var grainInterface = Type.GetType(r.ReadString(), throwOnError: true)!;
            return (silo ?? throw new SerializerException("A reference to a grain cannot be kept in storage.")).Reference(grainInterface, GrainId.Create(r.ReadString(), r.ReadString()));
        }
        Type type = Type.GetType(name, throwOnError: true)!;
        if (type.IsEnum)
            return Enum.ToObject(type, r.ReadInt64());
        if (Simple(type))
            return ReadSimple(r, type);
        if (type == typeof(byte[]))
            return r.ReadBytes(r.ReadInt32());
        if (type.IsArray)
        {
            var array = Array.CreateInstance(type.GetElementType()!, r.ReadInt32());
            for (int i = 0; i < array.Length; i++)
                array.SetValue(Read(r, silo), i);
            return array;
        }
        if (Is(type, typeof(Dictionary<,>), typeof(SortedDictionary<,>)))
        {
            var dictionary = (IDictionary)Activator.CreateInstance(type)!;
            for (int n = r.ReadInt32(); n > 0; n--)
                dictionary.Add(Read(r, silo)!, Read(r, silo));
            return dictionary;
        }
        if (type.IsGenericType && Collections.Contains(type.GetGenericTypeDefinition()))
        {
            var items = Array.CreateInstance(type.GetGenericArguments()[0], r.ReadInt32());
            for (int i = 0; i < items.Length; i++)
                items.SetValue(Read(r, silo), i);
            return Activator.CreateInstance(type, items);
        }
        object value = RuntimeHelpers.GetUninitializedObject(type);
        Shape shape = ShapeOf(type);
        shape.Construct?.Invoke(value, null);
        foreach (FieldInfo field in shape.Fields)
            field.SetValue(value, Read(r, silo));
        return value;
    }

    private static void WriteSimple(BinaryWriter w, object value)
    {
        switch (value)
        {
            case string v:
                w.Write(v);
                break;
            case bool v:
                w.Write(v);
                break;
            case char v:
                w.Write((ushort)v);
                break;
            case float v:
                w.Write(v);
                break;
            case double v:
                w.Write(v);
                break;
            case Half v:
                w.Write(v);
                break;
            case decimal v:
                w.Write(v);
                break;
            case ulong v:
                w.Write(v);
                break;
            case Guid v:
                w.Write(v.ToByteArray());
                break;
            case DateTime v:
                w.Write(v.ToBinary());
                break;
            case DateTimeOffset v:
                w.Write(v.Ticks);
                w.Write(v.Offset.Ticks);
                break;
            case TimeSpan v:
                w.Write(v.Ticks);
                break;
            case Uri v:
                w.Write(v.OriginalString);
                break;
            case Type v:
                w.Write(Name(v));
                break;
            default:
                w.Write(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }

    private static object ReadSimple(BinaryReader r, Type type)
    {
        if (type == typeof(string))
            return r.ReadString();
        if (type == typeof(bool))
            return r.ReadBoolean();
        if (type == typeof(char))
            return (char)r.ReadUInt16();
        if (type == typeof(float))
            return r.ReadSingle();
        if (type == typeof(double))
            return r.ReadDouble();
        if (type == typeof(Half))
            return r.ReadHalf();
        if (type == typeof(decimal))
            return r.ReadDecimal();
        if (type == typeof(ulong))
            return r.ReadUInt64();
        if (type == typeof(Guid))
            return new Guid(r.ReadBytes(16));
        if (type == typeof(DateTime))
            return DateTime.FromBinary(r.ReadInt64());
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(r.ReadInt64(), TimeSpan.FromTicks(r.ReadInt64()));
        if (type == typeof(TimeSpan))
            return TimeSpan.FromTicks(r.ReadInt64());
        if (type == typeof(Uri))
            return new Uri(r.ReadString(), UriKind.RelativeOrAbsolute);
        if (typeof(Type).IsAssignableFrom(type))
            return Type.GetType(r.ReadString(), throwOnError: true)!;
        return Convert.ChangeType(r.ReadInt64(), type, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Name(Type type) => typeof(Type).IsAssignableFrom(type) ? typeof(Type).AssemblyQualifiedName! : type.AssemblyQualifiedName!;

    private static bool Is(Type type, params ReadOnlySpan<Type> definitions) => type.IsGenericType && definitions.Contains(type.GetGenericTypeDefinition());

    private static Shape ShapeOf(Type type) => Shapes.GetOrAdd(type, Shape.Of) ?? throw new CodecNotFoundException($"Could not find a codec for type {type}.");

    /// <summary>The fields of a type that travel, in order of their numbers.</summary>
    private sealed record Shape(FieldInfo[] Fields, ConstructorInfo? Construct)
    {
        private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

        public static Shape? Of(Type type)
        {
            if (type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal) || type.FullName.StartsWith("System.Tuple`", StringComparison.Ordinal)
                || type.FullName.StartsWith("System.Collections.Generic.KeyValuePair`", StringComparison.Ordinal))
                return new Shape(type.GetFields(Declared), null);
            if (!type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
                return null;
            var fields = new List<FieldInfo>();
            for (Type? t = type; t is not null && t != typeof(object) && t != typeof(ValueType); t = t.BaseType)
            {
                HashSet<string> primary = IsRecord(t) ? [.. t.GetConstructors(Declared).MaxBy(c => c.GetParameters().Length)!.GetParameters().Select(p => p.Name!)] : [];
                foreach (FieldInfo field in t.GetFields(Declared))
                {
                    string? property = field.Name.StartsWith('<') && field.Name.EndsWith(">k__BackingField", StringComparison.Ordinal) ? field.Name[1..field.Name.IndexOf('>')] : null;
                    bool numbered = field.IsDefined(typeof(IdAttribute)) || (property is not null && (primary.Contains(property) || t.GetProperty(property, Declared)!.IsDefined(typeof(IdAttribute))));
                    if (numbered)
                        fields.Add(field);
                }
            }
            return new Shape([.. fields], type.IsValueType ? null : type.GetConstructor(Declared, Type.EmptyTypes));
        }

        private static bool IsRecord(Type type) => type.GetMethod("<Clone>$", Declared) is not null || (type.IsValueType && type.GetMethod("PrintMembers", Declared) is not null);
    }
}
