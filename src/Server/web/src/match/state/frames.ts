import type * as wire from "../../wire/frames";
import type { HelloSeat } from "../../wire/frames";
import type { Schema } from "./schema";

export type { View } from "../../wire/frames";

/** A seat with its player's name; empty for nobody. */
export interface Seat extends HelloSeat {
    player: string;
}

/** A match's first frame as it is read. */
export interface Hello extends wire.Hello {
    seats: Seat[];
    schema: Schema;
}

/** Something that happened; which members it has depends on its kind. */
export interface MatchEvent {
    kind: string;
    tick: number;
    killer?: number;
    victim?: number;
    assists?: number[];
    unit?: number;
    target?: number;
    team?: number;
    ability?: number;
    amount?: number;
    type?: number | string;
    level?: number;
    x?: number;
    y?: number;
    [other: string]: unknown;
}

/** Lead of team 0 in gold and experience by second. */
export interface Curves {
    gold: number[];
    xp: number[];
}
