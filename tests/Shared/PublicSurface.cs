using System.Reflection;
using System.Runtime.CompilerServices;

namespace SelfPlayArena.Testing;

/// <summary>
/// The public surface of a stand-in under src/Compat is a promise to code that also compiles against the real package: this compares it with
/// the recorded one. After a wanted change run the test once with ARENA_RECORD_API=1, which writes the file anew.
/// </summary>
internal static class PublicSurface
{
    /// <param name="assembly">The stand-in.</param>
    /// <param name="folder">Its folder under src/Compat, which holds PublicApi.txt.</param>
    public static void IsTheRecordedOne(Assembly assembly, string folder)
    {
        string file = Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../src/Compat", folder, "PublicApi.txt");
        string[] actual = [.. Surface(assembly).Order(StringComparer.Ordinal)];
        if (Environment.GetEnvironmentVariable("ARENA_RECORD_API") == "1")
            File.WriteAllLines(file, actual);
        Assert.Equal(File.ReadAllLines(file), actual);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static IEnumerable<string> Surface(Assembly assembly)
    {
        foreach (Type type in assembly.GetExportedTypes())
        {
            string name = Name(type);
            yield return $"{name} : {(type.BaseType is { } b ? Name(b) : "")}";
            foreach (MemberInfo member in type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            {
                if (Describe(member) is { } text)
                {
                    yield return $"{name}.{text}";
                }
            }
        }
    }

    private static string? Describe(MemberInfo member) => member switch
    {
        MethodBase { IsPublic: false, IsFamily: false, IsFamilyOrAssembly: false } => null,
        MethodBase method when method.Name is "Finalize" => null,
        MethodInfo { IsSpecialName: true } method when !method.Name.StartsWith("op_", StringComparison.Ordinal) && member.DeclaringType!.GetProperties(All).Any(p => p.GetAccessors(true).Contains(method)) => null,
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{method.Name}{(method.IsGenericMethodDefinition ? $"<{method.GetGenericArguments().Length}>" : "")}({Parameters(method)}) -> {Name(method.ReturnType)}",
        ConstructorInfo constructor when !constructor.IsStatic => $"new({Parameters(constructor)})",
        PropertyInfo property when property.GetAccessors(true).Any(a => a.IsPublic || a.IsFamily) =>
            $"{property.Name}[{string.Join(", ", property.GetIndexParameters().Select(p => Name(p.ParameterType)))}] {{{(property.CanRead ? " get" : "")}{(property.SetMethod is { IsPublic: true } or { IsFamily: true } ? " set" : "")} }} : {Name(property.PropertyType)}",
        FieldInfo field when field.IsPublic || field.IsFamily => $"{(field.IsStatic ? "static " : "")}{field.Name} : {Name(field.FieldType)}{(field.IsLiteral ? $" = {string.Format(System.Globalization.CultureInfo.InvariantCulture, "{0}", field.GetRawConstantValue())}" : "")}",
        _ => null,
    };

    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        $"{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? $" = {p.DefaultValue ?? "null"}" : "")}"));

    private static string Name(Type type)
    {
        if (!type.IsGenericType)
        {
            return type.IsGenericParameter ? type.Name : type.ToString();
        }
        string open = type.GetGenericTypeDefinition().ToString();
        return $"{open[..open.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
