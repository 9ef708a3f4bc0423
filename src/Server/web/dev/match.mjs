// A make-believe match for looking at the picture: things move, fight and die by no particular rules. What is true of the game is only in the server.
import { content, map } from "./content.mjs";

const fields = {
    units: [
        ["kind", 1],
        ["type", 1],
        ["team", 1],
        ["x", 1 / 64],
        ["y", 1 / 64],
        ["hp", 1],
        ["maxHp", 1],
        ["state", 1],
        ["shield", 1],
        ["target", 1],
        ["windUp", 1],
    ],
    heroes: [
        ["level", 1],
        ["mana", 1],
        ["maxMana", 1],
        ["kills", 1],
        ["deaths", 1],
        ["assists", 1],
        ["creepScore", 1],
        ["items", 1],
        ["spells", 1],
        ["respawn", 1],
        ["macro", 1],
        ["gold", 1],
        ["ultimate", 1],
        ["visible", 1],
    ],
    projectiles: [
        ["owner", 1],
        ["ability", 1],
        ["team", 1],
        ["x", 1 / 64],
        ["y", 1 / 64],
        ["vx", 1 / 64],
        ["vy", 1 / 64],
        ["target", 1],
    ],
    zones: [
        ["owner", 1],
        ["ability", 1],
        ["team", 1],
        ["x", 1 / 64],
        ["y", 1 / 64],
        ["radius", 1 / 64],
        ["starts", 1],
        ["ends", 1],
    ],
    me: [
        ["skillLevels", 1],
        ["skillPoints", 1],
        ["cooldowns", 1],
        ["ready", 1],
        ["recall", 1],
        ["gold", 1],
        ["wards", 1],
        ["shop", 1],
        ["byHand", 1],
        ["order", 0],
        ["attackRange", 1 / 64],
        ["moveSpeed", 1 / 64],
        ["attack", 1],
        ["armor", 1],
        ["magicResist", 1],
        ["haste", 1 / 100],
    ],
    match: [
        ["killsHome", 1],
        ["killsAway", 1],
        ["towersHome", 1],
        ["towersAway", 1],
        ["epic", 1],
        ["finished", 1],
        ["paused", 1],
        ["goldHome", 1],
        ["goldAway", 1],
    ],
    fog: [["cells", 1]],
};
export const schema = fields;

export class MakeBelieve {
    constructor(mode) {
        this.mode = mode;
        this.tick = 0;
        this.map = map(mode);
        this.cells = Buffer.from(this.map.cells, "base64");
        this.units = new Map();
        this.shots = new Map();
        this.zones = new Map();
        this.events = [];
        this.next = 200;
        this.kills = [0, 0];
        this.lead = [];
        this.seed = 5;
        for (const s of this.map.structures) {
            const hp = s.kind === "ancient" ? 4500 : 3200;
            this.units.set(s.unit, {
                id: s.unit,
                kind: 1,
                type: ["outer", "inner", "base", "ancient"].indexOf(s.kind),
                team: s.team,
                x: s.x,
                y: s.y,
                hp,
                maxHp: hp,
                range: 8.5,
                damage: 110,
                pace: 0,
                every: 15,
                flies: 16,
                lane: -1,
                windUp: 0,
                ready: 0,
                state: s.kind === "outer" ? 0 : 128,
                shield: 0,
                target: -1,
            });
        }
        const heroes = mode === "1v1" ? 1 : mode === "3v3" ? 3 : 5;
        for (const team of [0, 1])
            for (let slot = 0; slot < heroes; slot++) {
                const id = team * 5 + slot;
                const type = (team * 7 + slot * 3 + 1) % content.heroes.length;
                const h = content.heroes[type];
                const far = ["mage", "marksman", "support"].includes(h.role);
                const home = this.map.fountains[team];
                this.units.set(id, {
                    id,
                    kind: 0,
                    type,
                    team,
                    x: home.x + slot * 0.8 - 2,
                    y: home.y + 2 - slot * 0.6,
                    hp: h.attributes.max_hp,
                    maxHp: h.attributes.max_hp,
                    range: far ? 6.2 : 1.9,
                    damage: 62,
                    pace: 0.34,
                    every: 20,
                    flies: far ? 14 : 0,
                    lane: slot % this.map.lanes.length,
                    windUp: 0,
                    ready: 0,
                    state: 0,
                    shield: 0,
                    target: -1,
                    mana: 300,
                    maxMana: 320,
                    level: 1,
                    kills: 0,
                    deaths: 0,
                    assists: 0,
                    cs: 0,
                    items: [-1, -1, -1, -1, -1, -1],
                    spells: h.spells,
                    respawn: 0,
                    gold: 500,
                    cooldowns: [0, 0, 0, 0, 0, 0, 0, 0],
                    levels: [1, 0, 0, 0],
                    points: 1,
                    byHand: false,
                    goal: null,
                    leg: 0,
                });
            }
        let camp = 102;
        for (const c of this.map.camps) this.units.set(camp, this.monster(camp++, c.x, c.y, camp % 3, 700));
        if (mode !== "1v1") {
            const at = mode === "3v3" ? 24 : 31;
            this.units.set(118, this.monster(118, -at, at, 3, 3800));
            this.units.set(119, this.monster(119, at, -at, 4, 5200));
        }
    }

