// What the server's REST interface says: ../../../PROTOCOL.md in types.

import type { Stage } from "../wire/frames";

export type Team = 0 | 1;

export interface About {
    product: string;
    version: string;
    protocol: number;
    run: string | null;
    may: { control: boolean; play: boolean };
}

export interface SkillInfo {
    name: string;
    aim: "none" | "target" | "direction" | "point";
    /** Whom a target may be. */
    side?: "enemies" | "allies" | "self" | undefined;
    range: number;
    radius?: number;
    cooldown: number[];
    cost: number[];
    text: string;
}

export interface HeroInfo {
    name: string;
    role: string;
    attributes: Record<string, number>;
    /** Items in the order in which they are recommended. */
    build?: string[];
    spells?: string[];
    passive: { name: string; text: string };
    skills: SkillInfo[];
}

export interface ItemInfo {
    name: string;
    price: number;
    from?: string[];
    stats: Record<string, number>;
    text: string;
    active?: SkillInfo | null;
}

export interface SpellInfo {
    name: string;
    aim: SkillInfo["aim"];
    side?: SkillInfo["side"];
    range: number;
    radius?: number;
    cooldown: number | number[];
    text: string;
}

export interface ModeInfo {
    name: string;
    heroes: number;
    map: string;
    text?: string;
}

export interface RulesInfo {
    name: string;
    timeLimit: number;
    text?: string;
}

export interface DifficultyInfo {
    name: string;
    /** Who decides. */
    player: string;
    /** Between seeing and doing. */
    reactionMs: number;
    text: string;
    /** The player's in the league, where one was found for the level. */
    elo?: number | null;
}

/** Levels of bots in matches of a mode and rule set. */
export interface Levels {
    /** The only heroes that the league's policies know; empty: all. */
    heroes: string[];
    levels: (DifficultyInfo & { elo: number | null })[];
}

export interface Content {
    heroes: HeroInfo[];
    items: ItemInfo[];
    spells: SpellInfo[];
    modes: ModeInfo[];
    rules: RulesInfo[];
    difficulties: DifficultyInfo[];
}

export interface MapInfo {
    width: number;
    height: number;
    cells: string;
    lanes: { x: number; y: number }[][];
    structures: { unit: number; team: number; kind: string; x: number; y: number }[];
    camps: { x: number; y: number; kind?: string; epic?: boolean }[];
    fountains: { team: number; x: number; y: number; radius?: number }[];
}

export interface RunInfo {
    name: string;
    environment: string | null;
    mode: string | null;
    rules: string | null;
    network: string | null;
    state: "running" | "paused" | "stopped";
    trainedSteps: number;
    seconds: number;
    /** Frozen versions on disk. */
    members: number;
    /** When it was last active. */
    changed: string;
    /** Why it cannot be read; null normally. */
    problem: string | null;
}

export interface Rating {
    player: string;
    elo: number;
    eloError: number;
    games: number;
}

export interface Member {
    player: string;
    parent: string | null;
    role?: string;
    trainedSteps?: number | null;
}

export interface League {
    run: string;
    state: "running" | "paused" | "stopped";
    trainedSteps: number;
    ratings: Rating[];
    payoff: { players: string[]; wins: number[][]; draws: number[][]; games: number[][] };
    family: Member[];
}

/** One line of the run's progress file. A number that JSON lacks (NaN) is null. */
export interface ProgressLine {
    seconds: number;
    trainedSteps: number;
    updates: number;
    heroStepsPerSecond: number | null;
    simulatedPerSecond: number | null;
    matchesFinished: number;
    policyLoss: number | null;
    valueLoss: number | null;
    entropy: number | null;
    kl: number | null;
    clipFraction: number | null;
    gradientNorm: number | null;
    stalenessMean: number | null;
    workingSetBytes: number;
    explainedVariance: Record<string, number | null>;
    rewardByTerm: Record<string, number | null>;
    ratings: Rating[];
    eloCurve?: number[];
}

export interface Seat {
    team: Team;
    slot: number;
    unit: number;
    /** `open` is for a person who has not come yet. */
    kind: "person" | "bot" | "open";
    name: string | null;
    hero: string | null;
    difficulty: string | null;
    player: string | null;
    connected: boolean;
    /** Who decides for a bot, and its rating where the difficulty found it in a league. */
    plays?: string | null;
    elo?: number | null;
}

export interface LiveMatch {
    id: string;
    stage: Stage;
    mode: string;
    rules: string;
    draft: string;
    bans: number;
    tick: number;
    /** Kills of the teams. */
    score: [number, number];
    seats: Seat[];
    freeSeats: number;
    spectators: number;
    spectatorsSee: "late" | "none" | "live";
    replay: string | null;
}

export interface SeatRequest {
    team: Team;
    slot: number;
    kind: "person" | "bot";
    hero?: string;
    difficulty?: string;
    player?: string;
}

export interface OpenMatch {
    mode: string;
    rules: string;
    /** `none`, `standard`, or an order of picks as in `1-2-2-1`. */
    draft: string;
    /** Of each team, with a draft. */
    bans?: number;
    seats: SeatRequest[];
    name?: string;
}

export interface Seated {
    id: string;
    token: string;
    seat: { team: Team; slot: number; unit: number } | null;
}

export interface Replay {
    id: string;
    /** The run whose match it was; null for one that people played. */
    run: string | null;
    game: string;
    mode: string | null;
    rules: string | null;
    /** Who played each hero, team by team. */
    players: string[];
    /** Heroes by team; empty where they cannot be told. */
    lineups: string[][];
    ticks: number;
    seconds: number;
    winner: number;
    reason: string | null;
    when: string;
    bytes: number;
    /** Why this program cannot show it; null if it can. */
    obstacle: string | null;
}

export interface Page<T> {
    page: number;
    pages: number;
    total: number;
    items: T[];
}

export interface Person {
    name: string;
    rating: number;
    /** Half the width of the 95 % interval. */
    error: number;
    games: number;
    wins: number;
    last: string;
}

/** An RFC 9457 problem document. */
export interface Problem {
    title: string;
    status: number;
    detail?: string;
}
