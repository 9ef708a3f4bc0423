// What frames say that the lobby and the match both read.

/** How far a match is. */
export type Stage = "lobby" | "draft" | "playing" | "over";

/** Which side's sight is shown. */
export type View = "all" | 0 | 1;

export interface HelloSeat {
    unit: number;
    team: number;
    slot: number;
    /** Place in the content's heroes; -1 before the draft and where nobody plays. */
    hero: number;
    player: string | null;
    bot: boolean;
}

/** The first frame of a connection. */
export interface Hello {
    protocol: number;
    match: string;
    mode: string;
    rules: string;
    stage: Stage;
    tickRate: number;
    decisionTicks: number;
    view: View;
    seat: { team: number; slot: number; unit: number } | null;
    /** Whether it is the host's. */
    host: boolean;
    seats: HelloSeat[];
    replay: { ticks: number } | null;
    /** Ticks by which spectators see a match with people late. */
    late: number;
}
