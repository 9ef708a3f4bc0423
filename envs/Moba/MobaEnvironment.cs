using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using SelfPlayArena.Core;

namespace SelfPlayArena.Moba;

/// <summary>
/// M matches of the MOBA, stepped together. All matches lie one after another in one pinned array; a decision is as many ticks as the rule set says.
/// See <see cref="MobaSpec"/> for what goes in and out.
/// </summary>
public sealed unsafe class MobaEnvironment : IBatchEnvironment
{
    private static readonly int Stride = (sizeof(WorldState) + 63) & ~63;

    /// <summary>From so many matches on the rows to be written next are asked for in time; with fewer that costs more than it brings.</summary>
    private const int Many = 128;

    private readonly MobaWorld _world;
    private readonly byte[] _lineups;
    private readonly byte[] _pool;
    private readonly DraftOrder? _draft;
    private readonly Reflexes _reflexes;
    private readonly Surroundings _surroundings;
    private readonly bool _commanded;
    private readonly bool _shops;
    private readonly bool _byOrders;
    private readonly ObservationWriter _writer;
    private readonly byte[] _memory;
    private readonly byte* _states;
    private readonly TargetSlots[] _slots;
    private readonly int[] _slotsTick;
    private readonly TeamView[] _views = GC.AllocateArray<TeamView>(UnitIndex.Teams, pinned: true);
    private readonly int[] _viewMatch = [-1, -1];
    private readonly TeamSight[] _scratch = GC.AllocateArray<TeamSight>(1, pinned: true);
    private readonly int _perTeam;
    private readonly int _decisionTicks;
    private readonly bool _many;

    /// <param name="options">Mode, rules, line-ups and what players decide.</param>
    /// <param name="matches">How many matches, at least 1.</param>
    /// <exception cref="ArgumentException">Says which option is wrong and what is allowed.</exception>
    public MobaEnvironment(MobaOptions options, int matches)
    {
        if (matches < 1)
            throw new ArgumentException($"the number of matches is {matches}; allowed: 1 or more", nameof(matches));
        Spec = SpecFor(options);
        _world = new MobaWorld(MobaContent.Default, options.Mode, options.Rules);
        _lineups = options.LineUps(_world.Content);
        _pool = options.Pool(_world.Content);
        _perTeam = options.HeroesPerTeam;
        _byOrders = options.Control == MobaOptions.Orders;
        _decisionTicks = Spec.TicksPerDecision;
        _commanded = options.Macro == MobaOptions.Policy;
        _shops = options.Shopping == MobaOptions.Policy;
        _draft = options.DraftTurns(_world.Content);
        _surroundings = new Surroundings(_world.Map);
        _reflexes = new Reflexes(options, _world.Rules);
        _writer = new ObservationWriter(_world, _commanded);
        Matches = matches;
        _many = matches >= Many;
        _memory = GC.AllocateArray<byte>(matches * Stride + 64, pinned: true);
        byte* start = (byte*)Unsafe.AsPointer(ref _memory[0]);
        _states = (byte*)(((nuint)start + 63) & ~(nuint)63);
        _slots = GC.AllocateArray<TargetSlots>(matches * UnitIndex.Heroes, pinned: true);
        _slotsTick = new int[matches];
        for (int m = 0; m < matches; m++)
            Reset(m, (ulong)m);
    }

    /// <summary>The spec that an environment with these options has, without making one.</summary>
    /// <exception cref="ArgumentException">Says which option is wrong and what is allowed.</exception>
    public static EnvironmentSpec SpecFor(MobaOptions options)
    {
        return MobaSpec.Create(options, MobaContent.Default);
    }

    public EnvironmentSpec Spec { get; }

    public int Matches { get; }

    /// <summary>Rules, content and map that the matches share.</summary>
    public MobaWorld World => _world;

    /// <summary>Where the time of every part is added up; null, the default, measures nothing and costs nothing.</summary>
    public SimulationProfile? Profile { get; set; }

    /// <summary>
    /// Observations are as if nobody had been given macro commands. Scripted players command themselves also where policies cannot, and who learns
    /// from them there must not see what a policy in their place never would.
    /// </summary>
    public bool HidesCommands { get; init; }

