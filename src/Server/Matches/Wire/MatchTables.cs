using SelfPlayArena.Moba;

namespace SelfPlayArena.Server.Matches.Wire;

/// <summary>The tables of one view of a match, filled from its state after every tick. What the view must not know is left out here, and only here.</summary>
internal sealed unsafe class MatchTables
{
    /// <summary>Ticks between two looks at which cells are seen; it is for display only.</summary>
    private const int FogEvery = 3;

    /// <summary>Cells that a projectile cannot have flown within a tick: it is another one in the same place.</summary>
    private const float AnotherOne = 2.5f;

    private const int Stunned = 1, Rooted = 2, Slowed = 4, Silenced = 8, Stealthed = 16, Recalling = 32, Casting = 64, Protected = 128, InBrush = 256, Dead = 512;

    private readonly MobaWorld _world;
    private readonly SightOf _sight;
    private readonly UnitNumbers _numbers;
    private readonly FogCells _fog;
    private readonly RowTable _units = new(Schemas.Units, UnitIndex.Count);
    private readonly RowTable _heroes = new(Schemas.Heroes, UnitIndex.Heroes);
    private readonly RowTable _projectiles = new(Schemas.Projectiles, WorldState.MaxProjectiles);
    private readonly RowTable _zones = new(Schemas.Zones, WorldState.MaxZones);
    private readonly RowTable _match = new(Schemas.Match, 1);
    private readonly RowTable _cells = new(Schemas.Fog, 1);
    private readonly float[] _flownX = new float[WorldState.MaxProjectiles], _flownY = new float[WorldState.MaxProjectiles];
    private readonly int[] _flight = new int[WorldState.MaxProjectiles], _laid = new int[WorldState.MaxZones];
    private int _effects;

    public MatchTables(MobaWorld world, SightOf sight, UnitNumbers numbers)
    {
        _world = world;
        _sight = sight;
        _numbers = numbers;
        _fog = new FogCells(world);
        All = sight.IsAll ? [_units, _heroes, _projectiles, _zones, _match] : [_units, _heroes, _projectiles, _zones, _match, _cells];
        for (int h = 0; h < UnitIndex.Heroes; h++)
            Unknown(_heroes.Held(h));
    }

    public IReadOnlyList<RowTable> All { get; }

    /// <summary>Takes in a state and finds out what is new since the one before.</summary>
    public void Take(in WorldState s, bool paused)
    {
        Units(in s);
        Heroes(in s);
        Projectiles(in s);
        Zones(in s);
        Match(in s, paused);
        if (!_sight.IsAll && (s.Tick % FogEvery == 0 || !_cells.WasThere(0)))
            _fog.Write(in s, _sight, _cells.Put(0, 0));
        foreach (RowTable table in All)
            table.Compare();
    }

    /// <summary>Takes in only what a team will know later on of what it sees now; for views that nobody watches.</summary>
    public void Remember(in WorldState s)
    {
        if (!_sight.IsAll)
            Heroes(in s);
    }

    private void Units(in WorldState s)
    {
        _units.Clear();
        for (int u = 0; u < UnitIndex.Count; u++)
        {
            bool structure = UnitIndex.IsStructure(u);
            if (structure ? !Stood(u) : s.Alive[u] == 0 || !_sight.Sees(in s, u))
                continue;
            Span<int> row = _units.Put(u, _numbers.Of(u));
            row[0] = UnitIndex.IsHero(u) ? 0 : structure ? 1 : UnitIndex.IsCreep(u) ? 2 : UnitIndex.IsMonster(u) ? 3 : UnitIndex.IsSummon(u) ? 4 : 5;
            row[1] = s.Kind[u];
            row[2] = s.Team[u];
            row[3] = Steps(s.X[u]);
            row[4] = Steps(s.Y[u]);
            row[5] = Up(s.Hp[u]);
            row[6] = Up(s.MaxHp[u]);
            row[7] = State(in s, u, structure);
            row[8] = UnitIndex.IsHero(u) && s.ShieldUntil[u] > s.Tick ? Up(s.Shield[u]) : 0;
            row[9] = _numbers.Of(Struck(in s, u));
            row[10] = s.WindUpEnd[u];
        }
    }