    monster(id, x, y, type, hp) {
        return {
            id,
            kind: 3,
            type,
            team: 2,
            x,
            y,
            hp,
            maxHp: hp,
            range: 2,
            damage: 30,
            pace: 0,
            every: 18,
            flies: 0,
            lane: -1,
            windUp: 0,
            ready: 0,
            state: 0,
            shield: 0,
            target: -1,
        };
    }

    random() {
        this.seed = (Math.imul(this.seed, 1664525) + 1013904223) >>> 0;
        return this.seed / 4294967296;
    }

    way(unit) {
        const lane = this.map.lanes[unit.lane];
        return unit.team === 0 ? lane : [...lane].reverse();
    }

    step() {
        this.tick++;
        if (this.tick % 200 === 20) this.wave();
        for (const u of this.units.values()) this.act(u);
        for (const [id, s] of this.shots) this.fly(id, s);
        for (const [id, z] of this.zones)
            if (this.tick >= z.ends) this.zones.delete(id);
            else if (this.tick >= z.starts && (this.tick - z.starts) % 8 === 0)
                for (const u of this.units.values())
                    if (u.team !== z.team && u.kind !== 1 && Math.hypot(u.x - z.x, u.y - z.y) < z.radius)
                        this.hurt(this.units.get(z.owner), u, 45, 1);
        if (this.tick % 15 === 0) {
            this.lead.push(this.gold(0) - this.gold(1));
            for (const u of this.units.values())
                if (u.kind === 0) {
                    u.gold += 2;
                    u.mana = Math.min(u.maxMana, u.mana + 4);
                    if (this.atHome(u)) u.hp = Math.min(u.maxHp, u.hp + 90);
                }
        }
    }

    gold(team) {
        let sum = 0;
        for (const u of this.units.values())
            if (u.kind === 0 && u.team === team)
                sum += u.gold + u.items.filter(i => i >= 0).reduce((a, i) => a + content.items[i].price, 0);
        return sum;
    }

    atHome(u) {
        const f = this.map.fountains[u.team];
        return Math.hypot(u.x - f.x, u.y - f.y) < 5;
    }

    wave() {
        this.map.lanes.forEach((_, lane) => {
            for (const team of [0, 1])
                for (let i = 0; i < 6; i++) {
                    const type = i < 3 ? 0 : i < 5 ? 1 : 2;
                    if (type === 2 && this.tick % 600 > 210) continue;
                    const unit = {
                        id: this.next++,
                        kind: 2,
                        type,
                        team,
                        x: 0,
                        y: 0,
                        hp: [420, 280, 750][type],
                        maxHp: [420, 280, 750][type],
                        range: [1.6, 5.5, 6.5][type],
                        damage: [14, 22, 38][type],
                        pace: 0.3,
                        every: 18,
                        flies: type === 0 ? 0 : 13,
                        lane,
                        windUp: 0,
                        ready: 0,
                        state: 0,
                        shield: 0,
                        target: -1,
                        leg: 1,
                    };
                    const way = this.way(unit);
                    unit.x = way[0].x + (this.random() - 0.5) * 3;
                    unit.y = way[0].y + (this.random() - 0.5) * 3;
                    this.units.set(unit.id, unit);
                }
        });
    }

