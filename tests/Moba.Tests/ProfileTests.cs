using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests;

public sealed class ProfileTests
{
    /// <summary>A clock that goes one unit further at every look, so that each lap takes exactly one unit.</summary>
    private long _time;

    [Fact]
    public void ProfilingChangesNothingOfWhatIsPlayedAndSeen()
    {
        var plain = new Arena("5v5", seed: 3);
        var profiled = new Arena("5v5", seed: 3) { Env = { Profile = new SimulationProfile(() => ++_time) } };
        plain.Play(200, homeEasy: true, awayEasy: true);
        profiled.Play(200, homeEasy: true, awayEasy: true);
        Assert.Equal(plain.Env.StateHash(0), profiled.Env.StateHash(0));
        Assert.Equal(plain.Observations, profiled.Observations);
        Assert.Equal(plain.Rewards, profiled.Rewards);
    }

    [Fact]
    public void EveryPartIsTimedAsOftenAsItRuns()
    {
        const int decisions = 20;
        var profile = new SimulationProfile(() => ++_time);
        var arena = new Arena("5v5") { Env = { Profile = profile } };
        int ticks = arena.Spec.TicksPerDecision;
        arena.Play(decisions);
        Assert.All(SimulationProfile.Parts, part => Assert.Equal(Expected(part), profile.Laps(part)));
        Assert.All(SimulationProfile.Parts, part => Assert.Equal(profile.Laps(part), profile.Time(part)));
        profile.Clear();
        Assert.All(SimulationProfile.Parts, part => Assert.Equal((0, 0), (profile.Laps(part), profile.Time(part))));

        long Expected(ProfilePart part) => part switch
        {
            ProfilePart.Rewards => 2 * decisions,
            ProfilePart.Slots or ProfilePart.Orders => decisions,
            ProfilePart.Gather or ProfilePart.FullState => UnitIndex.Teams * decisions,
            ProfilePart.Rows or ProfilePart.Masks => UnitIndex.Heroes * decisions,
            _ => ticks * decisions,
        };
    }
}
