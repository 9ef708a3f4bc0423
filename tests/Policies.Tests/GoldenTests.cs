using System.Text.Json;
using SelfPlayArena.Core;

namespace SelfPlayArena.Policies.Tests;

/// <summary>Files that every later version must still read, with what they put out when they were made.</summary>
public sealed class GoldenTests
{
    [Fact]
    public void BundleFormatOneLoadsAndPutsOutWhatItDid()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Golden");
        PolicyBundle bundle = PolicyBundle.Load(Path.Combine(folder, "policy-1.bundle"));
        Assert.Equal("golden", bundle.Card.Member);
        Assert.Equal(1000, bundle.Card.Ratings["elo"]);
        EnvironmentSpec spec = bundle.Spec;
        var runner = new PolicyRunner(bundle.ToNetwork());
        using JsonDocument steps = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "policy-1.json")));
        const int Rows = 4;
        var state = new float[Rows * bundle.Plan.RecurrentSize];
        foreach (JsonElement step in steps.RootElement.EnumerateArray())
        {
            runner.Forward(Rows, step.GetProperty("observations").GetBytesFromBase64(), state);
            Same(step.GetProperty("state"), state);
            short[] actions = [.. step.GetProperty("actions").EnumerateArray().Select(a => a.GetInt16())];
            for (int h = 0; h < spec.Heads.Count; h++)
            {
                var logits = new float[Rows * spec.Heads[h].Size];
                runner.HeadLogits(h, actions, logits);
                Same(step.GetProperty("logits")[h], logits);
            }
            var values = new float[Rows * spec.ValueHeads.Count];
            runner.Values(Rows / spec.AgentsPerTeam, step.GetProperty("full_state").GetBytesFromBase64(), values);
            Same(step.GetProperty("values"), values);
        }
        Assert.Equal(3, steps.RootElement.GetArrayLength());
    }

    [Fact]
    public void BundleFormatOneStillPlaysTheEnvironmentOfToday()
    {
        PolicyBundle bundle = PolicyBundle.Load(Path.Combine(AppContext.BaseDirectory, "Golden", "policy-1.bundle"));
        Assert.Equal(bundle.Plan.RecurrentSize, bundle.AdaptTo(Matching.Spec).Plan.RecurrentSize);
    }

    private static void Same(JsonElement expected, float[] actual)
    {
        Assert.Equal(expected.GetArrayLength(), actual.Length);
        for (int i = 0; i < actual.Length; i++)
            Assert.Equal(expected[i].GetSingle(), actual[i], 2e-5f);
    }
}