    foes(u, within) {
        const list = [];
        for (const v of this.units.values()) {
            if (v.team === u.team || v.hp <= 0 || v.state & 512 || v.state & 128) continue;
            const far = Math.hypot(v.x - u.x, v.y - u.y) - (v.kind === 1 ? 1.4 : 0);
            if (far < within && !(u.kind !== 0 && v.team === 2)) list.push([far, v]);
        }
        return list.sort((a, b) => a[0] - b[0]);
    }

    act(u) {
        if (u.kind === 0 && u.state & 512) {
            if (this.tick >= u.respawn) {
                const f = this.map.fountains[u.team];
                Object.assign(u, { state: 0, hp: u.maxHp, x: f.x, y: f.y, leg: 0, respawn: 0, goal: null });
                this.events.push({ kind: "respawn", unit: u.id });
            }
            return;
        }
        if (u.hp <= 0 || u.kind === 5) return;
        if (u.kind === 3 && u.hp === u.maxHp) return;
        u.state &= ~0x27;
        if (u.stun > this.tick) {
            u.state |= 1;
            return;
        }
        if (u.slow > this.tick) u.state |= 4;
        if (u.windUp > 0 && this.tick >= u.windUp) {
            const t = this.units.get(u.target);
            u.windUp = 0;
            if (t && t.hp > 0) {
                if (u.flies) this.shoot(u, t, 4, u.damage, u.flies / 15);
                else this.hurt(u, t, u.damage, 0);
            }
            return;
        }
        if (u.windUp > 0) return;
        if (u.byHand && u.goal && u.goal.verb === "move") {
            if (this.walk(u, u.goal.x, u.goal.y)) u.goal = null;
            u.target = -1;
            return;
        }
        const near = this.foes(u, u.range + 4);
        const wanted =
            u.byHand && u.goal?.verb === "attack"
                ? this.units.get(u.goal.target)
                : u.byHand && !u.goal
                  ? near.find(n => n[0] < u.range)?.[1]
                  : near[0]?.[1];
        if (wanted && wanted.hp > 0) {
            const far = Math.hypot(wanted.x - u.x, wanted.y - u.y) - (wanted.kind === 1 ? 1.4 : 0);
            u.target = wanted.id;
            if (far > u.range) {
                if (u.pace) this.walk(u, wanted.x, wanted.y);
                return;
            }
            if (u.kind === 0 && !u.byHand && this.random() < 0.02) this.cast(u, Math.floor(this.random() * 4), wanted.x, wanted.y);
            if (this.tick >= u.ready) {
                u.windUp = this.tick + 5;
                u.ready = this.tick + u.every;
            }
            return;
        }
        u.target = -1;
        if (u.byHand || !u.pace) return;
        if (u.kind === 0 && u.hp < u.maxHp * 0.25) {
            u.state |= 32;
            u.recall = (u.recall ?? 0) + 1;
            if (u.recall > 60) {
                const f = this.map.fountains[u.team];
                Object.assign(u, { x: f.x, y: f.y, recall: 0, leg: 0 });
            }
            return;
        }
        if (u.kind === 0 && this.atHome(u)) this.shop(u);
        const way = this.way(u);
        const leg = way[Math.min(u.leg, way.length - 1)];
        if (this.walk(u, leg.x, leg.y) && u.leg < way.length - 1) u.leg++;
    }

    shop(u) {
        for (const item of content.heroes[u.type].build) {
            if (u.items.includes(item)) continue;
            if (content.items[item].price > u.gold) return;
            u.items[u.items.indexOf(-1)] = item;
            u.gold -= content.items[item].price;
            return;
        }
    }

    walk(u, x, y) {
        const far = Math.hypot(x - u.x, y - u.y);
        const pace = u.pace * (u.state & 4 ? 0.6 : 1);
        if (far <= pace + (u.kind === 2 ? 2 : 0)) return true;
        const nx = u.x + ((x - u.x) / far) * pace;
        const ny = u.y + ((y - u.y) / far) * pace;
        const open = (a, b) => this.cells[Math.floor(b + 64) * 128 + Math.floor(a + 64)] !== 1;
        if (open(nx, ny)) {
            u.x = nx;
            u.y = ny;
        } else if (open(nx, u.y)) u.x = nx;
        else if (open(u.x, ny)) u.y = ny;
        else return u.byHand === true;
        for (const v of this.units.values()) {
            if (v === u || v.kind === 5 || v.state & 512) continue;
            const d = Math.hypot(v.x - u.x, v.y - u.y);
            if (d < 0.8 && d > 0.01) {
                u.x += ((u.x - v.x) / d) * 0.08;
                u.y += ((u.y - v.y) / d) * 0.08;
            }
        }
        u.state = this.cells[Math.floor(u.y + 64) * 128 + Math.floor(u.x + 64)] === 2 ? u.state | 256 : u.state & ~256;
        return false;
    }

