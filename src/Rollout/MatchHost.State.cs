using SelfPlayArena.Core;

namespace SelfPlayArena.Rollout;

/// <summary>A host's state on disk, for exact resuming in lockstep mode.</summary>
public sealed partial class MatchHost
{
    /// <summary>Writes everything that the next step depends on, for exact resuming in lockstep mode.</summary>
    internal void Save(BinaryWriter writer)
    {
        writer.Write(_started);
        (ulong a, ulong b, ulong c, ulong d) = _rng.State;
        writer.Write(a);
        writer.Write(b);
        writer.Write(c);
        writer.Write(d);
        writer.Write(_decisions);
        writer.Write(_agentSteps);
        writer.Write(_matches);
        var state = new byte[_environment.SnapshotBytes];
        for (int m = 0; m < _slots.Length; m++)
        {
            _slots[m].Save(writer);
            if (_slots[m].Assignment is null)
                continue;
            _environment.Snapshot(m, state);
            writer.Write(state);
        }
    }

    /// <summary>Goes on where <see cref="Save"/> was called, bit for bit.</summary>
    /// <exception cref="InvalidDataException">Another environment or number of matches wrote it.</exception>
    internal void Load(BinaryReader reader)
    {
        _started = reader.ReadBoolean();
        _rng = Rng.FromState((reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64()));
        _decisions = reader.ReadInt64();
        _agentSteps = reader.ReadInt64();
        _matches = reader.ReadInt64();
        for (int m = 0; m < _slots.Length; m++)
        {
            Slot slot = _slots[m];
            slot.Load(reader, _layout);
            if (slot.Assignment is not { } assignment)
                continue;
            byte[] state = reader.ReadBytes(_environment.SnapshotBytes);
            if (state.Length != _environment.SnapshotBytes)
                throw new InvalidDataException($"match {m}: the state has {state.Length} bytes, expected {_environment.SnapshotBytes}");
            _environment.Restore(m, state);
            Seat(slot, assignment);
            Observe(m);
        }
    }
}
