using Xunit.Abstractions;

[assembly: TestCollectionOrderer("SelfPlayArena.EndToEnd.Tests.LongestFirst", "SelfPlayArena.EndToEnd.Tests")]

namespace SelfPlayArena.EndToEnd.Tests;

/// <summary>A person's match takes its minutes however fast the machine is: it begins first, so that everything else is done beside it.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections)
        => testCollections.OrderBy(collection => !collection.DisplayName.Contains(nameof(PlayTests), StringComparison.Ordinal)).ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);
}