    /// <summary>A match's state, for inspection and tests. Whoever changes it must call <see cref="StateChanged"/>.</summary>
    public ref WorldState State(int match) => ref *At(match);

    /// <summary>Forgets what was derived from a match's state.</summary>
    public void StateChanged(int match)
    {
        _slotsTick[match] = -1;
        for (int team = 0; team < UnitIndex.Teams; team++)
            _viewMatch[team] = _viewMatch[team] == match ? -1 : _viewMatch[team];
    }

    public void Reset(int match, ulong seed)
    {
        Span<byte> chosen = stackalloc byte[UnitIndex.Heroes];
        if (_draft is not null)
            RoleDrafter.Draft(_world.Content, _draft, seed, chosen);
        else if (_pool.Length > 0)
            Systems.Setup.Draw(_pool, seed, chosen);
        Reset(match, seed, _draft is not null || _pool.Length > 0 ? chosen : _lineups);
    }

    /// <summary>Starts a match anew with line-ups of its own.</summary>
    /// <param name="lineups">[10] hero definitions by team * 5 + slot, or empty to draw them from the seed.</param>
    public void Reset(int match, ulong seed, ReadOnlySpan<byte> lineups)
    {
        WorldState* s = At(match);
        _world.Reset(ref *s, seed, lineups);
        for (int agent = 0; _shops && agent < 2 * _perTeam; agent++)
            _world.Control(ref *s, HeroOf(agent), shop: true, skills: true);
        StateChanged(match);
    }

    public void Observe(int match, Span<byte> observations, Span<byte> masks, Span<byte> fullState)
    {
        int agents = 2 * _perTeam;
        Check(observations.Length, agents * Sizes.ObservationBytes, "observations");
        Check(masks.Length, agents * Sizes.MaskBytes, "masks");
        if (!fullState.IsEmpty)
            Check(fullState.Length, UnitIndex.Teams * Sizes.FullStateBytes, "full state");
        Span<byte> commands = new(At(match)->Macro, UnitIndex.Heroes);
        Span<byte> hidden = stackalloc byte[UnitIndex.Heroes];
        if (HidesCommands)
        {
            commands.CopyTo(hidden);
            commands.Clear();
        }
        if (Profile is { } profile)
            Sense(match, observations, masks, fullState, new TimedLaps(profile));
        else
            Sense(match, observations, masks, fullState, default(NoLaps));
        if (HidesCommands)
            hidden.CopyTo(commands);
    }

    [SkipLocalsInit]
    private void Sense<TLaps>(int match, Span<byte> observations, Span<byte> masks, Span<byte> fullState, TLaps laps)
        where TLaps : struct, ILaps
    {
        laps.Start();
        WorldState* s = At(match);
        Prefetch(match + 1);
        var t = (TeamSight*)Unsafe.AsPointer(ref _scratch[0]);
        TargetSlots* slots = SlotsOf(match);
        byte* global = stackalloc byte[Sizes.GlobalRow];
        byte* structures = stackalloc byte[Sizes.Structures * ObservationWriter.StructureStride];
        byte* known = stackalloc byte[ActionMask.Units];
        byte* rows = stackalloc byte[UnitIndex.Heroes * ObservationWriter.RowStride];
        byte* owns = stackalloc byte[UnitIndex.Heroes * ObservationWriter.OwnStride];
        ulong* grounds = stackalloc ulong[UnitIndex.Heroes];
        _surroundings.Of(s, grounds);
        ObservationWriter.DescribeHeroes(s, rows);
        _writer.DescribeOwn(s, grounds, owns);
        fixed (byte* o = observations, m = masks, f = fullState)
        {
            for (int team = 0; team < UnitIndex.Teams; team++)
            {
                TeamSight.Gather(_world, s, team, t);
                EffectSight.Gather(_world, s, t);
                ObservationWriter.Describe(s, t, rows);
                ObservationWriter.DescribeStructures(s, t, structures);
                _writer.Global(s, t, global);
                TeamView* view = _commanded || HasCommands(s, team) ? ViewOf(match, team) : null;
                ActionMask.Know(s, team, known);
                laps.Lap(ProfilePart.Gather);
                TargetSlots.Fill(t, _perTeam, slots + UnitIndex.Hero(team, 0));
                for (int i = 0; i < _perTeam; i++)
                {
                    int agent = team * _perTeam + i;
                    int hero = UnitIndex.Hero(team, i);
                    if (_many)
                    {
                        Prefetch(o + (agent + 1) * Sizes.ObservationBytes, Sizes.ObservationBytes);
                        Prefetch(m + (agent + 1) * Sizes.MaskBytes, Sizes.MaskBytes);
                    }
                    _writer.Write(s, t, i, slots + hero, global, structures, owns, grounds[hero], o + agent * Sizes.ObservationBytes);
                    bool due = _writer.WriteMacro(s, view, hero, o + agent * Sizes.ObservationBytes);
                    laps.Lap(ProfilePart.Rows);
                    ActionMask.Write(_world, grounds[hero], s, hero, slots + hero, known, owns + hero * ObservationWriter.OwnStride, due, m + agent * Sizes.MaskBytes);
                    laps.Lap(ProfilePart.Masks);
                }
                if (f == null)
                    continue;
                FullStateWriter.Write(_world, s, team, f + team * Sizes.FullStateBytes);
                laps.Lap(ProfilePart.FullState);
            }
        }
        _slotsTick[match] = s->Tick;
    }

