using System.Text;
using SelfPlayArena.Core;

namespace SelfPlayArena.Policies;

/// <summary>What may change between the environment a policy was made for and the one it is to play: things may be added, nothing may go or move.</summary>
internal static class LayoutChange
{
    /// <exception cref="BundleException">Something was removed, moved or changed; shows both layouts.</exception>
    public static void Check(EnvironmentSpec old, EnvironmentSpec now, string policy)
    {
        Blocks(old.Observation, now.Observation, "observation block");
        Blocks(old.FullState, now.FullState, "full-state block");
        Ordered(old.Heads.Select(h => h.Name), now.Heads.Select(h => h.Name), "action head");
        Require(old.Heads[0].Name == now.Heads[0].Name, $"the verb was '{old.Heads[0].Name}', is '{now.Heads[0].Name}'");
        foreach (ActionHeadSpec head in old.Heads)
        {
            ActionHeadSpec after = now.Heads.First(h => h.Name == head.Name);
            Require(head.PointerBlocks is null == after.PointerBlocks is null, $"action head '{head.Name}' changed between a plain choice and a pointer");
            if (head.PointerBlocks is null)
                Require(head.Options.SequenceEqual(after.Options.Take(head.Size)), $"action head '{head.Name}' removed or moved options; new ones go to the end");
            else
                Require(head.PointerBlocks.SequenceEqual(after.PointerBlocks!.Take(head.PointerBlocks.Count)), $"action head '{head.Name}' removed or moved pointer blocks; new ones go to the end");
        }
        Ordered(old.ValueHeads, now.ValueHeads, "value head");
        foreach (RewardTermSpec term in old.Rewards)
            Require(now.Rewards.Any(r => r.Name == term.Name && r.ValueHead == term.ValueHead), $"reward term '{term.Name}' of value head '{term.ValueHead}' was removed or moved");

        void Blocks(IReadOnlyList<BlockSpec> before, IReadOnlyList<BlockSpec> after, string what)
        {
            Ordered(before.Select(b => b.Name), after.Select(b => b.Name), what);
            foreach (BlockSpec block in before)
            {
                BlockSpec other = after.First(b => b.Name == block.Name);
                Require(block.EntityType == other.EntityType, $"{what} '{block.Name}' changed its entity type");
                Require(other.Slots >= block.Slots && (block.Slots > 1 || other.Slots == 1), $"{what} '{block.Name}' had {block.Slots} slots, has {other.Slots}; several may become more, nothing else");
                Ordered(block.Features.Select(f => f.Name), other.Features.Select(f => f.Name), $"feature of {what} '{block.Name}'");
                foreach (FeatureSpec feature in block.Features)
                {
                    FeatureSpec then = other.Features.First(f => f.Name == feature.Name);
                    bool grown = feature.Kind is FeatureKind.Categorical or FeatureKind.BitSet && then.Size > feature.Size;
                    Require(then == (grown ? feature with { Size = then.Size } : feature), $"feature '{feature.Name}' of {what} '{block.Name}' changed its kind, size, scale or unit; categories and bits may be appended, nothing else");
                }
            }
        }

        void Ordered(IEnumerable<string> before, IEnumerable<string> after, string what)
        {
            string[] names = [.. after];
            int last = -1;
            foreach (string name in before)
            {
                int at = Array.IndexOf(names, name);
                Require(at >= 0, $"{what} '{name}' was removed");
                Require(at > last, $"{what} '{name}' was moved");
                last = at;
            }
        }

        void Require(bool ok, string problem)
        {
            if (!ok)
                throw Refusal(old, now, policy, "does not fit: " + problem);
        }
    }

    public static BundleException Refusal(EnvironmentSpec old, EnvironmentSpec now, string policy, string problem)
        => new(policy, $"{problem}. Only additions can be carried over.\nmade for {old.Name}, content {old.ContentHash}:\n{Show(old)}now {now.Name}, content {now.ContentHash}:\n{Show(now)}");

    private static string Show(EnvironmentSpec spec)
    {
        var text = new StringBuilder();
        foreach (BlockSpec b in spec.Observation)
            text.Append("  observation ").Append(Line(b)).Append('\n');
        foreach (BlockSpec b in spec.FullState)
            text.Append("  full state  ").Append(Line(b)).Append('\n');
        foreach (ActionHeadSpec h in spec.Heads)
        {
            text.Append("  head        ").Append(h.Name).Append(": ")
                .Append(h.PointerBlocks is null ? string.Join(", ", h.Options) : "points at " + string.Join(", ", h.PointerBlocks)).Append('\n');
        }
        text.Append("  values      ").Append(string.Join(", ", spec.ValueHeads)).Append('\n');
        return text.Append("  rewards     ").Append(string.Join(", ", spec.Rewards.Select(r => $"{r.Name}>{r.ValueHead}"))).Append('\n').ToString();

        static string Line(BlockSpec b) => $"{b.Name}[{b.Slots}] ({b.EntityType}): {string.Join(", ", b.Features.Select(f => f.Width == 1 ? f.Name : $"{f.Name}/{f.Width}"))}";
    }
}
