using System.Collections.Concurrent;
using System.Reflection;

namespace Orleans.Runtime;

/// <summary>Turns what methods return into a plain task of an object, and back.</summary>
internal static class Results
{
    private static readonly ConcurrentDictionary<Type, Func<object, Task<object?>>> Unwraps = new();
    private static readonly ConcurrentDictionary<(Type, ResultShape), Func<Task<object?>, object>> Wraps = new();

    public static async Task<object?> Of(object? result, GrainMethod method)
    {
        switch (method.Shape)
        {
            case ResultShape.Task:
                await (Task)result!;
                return null;
            case ResultShape.ValueTask:
                await (ValueTask)result!;
                return null;
            default:
                Func<object, Task<object?>> unwrap = Unwraps.GetOrAdd(method.Method.ReturnType, t => Make<Func<object, Task<object?>>>(
                    t.GetGenericTypeDefinition() == typeof(Task<>) ? nameof(FromTask) : nameof(FromValueTask), t.GetGenericArguments()[0]));
                return await unwrap(result!);
        }
    }

    public static object As(Task<object?> answer, GrainMethod method) => method.Shape switch
    {
        ResultShape.Task => answer,
        ResultShape.ValueTask => new ValueTask(answer),
        _ => Wraps.GetOrAdd((method.Result!, method.Shape), k => Make<Func<Task<object?>, object>>(k.Item2 == ResultShape.TaskOf ? nameof(ToTask) : nameof(ToValueTask), k.Item1))(answer),
    };

    private static T Make<T>(string method, Type result)
        where T : Delegate
        => typeof(Results).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(result).CreateDelegate<T>();

    private static async Task<object?> FromTask<T>(object task) => await (Task<T>)task;

    private static async Task<object?> FromValueTask<T>(object task) => await (ValueTask<T>)task;

    private static object ToTask<T>(Task<object?> answer) => Cast<T>(answer);

    private static object ToValueTask<T>(Task<object?> answer) => new ValueTask<T>(Cast<T>(answer));

    private static async Task<T> Cast<T>(Task<object?> answer) => (T)(await answer.ConfigureAwait(false))!;
}
