import { Motion } from "./motion";

/** Values of a unit's `kind`. */
export const UnitKind = { hero: 0, structure: 1, creep: 2, monster: 3, summon: 4, ward: 5 } as const;

/** Bits of a unit's `state`. */
export const Status = {
    stunned: 1,
    rooted: 2,
    slowed: 4,
    silenced: 8,
    stealthed: 16,
    recalling: 32,
    casting: 64,
    protected: 128,
    inBrush: 256,
    dead: 512,
} as const;

/** A unit as the view knows it. Objects live as long as their index does, so that what draws them can hold on to them. */
export class Unit {
    readonly id: number;
    readonly motion = new Motion();
    kind = 0;
    type = 0;
    team = -1;
    hp = 0;
    maxHp = 1;
    state = 0;
    shield = 0;
    target = -1;
    windUp = 0;
    /** In the last frame; a unit that left is still shown until the picture reaches that frame. */
    present = false;
    leftAt = 0;
    /** Counts how often the unit came into sight. */
    visits = 0;

    constructor(id: number) {
        this.id = id;
    }

    get dead(): boolean {
        return (this.state & Status.dead) !== 0;
    }
}

/** A projectile or a zone: a place that is used again and again by different ones. */
export class Thing {
    readonly id: number;
    readonly motion = new Motion();
    owner = -1;
    ability = 0;
    team = -1;
    vx = 0;
    vy = 0;
    target = -1;
    radius = 0;
    starts = 0;
    ends = 0;
    present = false;
    leftAt = 0;

    constructor(id: number) {
        this.id = id;
    }
}

// The last two places of monsters are those of the epic ones.
const firstEpic = 118;
const afterEpics = 120;

export function isEpic(unit: number): boolean {
    return unit >= firstEpic && unit < afterEpics;
}
