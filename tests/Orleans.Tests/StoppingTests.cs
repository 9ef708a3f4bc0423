using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Tests;

/// <summary>What the stand-in promises beyond the real runtime, which may end with grains that it has just made and tells nothing.</summary>
public sealed class StoppingTests
{
    // Many, because a call that makes its grain may come at any point of the silo's end.
    [Fact]
    public async Task No_grain_that_answers_while_its_silo_stops_is_forgotten()
    {
        for (int round = 0; round < 300; round++)
        {
            var silo = new TestSilo(_ => { });
            await silo.Start();
            var answered = new ConcurrentBag<string>();
            var callers = Enumerable.Range(0, 3).Select(c => Task.Run(async () =>
            {
                try
                {
                    for (int i = 0; ; i++)
                    {
                        string key = $"late {round} {c} {i}";
                        await silo.Grains.GetGrain<ICounterGrain>(key).Add(1);
                        answered.Add(key);
                    }
                }
                catch (OrleansException)
                {
                    // The silo stops.
                }
            })).ToArray();
            while (answered.IsEmpty)
                await Task.Yield();
            await silo.Stop();
            await Task.WhenAll(callers);
            Assert.All(answered, key => Assert.Contains(key, CounterGrain.Ended));
            await silo.DisposeAsync();
        }
    }
}
