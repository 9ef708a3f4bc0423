using SelfPlayArena.Core;

namespace SelfPlayArena.Learning;

/// <summary>
/// The chunks of one update with what is known of them before the network runs: advantages, returns, and which steps count.
/// Its arrays are reused from update to update.
/// </summary>
internal sealed class TrainingBatch(EnvironmentSpec spec, PpoOptions options) : IWeightedChunks
{
    /// <summary>A head whose advantages deviate by less has nothing to teach in this batch and is not blown up.</summary>
    private const double SmallestDeviation = 1e-3;

    private readonly AdvantageEstimator _estimator = new(spec, options);
    private readonly IGroupBaseline? _baseline = ReturnRules.Baseline(options);
    private readonly List<GroupStep> _groupSteps = [];
    private float[] _bonus = [];
    private readonly List<TrajectoryChunk> _chunks = [];
    private float[] _advantages = [];
    private float[] _headAdvantages = [];
    private float[] _proximal = [];
    private float[] _ratios = [];
    private float[] _returns = [];
    private float[] _weights = [];
    private float[] _firstAdvantages = [];
    private readonly Dictionary<(string Match, int Team, int Decision), int> _starts = [];
    private readonly int[] _byStaleness = new int[64];
    private int _rows;

    /// <summary>Chunks with at least one step that counts.</summary>
    public IReadOnlyList<TrajectoryChunk> Chunks => _chunks;

    /// <summary>Agent-steps that count.</summary>
    public int Used { get; private set; }

    /// <summary>Agent-steps of which all of their group earned the same.</summary>
    public int WithoutSignal { get; private set; }

    /// <summary>Agent-steps that were too old.</summary>
    public int Dropped { get; private set; }

    public double MeanStaleness { get; private set; }

    public int MaxStaleness { get; private set; }

    /// <summary>A copy: agent-steps that count by their staleness; the last entry also holds those that were older.</summary>
    public int[] StepsByStaleness => _byStaleness[..(Math.Min(MaxStaleness, _byStaleness.Length - 1) + 1)];

    /// <summary>Explained variance of the behaviour critic's values, by value head: 1 - Var(return - value) / Var(return).</summary>
    public float[] ExplainedVariance { get; } = new float[spec.ValueHeads.Count];

    /// <summary>Variance of the returns by value head.</summary>
    public double[] ReturnVariance { get; } = new double[spec.ValueHeads.Count];

    /// <summary>Mean of the returns by value head.</summary>
    public double[] ReturnMean { get; } = new double[spec.ValueHeads.Count];

    /// <summary>[T, A] of a chunk: normalised advantages.</summary>
    public ReadOnlySpan<float> Advantages(int chunk) => _advantages.AsSpan(chunk * _rows, _rows);

    /// <summary>[T, A, value heads] of a chunk.</summary>
    public ReadOnlySpan<float> Returns(int chunk) => _returns.AsSpan(chunk * _rows * spec.ValueHeads.Count, _rows * spec.ValueHeads.Count);

    /// <summary>[T, A] of a chunk: 1 for the steps that count, else 0.</summary>
    public ReadOnlySpan<float> Weights(int chunk) => _weights.AsSpan(chunk * _rows, _rows);

    /// <summary>Agent-steps of a chunk that count.</summary>
    public int UsedIn(int chunk)
    {
        int count = 0;
        foreach (float w in Weights(chunk))
            count += w > 0 ? 1 : 0;
        return count;
    }

    /// <summary>Whether the critic's values were used.</summary>
    public bool UsesCritic => _baseline is null;

    /// <summary>Counts what was seen, for the novelty bonus; null without one.</summary>
    public NoveltyBonus? Novelty { get; } = options.Novelty > 0 ? new NoveltyBonus(spec) : null;

    /// <summary>Mean novelty bonus a step, before its weight.</summary>
    public double MeanBonus { get; private set; }

    /// <summary>Whether <see cref="Proximal"/> holds anything.</summary>
    public bool HasProximal { get; private set; }

    /// <summary>Whether <see cref="Fill"/> must be given what scores the actions under the present policy.</summary>
    public bool NeedsScores { get; } = PolicyObjectives.Named(options).NeedsProximal || ReturnRules.Named(options).NeedsRatios;

