namespace SelfPlayArena.Moba;

/// <summary>Positions by index, those of team 1 reflections of team 0's.</summary>
internal sealed class Places(int count, int perTeam)
{
    public float[] X { get; } = new float[count];
    public float[] Y { get; } = new float[count];

    public void Set(int index, (float X, float Y) at)
    {
        X[index] = at.X;
        Y[index] = at.Y;
        X[index + perTeam] = -at.Y;
        Y[index + perTeam] = -at.X;
    }
}
