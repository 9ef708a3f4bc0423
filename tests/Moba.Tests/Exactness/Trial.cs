using SelfPlayArena.Core;

namespace SelfPlayArena.Moba.Tests.Exactness;

/// <summary>A match of a <see cref="MatchCase"/> being played, in match 0 of an environment that tests of the same thread share one after another.</summary>
internal sealed unsafe class Trial
{
    [ThreadStatic]
    private static Dictionary<(string Mode, string Rules, int Hands, int Matches), MobaEnvironment>? s_environments;

    private readonly Rng[] _rngs;
    private readonly MatchCase _case;
    private int _played;

    /// <summary>Starts the match and plays <see cref="MatchCase.Skip"/> decisions, less if it ends.</summary>
    /// <param name="matches">Matches of the environment; match 0 is the case's, the others stand wherever earlier tests left them.</param>
    public Trial(MatchCase c, int matches = 1)
    {
        _case = c;
        Env = Shared(c, matches);
        Spec = Env.Spec;
        Agents = Spec.Agents;
        PerTeam = Spec.AgentsPerTeam;
        Observations = new byte[Agents * Spec.ObservationBytes];
        Masks = new byte[Agents * Spec.MaskBytes];
        Full = new byte[Spec.Teams * Spec.FullStateBytes];
        Actions = new short[matches * Agents * Spec.Heads.Count];
        Rewards = new float[matches * Agents * Spec.Rewards.Count];
        Status = new MatchStatus[matches];
        _rngs = new Rng[Agents];
        for (int a = 0; a < Agents; a++)
            _rngs[a] = new Rng(Seeds.Derive((ulong)c.Seed, "exactness", (ulong)a));
        Reset(0);
        Start = State;
        for (int i = 0; i < c.Skip && !Over; i++)
        {
            Choose();
            Env.StepOnly(0, Actions);
        }
    }

    public MobaEnvironment Env { get; }

    /// <summary>The match's first state.</summary>
    public WorldState Start { get; }
    public EnvironmentSpec Spec { get; }
    public int Agents { get; }
    public int PerTeam { get; }
    public byte[] Observations { get; }
    public byte[] Masks { get; }
    public byte[] Full { get; }

    /// <summary>Actions, rewards and status are those of all matches; match 0 comes first.</summary>
    public short[] Actions { get; }
    public float[] Rewards { get; }
    public MatchStatus[] Status { get; }

    public ref WorldState State => ref Env.State(0);

    public bool Over => State.Finished != 0;

    /// <summary>Starts the case's match, with the teams exchanged if asked to.</summary>
    public void Reset(int match, bool swapped = false)
    {
        Span<byte> lineups = stackalloc byte[UnitIndex.Heroes];
        MobaWorld world = Env.World;
        ref WorldState state = ref Env.State(match);
        var rng = new Rng((ulong)_case.LineUps);
        Span<byte> drawn = stackalloc byte[UnitIndex.Heroes];
        Span<byte> spells = stackalloc byte[UnitIndex.Heroes * WorldState.Spells];
        for (int h = 0; h < UnitIndex.Heroes; h++)
            drawn[h] = (byte)rng.Next(world.Content.Heroes.Length);
        for (int i = 0; i < spells.Length; i++)
            spells[i] = (byte)rng.Next(world.Content.Spells.Length);
        if (_case.Twins)
        {
            drawn[..UnitIndex.HeroesPerTeam].CopyTo(drawn[UnitIndex.HeroesPerTeam..]);
            spells[..(spells.Length / 2)].CopyTo(spells[(spells.Length / 2)..]);
        }
        world.Reset(ref state, (ulong)_case.Seed);
        for (int h = 0; h < UnitIndex.Heroes; h++)
            lineups[swapped ? UnitIndex.Mirror(h) : h] = _case.LineUps == 0 ? state.Kind[h] : drawn[h];
        world.Reset(ref state, (ulong)_case.Seed, lineups);
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            int hero = swapped ? UnitIndex.Mirror(h) : h;
            for (int k = 0; k < WorldState.Spells && _case.LineUps != 0; k++)
                state.Spell[hero * WorldState.Spells + k] = spells[h * WorldState.Spells + k];
            if (state.Present[hero] == 0)
                continue;
            state.ManualShop[hero] = state.ManualSkills[hero] = (byte)(_case.Hands & 1);
            fixed (WorldState* s = &state)
            {
                Systems.HeroUpkeep.EarnGold(s, hero, _case.Riches * 1000);
                Systems.HeroUpkeep.EarnXp(world, s, hero, world.Rules.LevelXp[_case.Riches]);
            }
        }
        Env.StateChanged(match);
    }

    public Span<byte> ObservationOf(int agent) => Observations.AsSpan(agent * Spec.ObservationBytes, Spec.ObservationBytes);

    public Span<byte> MaskOf(int agent) => Masks.AsSpan(agent * Spec.MaskBytes, Spec.MaskBytes);

    public Span<short> ActionOf(int agent) => Actions.AsSpan(agent * Spec.Heads.Count, Spec.Heads.Count);

    public int HeroOf(int agent) => agent < PerTeam ? agent : UnitIndex.HeroesPerTeam + agent - PerTeam;

    public void Observe() => Env.Observe(0, Observations, Masks, Full);

    /// <summary>Observes and lets everybody choose.</summary>
    public void Choose()
    {
        Observe();
        int scripted = Spec.ScriptedPlayers.Count;
        for (int a = 0; a < Agents; a++)
        {
            int player = a < PerTeam ? _case.Home : _case.Away;
            // The mixture changes its players every 32 decisions, one agent after another, alike for both teams.
            if (player > scripted)
                player = (int)((uint)(_case.Seed + a % PerTeam * 7 + (_played + a % PerTeam * 5) / 32) % (scripted + 1));
            if (player == 0)
                RandomPlayer.Act(Spec, MaskOf(a), ActionOf(a), ref _rngs[a]);
            else
                Env.ActScripted(0, a, player - 1, ActionOf(a), ref _rngs[a]);
        }
        _played++;
    }

    public void Step() => Env.Step(Actions, Rewards, Status);

    /// <summary>An environment kept by the thread; making one takes longer than most cases.</summary>
    public static MobaEnvironment Shared(MatchCase c, int matches)
    {
        s_environments ??= [];
        if (!s_environments.TryGetValue((c.Mode, c.Rules, c.Hands, matches), out MobaEnvironment? found))
            s_environments[(c.Mode, c.Rules, c.Hands, matches)] = found = new MobaEnvironment(c.Options, matches);
        return found;
    }
}