    /// <summary>[T, A] of a chunk: joint log-probabilities of the actions under the present policy, 0 for steps that do not count.</summary>
    public Span<float> Proximal(int chunk) => _proximal.AsSpan(chunk * _rows, _rows);

    /// <summary>Takes the chunks of an update. Returns what is not finite in them, or null.</summary>
    /// <param name="chunks">The chunks.</param>
    /// <param name="version">The learner's version.</param>
    /// <param name="score">Fills <see cref="Proximal"/> of all <see cref="Chunks"/>; called if <see cref="NeedsScores"/>.</param>
    public string? Fill(IReadOnlyList<TrajectoryChunk> chunks, int version, Action? score = null)
    {
        _chunks.Clear();
        HasProximal = false;
        Used = Dropped = MaxStaleness = WithoutSignal = 0;
        MeanStaleness = 0;
        Array.Clear(_byStaleness);
        if (chunks.Count == 0)
            return null;
        int heads = spec.ValueHeads.Count;
        _rows = chunks[0].Layout.Steps * spec.AgentsPerTeam;
        Grow(ref _advantages, chunks.Count * _rows);
        Grow(ref _returns, chunks.Count * _rows * heads);
        Grow(ref _headAdvantages, chunks.Count * _rows * heads);
        Grow(ref _weights, chunks.Count * _rows);
        long age = 0;
        foreach (TrajectoryChunk chunk in chunks)
        {
            int at = _chunks.Count;
            Span<float> weights = _weights.AsSpan(at * _rows, _rows);
            int used = Count(chunk, version, weights, ref age);
            Used += used;
            Dropped += chunk.AgentSteps - used;
            if (used == 0)
                continue;
            _chunks.Add(chunk);
        }
        int counted = Used;
        if (NeedsScores && score is not null && Used > 0)
            Score(score, chunks.Count);
        if (Novelty is not null)
            MeasureNovelty(Novelty);
        if (Estimate() is { } fault)
            return fault;
        if (_baseline is not null)
            CompareGroups(_baseline);
        MeanStaleness = counted == 0 ? 0 : (double)age / counted;
        if (Used > 0)
        {
            NormaliseAdvantages();
            MeasureReturns();
        }
        return null;
    }

    /// <summary>Puts what groups earned in the place of a critic; baselines, and steps that tell nothing if they are to go, no longer count.</summary>
    private void CompareGroups(IGroupBaseline baseline)
    {
        int heads = spec.ValueHeads.Count, agents = spec.AgentsPerTeam;
        _groupSteps.Clear();
        for (int c = 0; c < _chunks.Count; c++)
        {
            TrajectoryChunk chunk = _chunks[c];
            bool greedy = baseline.NeedsGreedyMatch && chunk.MatchNumber == 0;
            for (int i = 0; i < chunk.AgentSteps; i++)
            {
                if (greedy || _weights[c * _rows + i] > 0)
                    _groupSteps.Add(new GroupStep(new Moment(chunk.MatchupId, chunk.Team, i % agents, chunk.FirstDecision + i / agents), c * _rows + i, greedy));
            }
        }
        var signal = new bool[_chunks.Count * _rows];
        baseline.Apply(_groupSteps, heads, _headAdvantages.AsSpan(0, signal.Length * heads), signal);
        foreach (GroupStep step in _groupSteps)
        {
            if (_weights[step.Row] == 0)
                continue;
            bool silent = !step.Baseline && !signal[step.Row];
            WithoutSignal += silent ? 1 : 0;
            if (step.Baseline || (silent && options.DynamicSampling))
            {
                _weights[step.Row] = 0;
                Used--;
            }
        }
    }

    private void MeasureNovelty(NoveltyBonus novelty)
    {
        Grow(ref _bonus, _chunks.Count * _rows);
        _bonus.AsSpan(0, _chunks.Count * _rows).Clear();
        var at = new Dictionary<(string Match, int Team, int Decision), TrajectoryChunk>();
        foreach (TrajectoryChunk chunk in _chunks)
            at[(chunk.MatchId, chunk.Team, chunk.FirstDecision)] = chunk;
        foreach (int c in Enumerable.Range(0, _chunks.Count).OrderBy(c => _chunks[c].FirstDecision))
        {
            TrajectoryChunk chunk = _chunks[c];
            novelty.Measure(chunk, chunk.Terminated ? null : at.GetValueOrDefault((chunk.MatchId, chunk.Team, chunk.FirstDecision + chunk.Length)), _bonus.AsSpan(c * _rows, _rows));
        }
        double sum = 0;
        for (int i = 0; i < _chunks.Count * _rows; i++)
            sum += _weights[i] * _bonus[i];
        MeanBonus = Used == 0 ? 0 : sum / Used;
    }