    cast(u, ability, x, y, target = -1) {
        if (this.tick < u.cooldowns[ability] || (ability < 4 && u.levels[ability] === 0 && u.byHand)) return false;
        const skill = ability < 4 ? content.heroes[u.type].skills[ability] : content.spells[u.spells[ability - 4]];
        u.cooldowns[ability] = this.tick + 15 * (ability === 3 ? 40 : ability > 3 ? 60 : 8);
        u.mana -= Math.min(u.mana, 45);
        this.events.push({ kind: "cast", unit: u.id, ability, x, y, target });
        const far = Math.hypot(x - u.x, y - u.y) || 1;
        if (skill.name === "flash") {
            u.x += ((x - u.x) / far) * 4;
            u.y += ((y - u.y) / far) * 4;
        } else if (skill.aim === "direction")
            this.shoot(u, { x: u.x + ((x - u.x) / far) * skill.range, y: u.y + ((y - u.y) / far) * skill.range }, ability, 120, 1.1);
        else if (skill.aim === "point")
            this.zones.set(this.next, {
                id: this.next++,
                owner: u.id,
                ability,
                team: u.team,
                x,
                y,
                radius: skill.radius || 3,
                starts: this.tick + 14,
                ends: this.tick + 50,
            });
        else if (skill.aim === "none") {
            u.shield = 150;
            for (const [, v] of this.foes(u, skill.radius || 2)) {
                this.hurt(u, v, 90, 1);
                v.slow = this.tick + 30;
            }
        } else {
            const v = this.units.get(target) ?? this.foes(u, 8)[0]?.[1];
            if (v) {
                this.hurt(u, v, 130, 1);
                v.stun = this.tick + 15;
            }
        }
        return true;
    }

    shoot(u, to, ability, damage, speed) {
        const far = Math.hypot(to.x - u.x, to.y - u.y) || 1;
        this.shots.set(this.next, {
            id: this.next++,
            owner: u.id,
            ability,
            team: u.team,
            x: u.x,
            y: u.y,
            vx: ((to.x - u.x) / far) * speed,
            vy: ((to.y - u.y) / far) * speed,
            target: to.id ?? -1,
            damage,
            left: far / speed,
        });
    }

    fly(id, s) {
        const t = s.target >= 0 ? this.units.get(s.target) : null;
        if (t) {
            const far = Math.hypot(t.x - s.x, t.y - s.y) || 1;
            const speed = Math.hypot(s.vx, s.vy);
            s.vx = ((t.x - s.x) / far) * speed;
            s.vy = ((t.y - s.y) / far) * speed;
            if (far < speed) {
                this.hurt(this.units.get(s.owner), t, s.damage, s.ability === 4 ? 0 : 1);
                this.shots.delete(id);
                return;
            }
        }
        s.x += s.vx;
        s.y += s.vy;
        if (!t)
            for (const u of this.units.values())
                if (u.team !== s.team && u.kind !== 1 && u.hp > 0 && !(u.state & 512) && Math.hypot(u.x - s.x, u.y - s.y) < 1) {
                    this.hurt(this.units.get(s.owner), u, s.damage, 1);
                    u.slow = this.tick + 30;
                    this.shots.delete(id);
                    return;
                }
        if (--s.left < -2 && !t) this.shots.delete(id);
        if (s.target >= 0 && !t) this.shots.delete(id);
    }

