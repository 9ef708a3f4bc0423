using System.Diagnostics.CodeAnalysis;

namespace SelfPlayArena.Core;

/// <summary>
/// The few values that were asked for last, by key. It is searched from the newest on, so it is meant for a dozen of them. Not thread-safe.
/// </summary>
/// <param name="capacity">Most values kept; the one that was asked for longest ago makes room.</param>
public sealed class RecentlyUsed<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly LinkedList<(TKey Key, TValue Value)> _entries = new();

    /// <summary>Most values kept.</summary>
    public int Capacity => capacity;

    public int Count => _entries.Count;

    /// <summary>The value of a key, which becomes the newest; false if it is not here.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (Find(key) is not { } node)
        {
            value = default;
            return false;
        }
        _entries.Remove(node);
        _entries.AddFirst(node);
        value = node.Value.Value;
        return true;
    }

    /// <summary>Keeps a value as the newest, in the place of what its key had.</summary>
    public void Add(TKey key, TValue value)
    {
        if (Find(key) is { } old)
            _entries.Remove(old);
        _entries.AddFirst((key, value));
        if (_entries.Count > capacity)
            _entries.RemoveLast();
    }

    /// <summary>Forgets a value, unless its key has another by now.</summary>
    public void Remove(TKey key, TValue value) => _entries.Remove((key, value));

    private LinkedListNode<(TKey Key, TValue Value)>? Find(TKey key)
    {
        LinkedListNode<(TKey Key, TValue Value)>? node = _entries.First;
        while (node is not null && !EqualityComparer<TKey>.Default.Equals(node.Value.Key, key))
            node = node.Next;
        return node;
    }
}