    public void Step(ReadOnlySpan<short> actions, Span<float> rewards, Span<MatchStatus> status)
    {
        int agents = 2 * _perTeam;
        Check(actions.Length, Matches * agents * ActionDecoding.Heads, "actions");
        Check(rewards.Length, Matches * agents * Rewards.Count, "rewards");
        Check(status.Length, Matches, "status");
        if (Profile is { } profile)
            Step(actions, rewards, status, new TimedLaps(profile));
        else
            Step(actions, rewards, status, default(NoLaps));
    }

    private void Step<TLaps>(ReadOnlySpan<short> actions, Span<float> rewards, Span<MatchStatus> status, TLaps laps)
        where TLaps : struct, ILaps
    {
        int agents = 2 * _perTeam;
        Rewards.Totals before = default;
        for (int m = 0; m < Matches; m++)
        {
            WorldState* s = At(m);
            Span<float> row = rewards.Slice(m * agents * Rewards.Count, agents * Rewards.Count);
            if (s->Finished != 0)
            {
                row.Clear();
                status[m] = MatchStatus.Terminated;
                continue;
            }
            Prefetch(m + 1);
            laps.Start();
            Rewards.Take(s, ref before);
            laps.Lap(ProfilePart.Rewards);
            status[m] = Advance(m, s, actions.Slice(m * agents * ActionDecoding.Heads, agents * ActionDecoding.Heads), laps);
            laps.Start();
            Rewards.Write(s, ref before, _perTeam, row);
            laps.Lap(ProfilePart.Rewards);
        }
    }

    public MatchStatus StepOnly(int match, ReadOnlySpan<short> actions)
    {
        Check(actions.Length, 2 * _perTeam * ActionDecoding.Heads, "actions");
        WorldState* s = At(match);
        if (s->Finished != 0)
            return MatchStatus.Terminated;
        return Profile is { } profile ? Advance(match, s, actions, new TimedLaps(profile)) : Advance(match, s, actions, default(NoLaps));
    }

    public void ActScripted(int match, int agent, int player, Span<short> action, ref Rng rng)
    {
        if ((uint)agent >= (uint)(2 * _perTeam))
            throw new ArgumentOutOfRangeException(nameof(agent), agent, $"agents are 0 to {2 * _perTeam - 1}");
        EnsureSlots(match);
        int hero = HeroOf(agent);
        WorldState* s = At(match);
        action.Fill(-1);
        action[ActionDecoding.Macro] = s->Macro[hero];
        ScriptedPlayers.Act(player, _world, s, ViewOf(match, hero / UnitIndex.HeroesPerTeam), hero, SlotsOf(match) + hero, action, ref rng);
    }

    public MatchOutcome Outcome(int match)
    {
        WorldState* s = At(match);
        if (s->Finished == 0)
            throw new InvalidOperationException($"match {match} is still running");
        float[] gold = new float[UnitIndex.Teams];
        for (int h = 0; h < UnitIndex.Heroes; h++)
            gold[h / UnitIndex.HeroesPerTeam] += s->GoldEarned[h];
        string reason = s->Reason == EndReason.Ancient ? "ancient" : "time limit";
        return new MatchOutcome(s->Winner, (s->Tick + _decisionTicks - 1) / _decisionTicks, reason, gold);
    }

