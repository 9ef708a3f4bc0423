import type { Schema } from "./schema";

/** Which side's sight is shown. */
export type View = "all" | 0 | 1;

export interface Seat {
    unit: number;
    team: number;
    slot: number;
    /** Index in the content's heroes, -1 where nobody plays. */
    hero: number;
    player: string;
    bot: boolean;
}

export interface Hello {
    protocol: number;
    match: string;
    mode: string;
    rules: string;
    stage: "lobby" | "draft" | "playing" | "over";
    tickRate: number;
    decisionTicks: number;
    view: View;
    seat: { team: number; slot: number; unit: number } | null;
    seats: Seat[];
    schema: Schema;
    replay: { ticks: number } | null;
    /** Ticks by which spectators see a match with people late. */
    late: number;
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
