import type { Curves, Hello, MatchEvent, Seat, View } from "./frames";
import type { Mind } from "./mind";
import { Playout } from "./playout";
import { ProtocolError, readSchema } from "./schema";
import { Table, type Value } from "./table";
import { Thing, Unit, UnitKind } from "./things";

const second = 15;
const eventsKept = 400;
/** Ticks after which what left is forgotten; by then it has faded out of the picture. */
const forgottenAfter = 90;

/** A match as the server has told it so far: tables, units with their movements, events. Knows nothing of how it is drawn. */
export class Match {
    readonly hello: Hello;
    readonly playout: Playout;
    readonly tables = new Map<string, Table>();
    readonly units = new Map<number, Unit>();
    readonly projectiles = new Map<number, Thing>();
    readonly zones = new Map<number, Thing>();
    /** All events so far, oldest first, at most the newest few hundred. */
    readonly events: MatchEvent[] = [];
    /** Events received and not yet taken by {@link takeEvents}. */
    private readonly waiting: MatchEvent[] = [];
    private readonly taken: MatchEvent[] = [];
    tick = 0;
    /** Counts jumps: after a seek or a change of view nothing of before may be shown. */
    epoch = 0;
    /** Counts frames, so that what is computed from them can be kept until the next. */
    frame = 0;
    mind: Mind | null = null;
    curves: Curves = { gold: [], xp: [] };
    end: Record<string, unknown> | null = null;
    /** In a replay: the turning points of the whole match; null in a live one. */
    chronicle: readonly MatchEvent[] | null = null;
    readonly view: View;

    /** @param before The same match as it was known until now: what does not depend on the view is kept. */
    constructor(hello: Hello, before: Match | null = null) {
        this.hello = hello;
        this.view = hello.view;
        this.playout = new Playout(hello.tickRate);
        if (before && before.hello.match === hello.match) {
            this.events = before.events;
            this.curves = before.curves;
            this.chronicle = before.chronicle;
            this.mind = before.mind;
            this.playout.speed = before.playout.speed;
        }
        for (const [name, fields] of hello.schema) this.tables.set(name, new Table(name, fields));
    }

    static readHello(sent: unknown): Hello {
        if (typeof sent !== "object" || sent === null) throw new ProtocolError("hello: not a map");
        const hello = sent as Record<string, unknown>;
        const schema = readSchema(hello.schema);
        if (!schema.has("units")) throw new ProtocolError("hello: schema without a table of units");
        const stage = String(hello.stage ?? "playing") as Hello["stage"];
        const seats = Array.isArray(hello.seats) ? (hello.seats as Partial<Seat>[]) : [];
        return {
            protocol: Number(hello.protocol ?? 1),
            match: String(hello.match ?? ""),
            mode: String(hello.mode ?? "5v5"),
            rules: String(hello.rules ?? ""),
            stage,
            tickRate: Number(hello.tickRate ?? second),
            decisionTicks: Number(hello.decisionTicks ?? 2),
            view: readView(hello.view),
            seat: (hello.seat as Hello["seat"]) ?? null,
            host: hello.host === true,
            seats: seats.map((seat, at) => ({
                unit: Number(seat.unit ?? at),
                team: Number(seat.team ?? (at < 5 ? 0 : 1)),
                slot: Number(seat.slot ?? at % 5),
                hero: Number(seat.hero ?? -1),
                player: String(seat.player ?? ""),
                bot: seat.bot === true,
            })),
            schema,
            replay: (hello.replay as Hello["replay"]) ?? null,
            late: Number(hello.late ?? 0),
        };
    }

    table(name: string): Table | undefined {
        return this.tables.get(name);
    }

    /** A number of the table `match`. */
    fact(field: string, otherwise = 0): number {
        return this.tables.get("match")?.number(0, field, otherwise) ?? otherwise;
    }

    hero(unit: number, field: string, otherwise = 0): number {
        return this.tables.get("heroes")?.number(unit, field, otherwise) ?? otherwise;
    }

    heroList(unit: number, field: string): readonly Value[] {
        return this.tables.get("heroes")?.list(unit, field) ?? [];
    }