    public int SnapshotBytes => sizeof(WorldState);

    public void Snapshot(int match, Span<byte> destination)
    {
        Check(destination.Length, sizeof(WorldState), "snapshot");
        new ReadOnlySpan<byte>(At(match), sizeof(WorldState)).CopyTo(destination);
    }

    public void Restore(int match, ReadOnlySpan<byte> source)
    {
        Check(source.Length, sizeof(WorldState), "snapshot");
        source.CopyTo(new Span<byte>(At(match), sizeof(WorldState)));
        StateChanged(match);
    }

    public void Determinize(int match, int team, ref Rng rng)
    {
        Determinization.Sample(_world, At(match), team, ref rng);
        StateChanged(match);
    }

    public ulong StateHash(int match) => StableHash.Of(new ReadOnlySpan<byte>(At(match), sizeof(WorldState)));

    private MatchStatus Advance<TLaps>(int match, WorldState* s, ReadOnlySpan<short> actions, TLaps laps)
        where TLaps : struct, ILaps
    {
        laps.Start();
        if (!_byOrders)
            EnsureSlots(match);
        laps.Lap(ProfilePart.Slots);
        GiveOrders(match, s, actions);
        laps.Lap(ProfilePart.Orders);
        for (int i = 0; i < _decisionTicks; i++)
            Systems.Tick.Run(_world, s, laps);
        StateChanged(match);
        return s->Finished != 0 ? MatchStatus.Terminated : MatchStatus.Running;
    }

    /// <summary>Turns an agent's action by heads, chosen in the match's present state, into the action of <see cref="MobaOptions.Orders"/> that means the same.</summary>
    /// <param name="heads">As <see cref="ActScripted"/> or a policy chose them.</param>
    /// <param name="order">[<see cref="OrderActions.Heads"/>], see <see cref="OrderActions"/>.</param>
    public void ToOrder(int match, int agent, ReadOnlySpan<short> heads, Span<short> order)
    {
        if ((uint)agent >= (uint)(2 * _perTeam))
            throw new ArgumentOutOfRangeException(nameof(agent), agent, $"agents are 0 to {2 * _perTeam - 1}");
        EnsureSlots(match);
        int hero = HeroOf(agent);
        OrderActions.FromHeads(_world, At(match), hero, SlotsOf(match) + hero, heads, order);
    }

    /// <summary>The unit that an option of an agent's target head points at in the match's present state, -1 for none.</summary>
    public int TargetOf(int match, int agent, int option)
    {
        if ((uint)agent >= (uint)(2 * _perTeam))
            throw new ArgumentOutOfRangeException(nameof(agent), agent, $"agents are 0 to {2 * _perTeam - 1}");
        EnsureSlots(match);
        int unit = (uint)option < Sizes.Targets ? SlotsOf(match)[HeroOf(agent)].Unit[option] : TargetSlots.None;
        return unit == TargetSlots.None ? -1 : unit;
    }

    private void TakeOrders(WorldState* s, ReadOnlySpan<short> actions)
    {
        int agents = 2 * _perTeam;
        for (int a = 0; a < agents; a++)
            ActionDecoding.Command(_world, s, HeroOf(a), actions[a * ActionDecoding.Heads + ActionDecoding.Macro]);
        for (int a = 0; a < agents; a++)
        {
            ReadOnlySpan<short> action = actions.Slice(a * ActionDecoding.Heads, ActionDecoding.Heads);
            int hero = HeroOf(a);
            if (action[0] == OrderActions.Control)
                _world.Control(ref *s, hero, (action[ActionDecoding.Choice] & OrderActions.OwnShop) != 0, (action[ActionDecoding.Choice] & OrderActions.OwnSkills) != 0);
            else if (OrderActions.Decode(_world, s, hero, action, out Order order))
                Orders.Give(_world, ref *s, hero, order);
        }
    }

