using SelfPlayArena.Core;

namespace SelfPlayArena.Core.Tests;

public class RandomnessTests
{
    [Fact]
    public void SplitMix64_gives_its_published_sequence()
    {
        // Reference outputs of splitmix64 for seed 1234567, from its authors' test vector.
        ulong state = 1234567;
        Assert.Equal([6457827717110365317ul, 3203168211198807973ul, 9817491932198370423ul], [Seeds.Mix(ref state), Seeds.Mix(ref state), Seeds.Mix(ref state)]);
    }

    [Fact]
    public void A_generator_goes_on_from_its_state()
    {
        var rng = new Rng(5);
        for (int i = 0; i < 100; i++)
            rng.NextUInt64();
        Rng copy = Rng.FromState(rng.State);
        for (int i = 0; i < 100; i++)
            Assert.Equal(rng.NextUInt64(), copy.NextUInt64());
    }

    [Fact]
    public void Bounded_numbers_are_uniform()
    {
        var rng = new Rng(9);
        var counts = new int[7];
        const int Draws = 70_000;
        for (int i = 0; i < Draws; i++)
            counts[rng.Next(7)]++;
        double chi = counts.Sum(c => Math.Pow(c - Draws / 7.0, 2) / (Draws / 7.0));
        Assert.True(chi < 22.5, $"chi-square {chi} over 6 degrees of freedom (p < 0.001 at 22.5)");
    }

    [Fact]
    public void Derived_seeds_differ_by_root_purpose_and_index()
    {
        var seeds = new HashSet<ulong>();
        for (ulong root = 0; root < 10; root++)
        {
            foreach (string purpose in new[] { "match", "host", "matchup" })
            {
                for (ulong i = 0; i < 100; i++)
                    Assert.True(seeds.Add(Seeds.Derive(root, purpose, i)));
            }
        }
    }

    [Theory]
    [InlineData(0f, 0)]
    [InlineData(1f, 127)]
    [InlineData(-1f, -127)]
    [InlineData(7f, 127)]
    [InlineData(-7f, -127)]
    [InlineData(0.5f, 64)]
    [InlineData(-0.5f, -64)]
    public void Scalars_are_clamped_and_rounded_symmetrically(float value, int expected)
        => Assert.Equal(expected, (sbyte)Quantize.Scalar8(value));

    [Fact]
    public void The_random_player_is_uniform_over_verbs_and_obeys_conditional_masks()
    {
        EnvironmentSpec spec = Specs.Small();
        var mask = new byte[spec.MaskBytes];
        mask[0] = mask[1] = mask[3] = 1;
        mask[spec.MaskOffset(1, 0) + 2] = 1;
        mask[spec.MaskOffset(1, 1) + 1] = mask[spec.MaskOffset(1, 1) + 3] = 1;
        var rng = new Rng(3);
        var verbs = new int[4];
        var action = new short[3];
        for (int i = 0; i < 30_000; i++)
        {
            RandomPlayer.Act(spec, mask, action, ref rng);
            verbs[action[0]]++;
            Assert.Equal(-1, action[2]);
            if (action[0] == 0)
                Assert.Equal(-1, action[1]);
            else if (action[0] == 1)
                Assert.Equal(2, action[1]);
            else
                Assert.Contains(action[1], new short[] { 1, 3 });
        }
        Assert.Equal(0, verbs[2]);
        Assert.All(new[] { verbs[0], verbs[1], verbs[3] }, n => Assert.InRange(n, 9_600, 10_400));
    }
}
