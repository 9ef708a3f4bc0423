using SelfPlayArena.Cli.Measuring;
using SelfPlayArena.Rollout;
using SelfPlayArena.Testing;

namespace SelfPlayArena.Cli.Tests;

/// <summary>The league that trains beside a measurement.</summary>
public sealed class BackgroundRunTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task ItTellsHowFastItTrainsSinceAMomentAndNothingOfATimeWithoutAnUpdate()
    {
        string root = Directory.CreateTempSubdirectory("arena-background-").FullName;
        try
        {
            using (var league = new BackgroundRun(SmallLeague.Settings, Path.Combine(root, "beside"), new PlayPressure()))
            {
                await league.Warm.WaitAsync(Patience);
                long start = TimeProvider.System.GetTimestamp();
                Assert.True(SpinWait.SpinUntil(() => league.Rate(start) > 0, Patience));
                await league.Pause();
                Assert.Equal(0, league.Rate(TimeProvider.System.GetTimestamp() + TimeProvider.System.TimestampFrequency * 1000));
                await league.Resume();
                start = TimeProvider.System.GetTimestamp();
                Assert.True(SpinWait.SpinUntil(() => league.Rate(start) > 0, Patience));
            }
            Assert.True(File.ReadAllLines(new RunFolder(Path.Combine(root, "beside")).Progress).Length >= 4);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