    /** Takes over `["full" or "delta", tick, tables]`, received at `now` (seconds). */
    apply(full: boolean, tick: number, sent: unknown, now: number): void {
        if (!Number.isFinite(tick)) throw new ProtocolError("frame without a tick");
        if (!Array.isArray(sent)) throw new ProtocolError("frame without tables");
        const before = this.tick;
        const jumped =
            full && (this.frame === 0 || tick < before || tick > before + 2 * this.hello.tickRate * Math.max(1, this.playout.speed));
        for (const table of sent) {
            if (!Array.isArray(table)) throw new ProtocolError("a table is not a list");
            const name = String(table[0]);
            // Tables that this client does not know are left out, so that a newer server may add some.
            this.tables.get(name)?.apply(table[1], table[2], full);
        }
        if (full) {
            const listed = new Set(sent.map((table: unknown[]) => String(table[0])));
            for (const [name, table] of this.tables) if (!listed.has(name)) table.rows.clear();
        }
        if (jumped) {
            this.epoch++;
            for (const unit of this.units.values()) forget(unit);
            for (const thing of this.projectiles.values()) forget(thing);
            for (const thing of this.zones.values()) forget(thing);
            this.waiting.length = 0;
            this.end = null;
        }
        this.tick = tick;
        this.frame++;
        this.takeUnits(tick);
        this.takeThings("projectiles", this.projectiles, tick);
        this.takeThings("zones", this.zones, tick);
        this.playout.received(tick, now, jumped);
    }

    applyEvents(tick: number, sent: unknown): void {
        if (!Array.isArray(sent)) throw new ProtocolError("events are not a list");
        for (const item of sent) {
            if (typeof item !== "object" || item === null) throw new ProtocolError("an event is not a map");
            const event = { ...(item as object), tick } as MatchEvent;
            this.waiting.push(event);
            if (this.waiting.length > eventsKept) this.waiting.shift();
            if (remembered.has(event.kind)) this.events.push(event);
            if (event.kind === "seat") this.changeSeat(event);
        }
        if (this.events.length > eventsKept) this.events.splice(0, this.events.length - eventsKept);
    }

    applyChronicle(sent: unknown): void {
        if (!Array.isArray(sent)) throw new ProtocolError("chronicle: not a list");
        this.chronicle = sent.map(item => ({ ...(item as object), tick: Number((item as { tick?: unknown })?.tick ?? 0) }) as MatchEvent);
    }

    /** What was heard of so far: in a replay from its chronicle, so that leaps repeat nothing. */
    get heard(): readonly MatchEvent[] {
        return this.chronicle ?? this.events;
    }

    /** Events up to a tick that were not taken before, oldest first. The list is used again by the next call. */
    takeEvents(upTo: number): readonly MatchEvent[] {
        this.taken.length = 0;
        if (this.waiting.length === 0) return this.taken;
        let left = 0;
        for (const event of this.waiting) {
            if (event.tick <= upTo) this.taken.push(event);
            else this.waiting[left++] = event;
        }
        this.waiting.length = left;
        return this.taken;
    }

    applyCurves(sent: unknown): void {
        if (typeof sent !== "object" || sent === null) throw new ProtocolError("curves: not a map");
        const { from, gold, xp } = sent as { from?: unknown; gold?: unknown; xp?: unknown };
        const at = Number(from ?? 0);
        this.curves = { gold: [...this.curves.gold.slice(0, at), ...numbers(gold)], xp: [...this.curves.xp.slice(0, at), ...numbers(xp)] };
    }

    /** The seat that plays a unit, if any. */
    seatOf(unit: number): Seat | undefined {
        return this.hello.seats.find(seat => seat.unit === unit);
    }

    private changeSeat(event: MatchEvent): void {
        const seat = this.hello.seats.find(other => other.team === event.team && other.slot === event.slot);
        if (!seat) return;
        if (typeof event.player === "string") seat.player = event.player;
        if (typeof event.bot === "boolean") seat.bot = event.bot;
    }

