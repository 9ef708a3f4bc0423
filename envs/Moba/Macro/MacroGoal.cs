namespace SelfPlayArena.Moba;

/// <summary>Where a macro command leads, in the own frame of the hero's team.</summary>
/// <param name="Unit">The unit it is about, -1 for a mere place.</param>
/// <param name="X">x of the place, in cells.</param>
/// <param name="Y">y of the place, in cells.</param>
internal readonly record struct MacroGoal(int Unit, float X, float Y)
{
    public const byte None = 255;
}