    hurt(by, u, amount, type) {
        if (u.hp <= 0 || u.state & 512) return;
        const soaked = Math.min(u.shield, amount);
        u.shield -= soaked;
        u.hp -= amount - soaked;
        if (by?.kind === 0 && u.kind === 0) this.events.push({ kind: "hit", unit: by.id, target: u.id, amount, type });
        if (u.hp > 0) return;
        u.hp = 0;
        if (by?.kind === 0) {
            const worth = u.kind === 0 ? 300 : u.kind === 1 ? 150 : 20;
            by.gold += worth;
            by.cs += u.kind === 2 ? 1 : 0;
            this.events.push({ kind: "gold", unit: by.id, amount: worth });
            if (this.random() < 0.25 && by.level < 15) {
                by.level++;
                by.points++;
                by.maxHp += 80;
                by.hp += 80;
                this.events.push({ kind: "level", unit: by.id, level: by.level });
            }
        }
        if (u.kind === 0) {
            Object.assign(u, { state: 512, respawn: this.tick + 150, deaths: u.deaths + 1, target: -1, windUp: 0 });
            const killer = by?.kind === 0 ? by.id : -1;
            if (killer >= 0) by.kills++;
            this.kills[1 - u.team]++;
            this.events.push({ kind: "kill", killer, victim: u.id, assists: [], first: this.kills[0] + this.kills[1] === 1 });
        } else if (u.kind === 1) {
            u.state |= 512;
            this.events.push({ kind: "structure", unit: u.id, team: 1 - u.team });
            for (const v of this.units.values())
                if (v.kind === 1 && v.team === u.team && (v.id === u.id + 1 || v.type === 3)) v.state &= ~128;
        } else this.units.delete(u.id);
    }

    /** Rows of every table as a view sees them. */
    tables(view, me) {
        const side = view === "all" ? -1 : view;
        const watchers = [...this.units.values()].filter(u => u.team === side && !(u.state & 512));
        const sees = u => side < 0 || u.team === side || u.kind === 1 || watchers.some(w => Math.hypot(w.x - u.x, w.y - u.y) < 11);
        const f = n => Math.round(n * 64);
        const units = new Map();
        const heroes = new Map();
        for (const u of this.units.values()) {
            if (u.kind === 0)
                heroes.set(u.id, [
                    u.level,
                    Math.round(u.mana),
                    u.maxMana,
                    u.kills,
                    u.deaths,
                    u.assists,
                    u.cs,
                    u.items,
                    u.spells,
                    u.respawn,
                    1,
                    side < 0 || u.team === side ? u.gold : -1,
                    u.cooldowns[3],
                    3,
                ]);
            if (sees(u) && !(u.kind === 0 && u.state & 512))
                units.set(u.id, [
                    u.kind,
                    u.type,
                    u.team,
                    f(u.x),
                    f(u.y),
                    Math.round(u.hp),
                    u.maxHp,
                    u.state,
                    Math.round(u.shield),
                    u.target,
                    u.windUp,
                ]);
        }
        const shots = new Map(
            [...this.shots.values()]
                .filter(s => sees({ ...s, kind: 2, team: s.team }))
                .map(s => [s.id, [s.owner, s.ability, s.team, f(s.x), f(s.y), f(s.vx), f(s.vy), s.target]]),
        );
        const zones = new Map(
            [...this.zones.values()].map(z => [z.id, [z.owner, z.ability, z.team, f(z.x), f(z.y), f(z.radius), z.starts, z.ends]]),
        );
        const tables = {
            units,
            heroes,
            projectiles: shots,
            zones,
            me: new Map(),
            match: new Map([[0, [this.kills[0], this.kills[1], 0, 0, [0, 0], 0, 0, this.gold(0), this.gold(1)]]]),
            fog: new Map(),
        };
        const u = this.units.get(me);
        if (u?.kind === 0) {
            const ready =
                u.cooldowns.reduce((bits, at, i) => bits | (at <= this.tick && (i > 3 || u.levels[i] > 0) ? 1 << i : 0), 0) | 0x700;
            tables.me.set(u.id, [
                u.levels,
                u.points,
                u.cooldowns,
                ready,
                0,
                u.gold,
                2,
                this.atHome(u) ? 1 : 0,
                3,
                ["", -1, 0, 0],
                f(u.range),
                f(u.pace * 15),
                u.damage,
                25,
                28,
                10,
            ]);
        }
        if (side >= 0) {
            const rows = new Array(32).fill(0);
            for (const w of watchers)
                for (let r = 0; r < 32; r++)
                    for (let c = 0; c < 32; c++)
                        if (Math.hypot(c * 4 - 62 - w.x, r * 4 - 62 - w.y) < 11) rows[r] = (rows[r] | (1 << c)) >>> 0;
            tables.fog.set(0, [rows]);
        }
        return tables;
    }
}