    private takeUnits(tick: number): void {
        const table = this.tables.get("units")!;
        const places = unitFields.map(field => table.place(field));
        for (const unit of this.units.values()) {
            if (table.rows.has(unit.id)) continue;
            if (unit.present) {
                unit.present = false;
                unit.leftAt = tick;
            } else if (tick - unit.leftAt > forgottenAfter || tick < unit.leftAt) this.units.delete(unit.id);
        }
        for (const [id, row] of table.rows) {
            let unit = this.units.get(id);
            if (!unit) {
                unit = new Unit(id);
                this.units.set(id, unit);
            }
            const kind = numberAt(row, places[0]!, unit.kind);
            const type = numberAt(row, places[1]!, unit.type);
            if (!unit.present || kind !== unit.kind || (type !== unit.type && kind !== UnitKind.hero)) {
                unit.motion.reset();
                unit.present = true;
                unit.visits++;
            }
            unit.kind = kind;
            unit.type = type;
            unit.team = numberAt(row, places[2]!, unit.team);
            unit.motion.add(tick, numberAt(row, places[3]!, 0), numberAt(row, places[4]!, 0));
            unit.hp = numberAt(row, places[5]!, 0);
            unit.maxHp = Math.max(1, numberAt(row, places[6]!, 1));
            unit.state = numberAt(row, places[7]!, 0);
            unit.shield = numberAt(row, places[8]!, 0);
            unit.target = numberAt(row, places[9]!, -1);
            unit.windUp = numberAt(row, places[10]!, 0);
        }
    }

    private takeThings(name: "projectiles" | "zones", known: Map<number, Thing>, tick: number): void {
        const table = this.tables.get(name);
        if (!table) return;
        for (const thing of known.values()) {
            if (table.rows.has(thing.id)) continue;
            if (thing.present) {
                thing.present = false;
                thing.leftAt = tick;
            } else if (tick - thing.leftAt > forgottenAfter || tick < thing.leftAt) known.delete(thing.id);
        }
        const places = thingFields.map(field => table.place(field));
        for (const [id, row] of table.rows) {
            let thing = known.get(id);
            if (!thing) {
                thing = new Thing(id);
                known.set(id, thing);
            }
            const owner = numberAt(row, places[0]!, -1);
            const ability = numberAt(row, places[1]!, 0);
            const starts = numberAt(row, places[9]!, 0);
            if (!thing.present || owner !== thing.owner || ability !== thing.ability || starts !== thing.starts) {
                thing.motion.reset();
                thing.present = true;
            }
            thing.owner = owner;
            thing.ability = ability;
            thing.team = numberAt(row, places[2]!, -1);
            thing.motion.add(tick, numberAt(row, places[3]!, 0), numberAt(row, places[4]!, 0));
            thing.vx = numberAt(row, places[5]!, 0);
            thing.vy = numberAt(row, places[6]!, 0);
            thing.target = numberAt(row, places[7]!, -1);
            thing.radius = numberAt(row, places[8]!, 0);
            thing.starts = starts;
            thing.ends = numberAt(row, places[10]!, 0);
        }
    }
}

const unitFields = ["kind", "type", "team", "x", "y", "hp", "maxHp", "state", "shield", "target", "windUp"];
const thingFields = ["owner", "ability", "team", "x", "y", "vx", "vy", "target", "radius", "starts", "ends"];
const remembered = new Set(["kill", "structure", "epic", "firstBlood", "seat", "ping"]);

function forget(thing: Unit | Thing): void {
    thing.present = false;
    thing.leftAt = 0;
    thing.motion.reset();
}

function numberAt(row: readonly Value[], place: number, otherwise: number): number {
    const value = place < 0 ? undefined : row[place];
    return typeof value === "number" ? value : otherwise;
}

function numbers(list: unknown): number[] {
    return Array.isArray(list) || ArrayBuffer.isView(list) ? Array.from(list as ArrayLike<number>, Number) : [];
}

/** A view as a frame or an address names it. */
export function readView(sent: unknown): View {
    if (sent === 0 || sent === "0" || sent === "home") return 0;
    if (sent === 1 || sent === "1" || sent === "away") return 1;
    return "all";
}