    /// <summary>Lets the actions be scored, and turns the scores into ratios to the behaviour policy.</summary>
    private void Score(Action score, int chunks)
    {
        Grow(ref _proximal, chunks * _rows);
        Grow(ref _ratios, chunks * _rows);
        HasProximal = true;
        score();
        int heads = spec.Heads.Count;
        for (int c = 0; c < _chunks.Count; c++)
        {
            ReadOnlySpan<float> behaviour = _chunks[c].LogProbabilities;
            ReadOnlySpan<float> weights = Weights(c);
            for (int i = 0; i < _rows; i++)
            {
                float sum = 0;
                for (int h = 0; h < heads && weights[i] > 0; h++)
                    sum += behaviour[i * heads + h];
                _ratios[c * _rows + i] = MathF.Exp(Math.Clamp(_proximal[c * _rows + i] - sum, -Ratios.LargestLog, Ratios.LargestLog));
            }
        }
    }

    /// <summary>
    /// Estimates chunk by chunk, later ones of a match before earlier ones, so that each can go on from the one that follows it in the batch.
    /// Returns what is not finite, or null.
    /// </summary>
    private string? Estimate()
    {
        int heads = spec.ValueHeads.Count;
        int first = spec.AgentsPerTeam * heads * AdvantageEstimator.CarryWidth;
        Grow(ref _firstAdvantages, _chunks.Count * first);
        _starts.Clear();
        int[] order = [.. Enumerable.Range(0, _chunks.Count).OrderByDescending(c => _chunks[c].FirstDecision)];
        foreach (int c in order)
        {
            TrajectoryChunk chunk = _chunks[c];
            Span<float> advantages = _headAdvantages.AsSpan(c * _rows * heads, _rows * heads);
            Span<float> returns = _returns.AsSpan(c * _rows * heads, _rows * heads);
            ReadOnlySpan<float> ratios = HasProximal ? _ratios.AsSpan(c * _rows, _rows) : default;
            advantages.Clear();
            returns.Clear();
            ReadOnlySpan<float> following = _starts.TryGetValue((chunk.MatchId, chunk.Team, chunk.FirstDecision + chunk.Length), out int next) && !chunk.Terminated
                ? _firstAdvantages.AsSpan(next * first, first)
                : default;
            ReadOnlySpan<float> bonus = Novelty is null ? default : _bonus.AsSpan(c * _rows, _rows);
            _estimator.Estimate(chunk, advantages, returns, ratios, following, _firstAdvantages.AsSpan(c * first, first), bonus);
            if (NotFinite(chunk, returns) is { } fault)
                return fault;
            _starts[(chunk.MatchId, chunk.Team, chunk.FirstDecision)] = c;
        }
        return null;
    }

    private int Count(TrajectoryChunk chunk, int version, Span<float> weights, ref long age)
    {
        weights.Clear();
        int agents = chunk.Layout.Agents;
        ReadOnlySpan<int> versions = chunk.Versions;
        int used = 0;
        for (int t = 0; t < chunk.Length; t++)
        {
            int stale = Math.Max(version - versions[t], 0);
            if (options.MaxStaleness > 0 && stale > options.MaxStaleness)
                continue;
            weights.Slice(t * agents, agents).Fill(1f);
            used += agents;
            age += (long)stale * agents;
            _byStaleness[Math.Min(stale, _byStaleness.Length - 1)] += agents;
            MaxStaleness = Math.Max(MaxStaleness, stale);
        }
        return used;
    }

