using System.Globalization;
using SelfPlayArena.Core;
using SelfPlayArena.League;
using SelfPlayArena.Policies;

namespace SelfPlayArena.Rollout;

/// <summary>What a run writes and reads back: checkpoints, snapshots, hosts' state.</summary>
public sealed partial class SelfPlayRun
{
    /// <summary>Lets the run leave a snapshot after the update that is under way, or at once while it is paused. From any thread.</summary>
    public void AskForSnapshot()
    {
        Interlocked.Exchange(ref _asked, 1);
        _pace.Wake();
    }

    /// <summary>Checkpoint first, then the bundle, then the event: whatever happens in between, the log names nothing that is not on disk.</summary>
    private void TakeSnapshot()
    {
        SaveCheckpoint();
        int version = _league.NextVersion;
        var player = new PlayerId(Main, version);
        string bundle = Path.Combine(_folder.Policies, ModelPool.FileName(player));
        Bundle(player).Save(bundle);
        _folder.Keep(bundle);
        _league.RecordSnapshot(version, _learner.TrainedSteps, Path.Combine("policies", ModelPool.FileName(player)));
    }

    /// <summary>Returns the path of what was written.</summary>
    private string WriteCheckpoint()
    {
        _league.Flush();
        string path = _folder.Checkpoint(_learner.Version);
        if (_settings.Lockstep)
        {
            AtomicFile.Write(RunFolder.HostState(path), stream =>
            {
                using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                _director.Save(writer);
                foreach (MatchHost host in _hosts)
                    host.Save(writer);
            });
        }
        _learner.Save(path, new Dictionary<string, string>
        {
            ["league_position"] = _league.Counts.Events.ToString(CultureInfo.InvariantCulture),
            ["next_matchup"] = _league.NextMatchupId.ToString(CultureInfo.InvariantCulture),
            ["seconds"] = _secondsBefore.ToString("R", CultureInfo.InvariantCulture),
        });
        _folder.Keep(path);
        _folder.PruneCheckpoints();
        Bundle(new PlayerId(Main, PlayerId.Latest)).Save(_folder.Latest);
        _folder.Keep(_folder.Latest);
        ProcessMemory.GiveBack();
        return path;
    }

    private PolicyBundle Bundle(PlayerId player)
    {
        Rating? rating = _league.Standing().Of(new PlayerId(Main, PlayerId.Latest));
        return new PolicyBundle(_plan, _learner.Export(), new PolicyCard
        {
            Member = player.Member.Value,
            Version = player.IsLatest ? 0 : player.Version,
            TrainedSteps = _learner.TrainedSteps,
            TrainedOn = $"{_spec.Name}, league {_league.Created.Name}",
            Created = _time.GetUtcNow(),
            Played = _played,
            Ratings = rating is null ? new Dictionary<string, double>() : new Dictionary<string, double> { ["elo"] = rating.Elo, ["elo_error95"] = rating.Error95 },
        });
    }

    /// <summary>Loads the newest checkpoint that can be read; what could not be is named in <see cref="Notices"/>.</summary>
    private string? LoadCheckpoint()
    {
        foreach (string path in _folder.Checkpoints())
        {
            try
            {
                IReadOnlyDictionary<string, string> metadata = _learner.Load(path);
                _secondsBefore = double.Parse(metadata["seconds"], CultureInfo.InvariantCulture);
                _nextMatchup = long.Parse(metadata["next_matchup"], CultureInfo.InvariantCulture);
                if (_notices.Count > 0)
                    _notices.Add($"going on from {path}");
                return path;
            }
            catch (Exception e) when (e is BundleException or IOException or KeyNotFoundException or FormatException)
            {
                _notices.Add($"checkpoint passed over: {e.Message}");
            }
        }
        if (_notices.Count > 0)
            throw new InvalidDataException($"{_folder.Path}: no checkpoint can be read. {string.Join("; ", _notices)}");
        return null;
    }

    private void LoadHosts(string path)
    {
        using FileStream stream = File.OpenRead(path);
        using var reader = new BinaryReader(stream);
        try
        {
            _director.Load(reader);
            foreach (MatchHost host in _hosts)
                host.Load(reader);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"{path}: truncated", e);
        }
    }
}