    private int State(in WorldState s, int u, bool structure)
    {
        int tick = s.Tick;
        int bits = (s.StunUntil[u] > tick ? Stunned : 0) | (s.RootUntil[u] > tick ? Rooted : 0) | (s.SlowUntil[u] > tick ? Slowed : 0) | (s.SilenceUntil[u] > tick ? Silenced : 0)
            | (_world.Map.Brush(s.X[u], s.Y[u]) > 0 ? InBrush : 0) | (s.Alive[u] == 0 ? Dead : 0);
        if (structure)
            return bits | (s.Protected[u - UnitIndex.FirstStructure] != 0 ? Protected : 0);
        return UnitIndex.IsHero(u) ? bits | (s.StealthUntil[u] > tick ? Stealthed : 0) | (s.RecallTicks[u] > 0 ? Recalling : 0) | (s.CastSkill[u] >= 0 ? Casting : 0) : bits;
    }

    /// <summary>The unit that one attacks, as far as it is seen. Heroes keep their last target; they attack it while a blow is under way or ordered.</summary>
    private int Struck(in WorldState s, int u)
    {
        if (!UnitIndex.IsHero(u))
            return _sight.Seen(in s, s.AttackTarget[u]);
        int target = s.WindUpEnd[u] != 0 ? s.AttackTarget[u] : s.OrderVerb[u] == (byte)Verb.Attack && _sight.Owns(in s, u) ? s.OrderTarget[u] : -1;
        return _sight.Seen(in s, target);
    }

    /// <summary>Takes in how all heroes are, seen or not.</summary>
    public void Learn(in WorldState s) => Heroes(in s, everybody: true);

