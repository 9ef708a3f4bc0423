using SelfPlayArena.Core;
using SelfPlayArena.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning.Distillation;

/// <summary>
/// A teacher watching the student's matches: it sees every step in order and keeps a memory of its own for each team, as the student's memory
/// says nothing to it.
/// </summary>
internal sealed class TeacherNetwork : IDisposable
{
    private readonly Teacher _teacher;
    private readonly TorchNetwork _network;
    private readonly Decoders _decoders;
    private readonly Device _device;
    private readonly bool _alike;
    private readonly Dictionary<(string Match, int Team), float[]> _memory = [];

    /// <param name="student">The student's network: one of the same description needs no decoding of its own.</param>
    public TeacherNetwork(Teacher teacher, NetworkPlan student, Device device)
    {
        (_teacher, _device) = (teacher, device);
        _network = new TorchNetwork(teacher.Plan, teacher.Weights, device);
        _decoders = new Decoders(teacher.Plan);
        _alike = teacher.Plan.Description.IsSameAs(student.Description);
    }

    public string Name => _teacher.Name;

    /// <summary>Teams of matches that it remembers.</summary>
    public int Remembered => _memory.Count;

    /// <summary>
    /// What the teacher makes of some chunks, each the next one of its team; it remembers what came before. Without gradients, in the current
    /// dispose scope.
    /// </summary>
    /// <param name="inputs">The chunks as the student reads them.</param>
    public NetworkOutput Watch(IWeightedChunks batch, ReadOnlySpan<int> chunks, SequenceInputs inputs)
    {
        using IDisposable guard = no_grad();
        SequenceInputs read = _alike ? inputs : SequenceInputs.DecodeInputs(_teacher.Plan, _decoders, batch, chunks, _network.Inputs, fullState: true);
        int width = inputs.Agents * _teacher.Plan.RecurrentSize;
        var memory = new float[chunks.Length * width];
        for (int c = 0; c < chunks.Length; c++)
        {
            if (_memory.TryGetValue(Key(batch.Chunks[chunks[c]]), out float[]? before))
                before.CopyTo(memory, c * width);
        }
        NetworkOutput output = _network.Forward(read.From(Place(memory, chunks.Length * inputs.Agents)));
        if (output.States.Count == 0)
            return output;
        float[] states = FlatParameters.ToArray(output.States.Count == 1 ? output.States[0] : cat([.. output.States], 1));
        for (int c = 0; c < chunks.Length; c++)
        {
            TrajectoryChunk chunk = batch.Chunks[chunks[c]];
            if (chunk.Terminated || chunk.Truncated)
                _memory.Remove(Key(chunk));
            else
                _memory[Key(chunk)] = states.AsSpan(c * width, width).ToArray();
        }
        return output;
    }

    public void Dispose() => _network.Dispose();

    private Tensor Place(float[] memory, int rows)
        => _teacher.Plan.RecurrentSize == 0 ? empty([rows, 0], ScalarType.Float32).to(_device) : tensor(memory).reshape(rows, _teacher.Plan.RecurrentSize).to(_device);

    private static (string, int) Key(TrajectoryChunk chunk) => (chunk.MatchId, chunk.Team);
}
