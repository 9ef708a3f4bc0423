using System.Text.Json;
using SelfPlayArena.Cli;

namespace SelfPlayArena.Cli.Tests;

public sealed class SimulationBenchTests
{
    [Fact]
    public void EveryNumberOfMatchesIsOneLineOfJsonAndStepsAllocateNothing()
    {
        JsonElement[] lines = Bench("--matches", "1,4");
        Assert.Equal([1, 4], lines.Select(l => l.GetProperty("matches").GetInt32()));
        foreach (JsonElement report in lines)
        {
            double rate = report.GetProperty("hero_steps_per_second").GetDouble();
            Assert.Equal(2 * rate, report.GetProperty("hero_ticks_per_second").GetDouble(), 3);
            Assert.Equal(1e9, rate * report.GetProperty("nanoseconds_per_hero_step").GetDouble(), 1e9 * 1e-9);
            Assert.Equal(0, report.GetProperty("bytes_allocated_per_step").GetDouble());
            Assert.Equal(1, report.GetProperty("share_observe").GetDouble() + report.GetProperty("share_choose").GetDouble() + report.GetProperty("share_step").GetDouble(), 6);
            Assert.InRange(report.GetProperty("state_bytes").GetInt32(), 10_000, 32_768);
            JsonElement alive = report.GetProperty("alive");
            Assert.InRange(alive.GetProperty("heroes").GetDouble(), 5, 10);
            Assert.InRange(alive.GetProperty("structures").GetDouble(), 10, 20);
            Assert.Equal(2, report.GetProperty("thinking_ticks").GetProperty("heroes decide").GetInt32());
            Assert.True(report.GetProperty("snapshot").GetProperty("microseconds_cold").GetDouble() > report.GetProperty("snapshot").GetProperty("microseconds_hot").GetDouble());
        }
        Assert.Equal(1, lines[0].GetProperty("rate_of_first").GetDouble());
    }

    [Fact]
    public void ScriptedPlayersThreadsRollOutsAndTheProfileAreReportedWhenAskedFor()
    {
        JsonElement plain = Bench("--matches", "1", "--mode", "1v1")[0];
        Assert.False(plain.TryGetProperty("thread_ratio", out _));
        Assert.False(plain.TryGetProperty("roll_out", out _));
        Assert.False(plain.TryGetProperty("profile", out _));

        JsonElement report = Bench("--matches", "2", "--mode", "1v1", "--rules", "quick", "--players", "easy", "--threads", "2", "--step-only", "--profile")[0];
        Assert.Equal("easy@1", report.GetProperty("players").GetString());
        Assert.True(report.GetProperty("thread_ratio").GetDouble() > 0);
        JsonElement rollOut = report.GetProperty("roll_out");
        Assert.True(rollOut.GetProperty("match_ticks_per_second_without_choice").GetDouble() > rollOut.GetProperty("match_ticks_per_second").GetDouble());
        string[] parts = [.. report.GetProperty("profile").EnumerateObject().Select(p => p.Name)];
        foreach (string part in new[] { "Orders", "HeroUpkeep", "Movement", "Vision", "Gather", "Rows", "Masks" })
            Assert.Contains(part, parts);
        Assert.DoesNotContain("FullState", parts);
    }

    private static JsonElement[] Bench(params string[] arguments)
    {
        var output = new StringWriter();
        Assert.Equal(0, ArenaCommand.Run(["bench", "sim", "--seconds", "0.05", "--repeats", "2", "--json", .. arguments], output, TextWriter.Null));
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
    }
}