    private void Heroes(in WorldState s, bool everybody = false)
    {
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            if (s.Present[h] == 0)
                continue;
            Span<int> row = _heroes.Put(h, h);
            bool own = _sight.Owns(in s, h);
            bool seen = own || everybody || (s.Alive[h] != 0 && _sight.Sees(in s, h));
            if (seen)
            {
                row[0] = s.Level[h];
                row[1] = (int)s.Mana[h];
                row[2] = (int)s.MaxMana[h];
                row[6] = s.LastHits[h];
                for (int i = 0; i < WorldState.ItemSlots; i++)
                    row[7 + i] = s.Items[h * WorldState.ItemSlots + i] - 1;
            }
            row[3] = s.Kills[h];
            row[4] = s.Deaths[h];
            row[5] = s.Assists[h];
            for (int i = 0; i < WorldState.Spells; i++)
                row[13 + i] = s.Spell[h * WorldState.Spells + i];
            row[15] = s.Alive[h] != 0 ? 0 : s.RespawnTick[h];
            int ultimate = h * WorldState.Skills + Moba.Learning.Ultimate;
            row[16] = own ? s.Macro[h] : -1;
            row[17] = own ? s.Gold[h] : -1;
            row[18] = !own || s.SkillLevel[ultimate] == 0 ? -1 : s.SkillReady[ultimate];
            row[19] = _sight.IsAll ? s.Visible[h] : s.Alive[h] != 0 && _sight.Sees(in s, h) ? 1 : 0;
        }
    }

    /// <summary>What is told of a hero that was never seen.</summary>
    private static void Unknown(Span<int> row)
    {
        row[0] = 1;
        row[1] = row[2] = -1;
        row.Slice(7, WorldState.ItemSlots).Fill(-1);
    }

    private void Projectiles(in WorldState s)
    {
        _projectiles.Clear();
        for (int i = 0; i < WorldState.MaxProjectiles; i++)
        {
            if (s.ProjectileAlive[i] == 0 || !_sight.SeesProjectile(in s, i))
                continue;
            float dx = s.ProjectileX[i] - _flownX[i];
            float dy = s.ProjectileY[i] - _flownY[i];
            Span<int> row = _projectiles.Held(i);
            int owner = _numbers.Of(_sight.Seen(in s, s.ProjectileOwner[i]));
            bool another = !_projectiles.WasThere(i) || (dx * dx) + (dy * dy) > AnotherOne * AnotherOne || row[1] != Ability(s.ProjectileEffect[i], s.ProjectileSkill[i]);
            if (another)
                _flight[i] = ++_effects;
            (_flownX[i], _flownY[i]) = (s.ProjectileX[i], s.ProjectileY[i]);
            _projectiles.Put(i, _flight[i]);
            row[0] = owner;
            row[1] = Ability(s.ProjectileEffect[i], s.ProjectileSkill[i]);
            row[2] = s.ProjectileTeam[i];
            row[3] = Steps(s.ProjectileX[i]);
            row[4] = Steps(s.ProjectileY[i]);
            row[5] = Steps(s.ProjectileVX[i]);
            row[6] = Steps(s.ProjectileVY[i]);
            row[7] = _numbers.Of(_sight.Seen(in s, s.ProjectileTarget[i]));
        }
    }

    /// <summary>0 to 6 as in <see cref="Abilities"/>, 7 of a trigger, 8 a blow.</summary>
    private static int Ability(int effect, int skill) => effect < 0 ? Abilities.Count + 1 : skill;

    private void Zones(in WorldState s)
    {
        _zones.Clear();
        for (int i = 0; i < WorldState.MaxZones; i++)
        {
            if (s.ZoneAlive[i] == 0 || !_sight.SeesZone(in s, i))
                continue;
            Span<int> row = _zones.Held(i);
            if (!_zones.WasThere(i) || row[7] != s.ZoneUntil[i] || row[1] != s.ZoneSkill[i])
            {
                _laid[i] = ++_effects;
                row[6] = s.ZoneNext[i];
            }
            _zones.Put(i, _laid[i]);
            row[0] = _numbers.Of(_sight.Seen(in s, s.ZoneOwner[i]));
            row[1] = s.ZoneSkill[i];
            row[2] = s.ZoneTeam[i];
            row[3] = Steps(s.ZoneX[i]);
            row[4] = Steps(s.ZoneY[i]);
            row[5] = Steps(s.ZoneRadius[i]);
            row[7] = s.ZoneUntil[i];
        }
    }

    private void Match(in WorldState s, bool paused)
    {
        Span<int> row = _match.Put(0, 0);
        row.Clear();
        for (int h = 0; h < UnitIndex.Heroes; h++)
        {
            int team = h / UnitIndex.HeroesPerTeam;
            row[team] += s.Kills[h];
            row[8 + team] = _sight.IsAll ? row[8 + team] + s.GoldEarned[h] : -1;
        }
        for (int i = 0; i < UnitIndex.Structures; i++)
        {
            int u = UnitIndex.FirstStructure + i;
            if (Stood(u) && s.Alive[u] == 0 && i % UnitIndex.StructuresPerTeam != UnitIndex.AncientOfTeam)
                row[2 + 1 - i / UnitIndex.StructuresPerTeam]++;
        }
        for (int i = 0; i < 2; i++)
        {
            int place = UnitIndex.FirstEpic - UnitIndex.FirstMonster + i;
            row[4 + i] = place >= _world.Map.MonsterCount || s.Alive[UnitIndex.FirstEpic + i] != 0 ? 0 : s.CampRespawn[_world.Map.MonsterCamp[place]];
        }
        row[6] = s.Finished;
        row[7] = paused ? 1 : 0;
    }

    /// <summary>Whether the mode has this structure; towers of lanes that it does not play count as fallen from the start.</summary>
    private bool Stood(int structure)
    {
        int place = (structure - UnitIndex.FirstStructure) % UnitIndex.StructuresPerTeam;
        return place == UnitIndex.AncientOfTeam || _world.HasLane(place / (UnitIndex.AncientOfTeam / UnitIndex.Lanes));
    }

    public static int Steps(float cells) => (int)MathF.Round(cells * Schemas.Steps);

    private static int Up(float value) => (int)MathF.Ceiling(value);
}
