import type { Seat } from "../api/types";
import type { Frame } from "../wire/connection";
import type { Hello, Stage } from "../wire/frames";

/** A seat before the match, which has no unit yet. */
export type LobbySeat = Omit<Seat, "unit">;

export interface LobbyFrame {
    mode: string;
    rules: string;
    draft: string;
    bans: number;
    seats: LobbySeat[];
    spectators: number;
    /** Who starts the match. */
    host?: { team: number; slot: number } | null;
}

export interface DraftFrame {
    team: number;
    slot: number;
    ban: boolean;
    seconds: number;
    /** Heroes by place in the content, for each team. */
    picks: [number[], number[]];
    bans: [number[], number[]];
    legal: number[];
}

export interface ScoreRow {
    unit: number;
    team: number;
    slot: number;
    /** Place in the content's heroes. */
    hero: number;
    player: string;
    bot: boolean;
    level: number;
    kills: number;
    deaths: number;
    assists: number;
    creepScore: number;
    gold: number;
    items: number[];
    damageToHeroes: number;
    damageToStructures: number;
    damageTaken: number;
    healing: number;
    wards: number;
}

export interface RatingChange {
    name?: string | null;
    team?: number;
    slot?: number;
    before: number;
    after: number;
    /** Half-widths of the 95 % intervals. */
    errorBefore?: number;
    errorAfter?: number;
}

/** Somebody whom a match says nothing of. */
export interface Unrated {
    name: string;
    team: number;
    slot: number;
    /** Why not: a sentence without its full stop. */
    reason: string;
}

export interface EndFrame {
    winner: number;
    reason: string;
    ticks: number;
    scoreboard: ScoreRow[];
    replay: string | null;
    /** Of people who were rated. */
    ratings?: RatingChange[];
    /** Of people who were not. */
    unrated?: Unrated[];
}

/** What the room knows of its match, told by frames. */
export interface RoomState {
    hello: Hello | null;
    lobby: LobbyFrame | null;
    draft: DraftFrame | null;
    end: EndFrame | null;
    error: string;
}

export const emptyRoom: RoomState = { hello: null, lobby: null, draft: null, end: null, error: "" };

/** The room after a frame; the same object when the frame is none of its own. */
export function advance(room: RoomState, frame: Frame): RoomState {
    const [name, said] = frame;
    switch (name) {
        case "hello":
            return { ...room, hello: said as Hello, error: "" };
        case "lobby":
            return { ...room, lobby: said as LobbyFrame };
        case "draft":
            return { ...room, draft: said as DraftFrame };
        case "end":
            return { ...room, end: said as EndFrame };
        case "error":
            return { ...room, error: String(said) };
        default:
            return room;
    }
}

/** What to show. A draft or a match may begin before a new `hello` says so. */
export function stageOf(room: RoomState): Stage | null {
    if (room.end) return "over";
    if (!room.hello) return null;
    if (room.hello.stage === "lobby" && room.draft) return "draft";
    return room.hello.stage;
}
