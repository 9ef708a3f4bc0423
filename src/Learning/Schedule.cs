namespace SelfPlayArena.Learning;

/// <summary>How a number goes from its start to its end over a run's schedule.</summary>
public enum ScheduleShape
{
    /// <summary>Evenly.</summary>
    Linear,

    /// <summary>Half a cosine (Loshchilov and Hutter 2017): slowly, fast in the middle, slowly.</summary>
    Cosine,

    /// <summary>By the same factor in equal times.</summary>
    Exponential,
}

/// <summary>A number that training changes with its progress.</summary>
public readonly record struct Schedule(float Start, float End, ScheduleShape Shape)
{
    /// <param name="share">Share of the schedule that is done, 0 to 1.</param>
    public float At(float share) => Shape switch
    {
        ScheduleShape.Cosine => End + (Start - End) * 0.5f * (1 + MathF.Cos(MathF.PI * share)),
        ScheduleShape.Exponential => Start * MathF.Pow(End / Start, share),
        _ => Start + (End - Start) * share,
    };
}
