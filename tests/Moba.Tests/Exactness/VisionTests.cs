namespace SelfPlayArena.Moba.Tests.Exactness;

/// <summary>
/// Who sees whom, counted plainly: every unit against every viewer, without buckets, memory or turns. The engine may lag behind that by the
/// few ticks in which each unit has its turn, and must agree with one of them.
/// </summary>
public sealed unsafe class VisionTests
{
    private const int Turns = 4;
    private const float Farthest = 12f;

    [Fact]
    public void EveryUnitIsSeenByWhomTheRulesSay()
    {
        long hidden = 0;
        long stealthed = 0;
        long wards = 0;
        Property.Holds(MatchCase.Any(1000, 24), 40, c =>
        {
            var trial = new Trial(c);
            MobaWorld world = trial.Env.World;
            byte[] always = new byte[UnitIndex.Count];
            byte[] ever = new byte[UnitIndex.Count];
            byte[][] seen = [.. Enumerable.Range(0, Turns).Select(_ => new byte[UnitIndex.Count])];
            int ticks = 0;
            for (int i = 0; i < c.Decisions && !trial.Over; i++)
            {
                trial.Choose();
                trial.Env.GiveOrders(0, trial.Actions);
                // Few heroes can hide: now and then one is hidden by hand.
                int vanishing = trial.HeroOf((c.Seed + i) % trial.Agents);
                if (i % 8 == 0 && trial.State.Alive[vanishing] != 0)
                    trial.State.StealthUntil[vanishing] = (ushort)(trial.State.Tick + 30);
                for (int k = 0; k < world.Rules.DecisionTicks && !trial.Over; k++)
                {
                    world.Tick(ref trial.State);
                    fixed (WorldState* s = &trial.State)
                    {
                        byte[] now = seen[ticks++ % Turns];
                        for (int u = 0; u < UnitIndex.Count; u++)
                            now[u] = SeenBy(world, s, u);
                        if (ticks < Turns)
                            continue;
                        for (int u = 0; u < UnitIndex.Count; u++)
                        {
                            always[u] = (byte)(seen[0][u] & seen[1][u] & seen[2][u] & seen[3][u]);
                            ever[u] = (byte)(seen[0][u] | seen[1][u] | seen[2][u] | seen[3][u]);
                            if (s->Alive[u] == 0 || UnitIndex.IsStructure(u))
                                continue;
                            int visible = s->Visible[u];
                            // A unit that has just appeared is seen by its own team until its turn comes.
                            bool young = s->Team[u] < UnitIndex.Teams && (seen[0][u] == 0 || seen[1][u] == 0 || seen[2][u] == 0 || seen[3][u] == 0);
                            if ((visible & ~ever[u]) != 0 || (!young && (always[u] & ~visible) != 0))
                                Assert.Fail($"tick {s->Tick}: unit {u} at ({s->X[u]}, {s->Y[u]}) is seen by {visible}, by the rules by {always[u]} all the time and by {ever[u]} at some time");
                            hidden += visible != 3 ? 1 : 0;
                            stealthed += UnitIndex.IsHero(u) && s->StealthUntil[u] > s->Tick ? 1 : 0;
                            wards += UnitIndex.IsWard(u) ? 1 : 0;
                        }
                    }
                }
                trial.Env.StateChanged(0);
            }
        });
        Assert.True(hidden > 10_000 && stealthed > 100 && wards > 100, $"only {hidden} hidden units, {stealthed} times a stealthed hero and {wards} times a ward");
    }

    /// <summary>Bits of the teams that see a unit now; 0 for one that is not there.</summary>
    private static byte SeenBy(MobaWorld world, WorldState* s, int u)
    {
        if (s->Alive[u] == 0)
            return 0;
        int bits = 0;
        for (int team = 0; team < UnitIndex.Teams; team++)
        {
            bool seen = s->Team[u] == team;
            for (int v = 0; v < UnitIndex.Count && !seen; v++)
                seen = s->Alive[v] != 0 && s->Team[v] == team && Sees(world, s, v, u);
            bits |= seen ? 1 << team : 0;
        }
        return (byte)bits;
    }

    private static bool Sees(MobaWorld world, WorldState* s, int viewer, int u)
    {
        RulesDefinition r = world.Rules;
        bool ward = UnitIndex.IsWard(viewer);
        bool structure = UnitIndex.IsStructure(viewer);
        float sight = UnitIndex.IsHero(viewer) ? r.HeroSight : structure ? r.StructureSight : ward ? r.Ward.Sight : r.CreepSight;
        if (UnitIndex.IsWard(u))
            sight = ward ? 0f : MathF.Min(sight, structure ? 6f : 3f);
        else if (UnitIndex.IsHero(u) && s->StealthUntil[u] > s->Tick)
            sight = MathF.Min(sight, structure || ward ? 6f : 2.5f);
        // Creeps keep to their lane: they look only at creeps of the same one.
        if (UnitIndex.IsCreep(viewer) && UnitIndex.IsCreep(u) && UnitIndex.LaneOfCreep(viewer) != UnitIndex.LaneOfCreep(u))
            return false;
        int brush = world.Map.Brush(s->X[u], s->Y[u]);
        if (brush != 0 && s->RevealedUntil[u] <= s->Tick && world.Map.Brush(s->X[viewer], s->Y[viewer]) != brush)
            sight = MathF.Min(sight, r.BrushSight);
        sight = MathF.Min(sight, Farthest);
        float dx = s->X[viewer] - s->X[u];
        float dy = s->Y[viewer] - s->Y[u];
        return dx * dx + dy * dy <= sight * sight && world.Map.LineOfSight(s->X[viewer], s->Y[viewer], s->X[u], s->Y[u]);
    }
}
