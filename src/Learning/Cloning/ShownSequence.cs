using SelfPlayArena.Core;

namespace SelfPlayArena.Learning.Cloning;

/// <summary>One team's decisions in one match, a stretch at a time, with the memory that the learning network has of what came before.</summary>
/// <param name="team">The team.</param>
/// <param name="state">Its memory [agents, H], zeros at the beginning of a match.</param>
internal sealed class ShownSequence(int team, float[] state)
{
    public int Team => team;

    /// <summary>[A, H]: memory before the stretch; the cloner puts the memory after it here.</summary>
    public float[] State => state;

    /// <summary>The present stretch.</summary>
    public TrajectoryChunk? Stretch { get; set; }
}
