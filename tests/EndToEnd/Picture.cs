using System.Diagnostics;
using Microsoft.Playwright;

namespace SelfPlayArena.EndToEnd.Tests;

/// <summary>What the picture of a match shows, as <c>window.arenaMatch()</c> tells it to people who cannot see it.</summary>
internal sealed class Picture
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(3), Pause = TimeSpan.FromMilliseconds(150);

    public int Tick { get; set; }

    public string View { get; set; } = "";

    public int Own { get; set; }

    public int Selected { get; set; }

    public PictureCamera Camera { get; set; } = new();

    public PictureHero? Hero { get; set; }

    public PictureUnit[] Units { get; set; } = [];

    public int Heroes => Units.Count(unit => unit.Kind == "hero");

    public PictureUnit? Unit(int id) => Units.FirstOrDefault(unit => unit.Id == id);

    /// <summary>The picture now; null while there is none.</summary>
    public static Task<Picture?> Of(IPage page) => page.EvaluateAsync<Picture?>("() => window.arenaMatch?.() ?? null");

    /// <summary>Waits until the picture is as expected.</summary>
    public static async Task<Picture> Until(IPage page, Func<Picture, bool> holds, string what)
    {
        var watch = Stopwatch.StartNew();
        Picture? picture = null;
        while (watch.Elapsed < Soon)
        {
            picture = await Of(page);
            if (picture is not null && holds(picture))
                return picture;
            await Task.Delay(Pause);
        }
        Assert.Fail($"within {Soon} it was not so that {what}; the page shows {(picture is null ? "no match" : $"tick {picture.Tick}, view {picture.View}, {picture.Units.Length} units, {picture.Hero}")}");
        return null!;
    }
}

internal sealed class PictureCamera
{
    public double X { get; set; }

    public double Y { get; set; }

    public double Zoom { get; set; }
}

/// <summary>The own hero's affairs.</summary>
internal sealed class PictureHero
{
    public int Gold { get; set; }

    public int[] Items { get; set; } = [];

    public int CreepScore { get; set; }

    public int SkillPoints { get; set; }

    public int[] SkillLevels { get; set; } = [];

    public double[] Cooldowns { get; set; } = [];

    public override string ToString() => $"{Gold} gold, {Items.Length} items, {CreepScore} creeps, skills {string.Join(',', SkillLevels)}";
}

internal sealed class PictureUnit
{
    public int Id { get; set; }

    public string Kind { get; set; } = "";

    public int Team { get; set; }

    public double X { get; set; }

    public double Y { get; set; }

    public double Hp { get; set; }

    public double ScreenX { get; set; }

    public double ScreenY { get; set; }

    public bool Visible { get; set; }
}
