using SelfPlayArena.Moba;

namespace SelfPlayArena.Moba.Tests;

/// <summary>A match set up by hand: heroes on the open river, before the first wave, who buy only what they are told to.</summary>
internal sealed class RulesScene
{
    public const int Me = 0;
    public const int Friend = 1;
    public const int Foe = 5;

    private readonly WorldState[] _state = new WorldState[1];

    public RulesScene(string hero = "bulwark", string foe = "bulwark", string mode = "5v5", string rules = "quick")
    {
        World = new MobaWorld(mode, rules);
        Span<byte> lineup = stackalloc byte[UnitIndex.Heroes];
        lineup.Fill(Kind("bulwark"));
        lineup[Me] = Kind(hero);
        lineup[Foe] = Kind(foe);
        World.Reset(ref S, 1, lineup);
        S.NextWaveTick = int.MaxValue;
        for (int h = 0; h < UnitIndex.Heroes; h++)
            World.Control(ref S, h, shop: true, skills: false);
        for (int c = 0; c < WorldState.Camps; c++)
            Set(c);

        void Set(int camp)
        {
            unsafe
            {
                S.CampRespawn[camp] = int.MaxValue;
            }
        }
    }

    public MobaWorld World { get; }

    public ref WorldState S => ref _state[0];

    public unsafe void Put(int unit, float x, float y)
    {
        Assert.True(World.Map.Walkable(x, y), $"({x}, {y}) is a wall");
        S.X[unit] = x;
        S.Y[unit] = y;
        S.Visible[unit] = 3;
    }

    public unsafe void Learn(int hero, int skill, int level = 1)
    {
        S.SkillLevel[hero * WorldState.Skills + skill] = (byte)level;
        S.Mana[hero] = S.MaxMana[hero];
    }

    public void Give(int hero, Order order) => Assert.True(Orders.Give(World, ref S, hero, order), $"order {order} is not legal");

    public void Run(int ticks)
    {
        for (int i = 0; i < ticks; i++)
            World.Tick(ref S);
    }

    /// <summary>Ticks until something holds; fails if it never does.</summary>
    public int Until(Func<bool> holds, int most = 600)
    {
        for (int i = 0; i <= most; i++)
        {
            if (holds())
                return i;
            World.Tick(ref S);
        }
        Assert.Fail($"did not happen within {most} ticks");
        return most;
    }

    /// <summary>A creep of the team, alive where it is put.</summary>
    public unsafe int Creep(int team, int lane, int slot, float x, float y, float hp = 500f)
    {
        int u = UnitIndex.Creep(team, lane, slot);
        UnitDefinition d = World.Rules.Creeps[0];
        S.LaneAlive[team * UnitIndex.Lanes + lane] |= (ushort)(1 << slot);
        S.Alive[u] = 1;
        S.MaxHp[u] = S.Hp[u] = hp;
        S.Attack[u] = d.Attack;
        S.AttackRange[u] = d.AttackRange;
        S.AttackInterval[u] = (ushort)d.AttackInterval;
        S.MoveSpeed[u] = d.MoveSpeed;
        Put(u, x, y);
        return u;
    }

    private byte Kind(string name) => (byte)Array.FindIndex(MobaContent.Default.Heroes, h => h.Name == name);
}
