using SelfPlayArena.Core;

namespace SelfPlayArena.Core.Tests;

public class EnvironmentSpecTests
{
    [Fact]
    public void A_spec_survives_json_with_its_hash()
    {
        EnvironmentSpec spec = Specs.Small().Validated();
        EnvironmentSpec read = EnvironmentSpec.FromJson(spec.ToJson());
        Assert.Equal(spec.ToJson(), read.ToJson());
        Assert.Equal(spec.Hash, read.Hash);
        Assert.Equal(spec.Observation[1].Width, read.Observation[1].Width);
    }

    [Fact]
    public void The_hash_changes_with_the_layout_and_not_with_the_content()
    {
        EnvironmentSpec spec = Specs.Small();
        EnvironmentSpec renamed = Specs.Small(b => [b[0] with { Name = "me" }, .. b.Skip(1)]);
        Assert.NotEqual(spec.Hash, renamed.Hash);
        string other = spec.ToJson().Replace("c0ffee", "tea", StringComparison.Ordinal);
        Assert.Equal(spec.Hash, EnvironmentSpec.FromJson(other).Hash);
    }

    [Fact]
    public void Sizes_follow_from_kinds()
    {
        EnvironmentSpec spec = Specs.Small();
        BlockSpec enemy = spec.Observation[1];
        Assert.Equal(1 + 1 + 2, enemy.SlotBytes);
        Assert.Equal(5 + 1 + 1, enemy.Width);
        Assert.Equal(5 + 3, enemy.RowsOffset);
        Assert.Equal(2, enemy.FeatureOffset("hp"));
        Assert.Equal(5 + 3 * 5 + 1 + 2, spec.ObservationBytes);
        Assert.Equal(4 + 2 * 4 + 4, spec.MaskBytes);
        Assert.Equal(4 + 4, spec.MaskOffset(1, 1));
        Assert.Equal(12, spec.OptionCount);
        Assert.Equal(1, spec.ValueHeadOf(2));
    }

    [Fact]
    public void Wrong_specs_are_refused_with_the_part_that_is_wrong()
    {
        Refused("starts at", b => [b[0], b[1] with { Offset = 9 }, b[2]]);
        Refused("twice", b => [b[0] with { Features = [new FeatureSpec("x", FeatureKind.Scalar8), new FeatureSpec("x", FeatureKind.Scalar8)] }]);
        Refused("entity type 'unit'", b => [b[0], new BlockSpec("enemy", "unit", 3, [new FeatureSpec("other", FeatureKind.Scalar8)], b[1].Offset)]);
        Refused("pointer head 'target'", b => [b[0], b[1] with { Slots = 2 }]);

        static void Refused(string part, Func<IReadOnlyList<BlockSpec>, IReadOnlyList<BlockSpec>> change)
            => Assert.Contains(part, Assert.Throws<InvalidOperationException>(() => Specs.Small(change).Validated()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_feature_is_answered_with_those_that_exist()
        => Assert.Contains("kind, dx, hp", Assert.Throws<ArgumentException>(() => Specs.Small().Observation[0].FeatureOffset("mana")).Message, StringComparison.Ordinal);
}