    private void GiveOrders(int match, WorldState* s, ReadOnlySpan<short> actions)
    {
        if (_byOrders)
        {
            TakeOrders(s, actions);
            return;
        }
        TargetSlots* slots = SlotsOf(match);
        int agents = 2 * _perTeam;
        // All commands first: what one is about depends on how strong enemies are, and orders of this very decision (buying) change that.
        for (int a = 0; a < agents; a++)
            ActionDecoding.Command(_world, s, HeroOf(a), actions[a * ActionDecoding.Heads + ActionDecoding.Macro]);
        for (int a = 0; a < agents; a++)
        {
            int hero = HeroOf(a);
            _reflexes.Give(_world, s, hero, ActionDecoding.Decode(_world, s, hero, slots + hero, actions.Slice(a * ActionDecoding.Heads, ActionDecoding.Heads)));
        }
    }

    /// <summary>
    /// What a step does before its first tick, for those who look at every tick: as many ticks of <see cref="World"/> as a decision has then make a
    /// whole step of it, each followed by <see cref="StateChanged"/>.
    /// </summary>
    public void GiveOrders(int match, ReadOnlySpan<short> actions)
    {
        EnsureSlots(match);
        GiveOrders(match, At(match), actions);
        StateChanged(match);
    }

    /// <summary>Target slots as <see cref="Observe"/> would show them now.</summary>
    private void EnsureSlots(int match)
    {
        WorldState* s = At(match);
        if (_slotsTick[match] == s->Tick)
            return;
        var t = (TeamSight*)Unsafe.AsPointer(ref _scratch[0]);
        TargetSlots* slots = SlotsOf(match);
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            TeamSight.Gather(_world, s, team, t);
            TargetSlots.Fill(t, _perTeam, slots + UnitIndex.Hero(team, 0));
        }
        _slotsTick[match] = s->Tick;
    }

    private bool HasCommands(WorldState* s, int team)
    {
        int any = 0;
        for (int i = 0; i < _perTeam; i++)
            any |= s->Macro[UnitIndex.Hero(team, i)];
        return any != 0;
    }

    /// <summary>What a team's scripted players know now; kept for the match that was asked about last.</summary>
    private TeamView* ViewOf(int match, int team)
    {
        var view = (TeamView*)Unsafe.AsPointer(ref _views[team]);
        if (_viewMatch[team] != match)
        {
            TeamView.Gather(_world, At(match), team, view);
            _viewMatch[team] = match;
        }
        return view;
    }

    /// <summary>Verb that each agent's action comes to in a match's present state, [agents]; for tests of masks.</summary>
    internal int[] OrdersGivenBy(int match, ReadOnlySpan<short> actions)
    {
        EnsureSlots(match);
        WorldState* s = At(match);
        int[] verbs = new int[2 * _perTeam];
        for (int a = 0; a < verbs.Length; a++)
        {
            int hero = HeroOf(a);
            Order order = ActionDecoding.Decode(_world, s, hero, SlotsOf(match) + hero, actions.Slice(a * ActionDecoding.Heads, ActionDecoding.Heads));
            verbs[a] = Legality.IsLegal(_world, in *s, hero, order) ? (int)order.Verb : (int)Verb.Stay;
        }
        return verbs;
    }

    /// <summary>
    /// Asks for the next match's state while this one is worked on: many matches together are larger than the nearer caches, and are visited
    /// in order.
    /// </summary>
    private void Prefetch(int match)
    {
        if (match < Matches)
            Prefetch(_states + (nint)match * Stride, Stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* p, int bytes)
    {
        if (!Sse.IsSupported)
            return;
        for (int i = 0; i < bytes; i += 64)
            Sse.Prefetch0(p + i);
    }

    private int HeroOf(int agent) => agent < _perTeam ? agent : UnitIndex.HeroesPerTeam + agent - _perTeam;

    private WorldState* At(int match)
    {
        if ((uint)match >= (uint)Matches)
            throw new ArgumentOutOfRangeException(nameof(match), match, $"matches are 0 to {Matches - 1}");
        return (WorldState*)(_states + (nint)match * Stride);
    }

    private TargetSlots* SlotsOf(int match) => (TargetSlots*)Unsafe.AsPointer(ref _slots[match * UnitIndex.Heroes]);

    private static void Check(int length, int expected, string what)
    {
        if (length < expected)
            throw new ArgumentException($"{what}: {length} elements, at least {expected} are needed");
    }
}
