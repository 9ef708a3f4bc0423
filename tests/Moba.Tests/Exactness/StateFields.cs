using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SelfPlayArena.Moba.Tests.Exactness;

/// <summary>
/// The fields of a match's state by name, found by reflection: a field that is added is checked and compared from then on without being
/// mentioned anywhere.
/// </summary>
internal static unsafe class StateFields
{
    /// <summary>One field: where it lies, of what type its elements are, and how many there are (1 for a plain field).</summary>
    public sealed record Field(string Name, int Offset, Type Type, int Length)
    {
        private readonly TypeCode _code = System.Type.GetTypeCode(Type);

        /// <summary>Element i as a number; enough for every type that the state uses but hashes.</summary>
        public double Read(WorldState* s, int i)
        {
            byte* p = (byte*)s + Offset;
            return _code switch
            {
                TypeCode.Single => ((float*)p)[i],
                TypeCode.Int32 => ((int*)p)[i],
                TypeCode.UInt16 => ((ushort*)p)[i],
                TypeCode.Int16 => ((short*)p)[i],
                TypeCode.SByte => ((sbyte*)p)[i],
                TypeCode.UInt64 => ((ulong*)p)[i],
                _ => p[i],
            };
        }
    }

    public static readonly Field[] All =
    [
        .. typeof(WorldState).GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Select(f =>
        {
            FixedBufferAttribute? buffer = f.GetCustomAttribute<FixedBufferAttribute>();
            Type type = buffer?.ElementType ?? (f.FieldType.IsEnum ? f.FieldType.GetEnumUnderlyingType() : f.FieldType);
            return new Field(f.Name, (int)Marshal.OffsetOf<WorldState>(f.Name), type, buffer?.Length ?? 1);
        }),
    ];

    private static readonly Field[] Floats = [.. All.Where(f => f.Type == typeof(float))];

    public static Field Named(string name) => All.Single(f => f.Name == name);

    /// <summary>Name and place of the first number that is not finite, null if all are.</summary>
    public static string? NotFinite(WorldState* s)
    {
        foreach (Field f in Floats)
        {
            float* p = (float*)((byte*)s + f.Offset);
            for (int i = 0; i < f.Length; i++)
            {
                if (!float.IsFinite(p[i]))
                    return $"{f.Name}[{i}] is {p[i]}";
            }
        }
        return null;
    }

    /// <summary>Whether two states are the same bytes.</summary>
    public static bool Same(in WorldState a, in WorldState b) => Bytes(in a).SequenceEqual(Bytes(in b));

    /// <summary>The first elements in which two states differ, for messages.</summary>
    public static string Difference(in WorldState a, in WorldState b)
    {
        var found = new List<string>();
        fixed (WorldState* p = &a, q = &b)
        {
            foreach (Field f in All)
            {
                for (int i = 0; i < f.Length && found.Count < 6; i++)
                {
                    if (!f.Read(p, i).Equals(f.Read(q, i)))
                        found.Add($"{f.Name}[{i}] {f.Read(p, i)} and {f.Read(q, i)}");
                }
            }
        }
        return found.Count == 0 ? "none" : string.Join("; ", found);
    }

    private static ReadOnlySpan<byte> Bytes(in WorldState s) => MemoryMarshal.AsBytes(new ReadOnlySpan<WorldState>(in s));
}