    private string? NotFinite(TrajectoryChunk chunk, ReadOnlySpan<float> returns)
    {
        int steps = chunk.AgentSteps;
        int heads = spec.ValueHeads.Count;
        int terms = spec.Rewards.Count;
        for (int i = 0; i < steps * heads; i++)
        {
            if (float.IsFinite(returns[i]))
                continue;
            string head = spec.ValueHeads[i % heads];
            for (int k = 0; k < steps * terms; k++)
            {
                if (!float.IsFinite(chunk.Rewards[k]))
                    return $"reward '{spec.Rewards[k % terms].Name}' (match {chunk.MatchId}, decision {chunk.FirstDecision + k / terms / chunk.Layout.Agents})";
            }
            return $"return of value head '{head}' (match {chunk.MatchId}, decision {chunk.FirstDecision + i / heads / chunk.Layout.Agents})";
        }
        for (int i = 0; i < steps * spec.Heads.Count; i++)
        {
            if (!float.IsFinite(chunk.LogProbabilities[i]))
                return $"behaviour log-probability of head '{spec.Heads[i % spec.Heads.Count].Name}' (match {chunk.MatchId}, decision {chunk.FirstDecision + i / spec.Heads.Count / chunk.Layout.Agents})";
        }
        return null;
    }

    /// <summary>
    /// Brings the policy's advantages to mean 0 and deviation 1. With <see cref="PpoOptions.AdvantagesByHead"/> each value head's are brought to
    /// deviation 1 first: otherwise a head of rare, large rewards, such as winning, sets the scale, and what the frequent small rewards teach is lost.
    /// </summary>
    private void NormaliseAdvantages()
    {
        JoinHeads();
        (double mean, double deviation) = Moments(i => _advantages[i]);
        float scale = (float)(1 / (deviation + 1e-8));
        for (int i = 0; i < _chunks.Count * _rows; i++)
            _advantages[i] = _weights[i] * (_advantages[i] - (float)mean) * scale;
    }

    /// <summary>Sums the heads' advantages by their weights, with <see cref="PpoOptions.AdvantagesByHead"/> each in units of its own deviation.</summary>
    private void JoinHeads()
    {
        int heads = spec.ValueHeads.Count;
        int n = _chunks.Count * _rows;
        _advantages.AsSpan(0, n).Clear();
        for (int h = 0; h < heads; h++)
        {
            int head = h;
            (double mean, double deviation) = options.AdvantagesByHead ? Moments(i => Advantage(i, head)) : (0, 1);
            float weight = (float)(options.ForValueHead(spec.ValueHeads[h]).Weight / Math.Max(deviation, SmallestDeviation));
            for (int i = 0; i < n; i++)
                _advantages[i] += weight * (Advantage(i, head) - (float)mean);
        }

        float Advantage(int i, int h) => _weights[i] == 0 ? 0 : _headAdvantages[i * heads + h];
    }

    /// <summary>Mean and deviation of something over the steps that count.</summary>
    private (double Mean, double Deviation) Moments(Func<int, float> value)
    {
        double sum = 0, squares = 0;
        for (int i = 0; i < _chunks.Count * _rows; i++)
        {
            if (_weights[i] == 0)
                continue;
            double x = value(i);
            sum += x;
            squares += x * x;
        }
        double mean = sum / Used;
        return (mean, Math.Sqrt(Math.Max(squares / Used - mean * mean, 0)));
    }

    private void MeasureReturns()
    {
        int heads = spec.ValueHeads.Count;
        for (int h = 0; h < heads; h++)
        {
            double sum = 0, squares = 0, errors = 0, errorSquares = 0;
            for (int c = 0; c < _chunks.Count; c++)
            {
                ReadOnlySpan<float> weights = Weights(c);
                ReadOnlySpan<float> returns = Returns(c);
                ReadOnlySpan<float> values = _chunks[c].Values;
                for (int i = 0; i < _rows; i++)
                {
                    if (weights[i] == 0)
                        continue;
                    double r = returns[i * heads + h];
                    double e = r - values[i * heads + h];
                    sum += r;
                    squares += r * r;
                    errors += e;
                    errorSquares += e * e;
                }
            }
            ReturnMean[h] = sum / Used;
            ReturnVariance[h] = Math.Max(squares / Used - ReturnMean[h] * ReturnMean[h], 0);
            double left = Math.Max(errorSquares / Used - errors / Used * (errors / Used), 0);
            ExplainedVariance[h] = ReturnVariance[h] < 1e-12 ? 0 : (float)(1 - left / ReturnVariance[h]);
        }
    }

    private static void Grow(ref float[] array, int size)
    {
        if (array.Length < size)
            array = new float[size];
    }
}
