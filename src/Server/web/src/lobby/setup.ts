import type { OpenMatch, SeatRequest, Team } from "../api/types";

/** Who plays a bot's seat: a difficulty by name, or a league member. */
export type Bot = { difficulty: string } | { player: string };

export interface SeatPlan {
    team: Team;
    slot: number;
    /** `you` is the person who opens the match; `open` waits for another. */
    kind: "you" | "open" | "bot";
    /** Null lets the server choose. */
    hero: string | null;
    bot: Bot;
}

/** Heroes are chosen beforehand, drafted, or drafted after bans. */
export type Draft = "none" | "pick" | "ban";

/** Heroes that each team bans. */
export const bansOfTeam = 2;

export interface Plan {
    mode: string;
    rules: string;
    draft: Draft;
    seats: SeatPlan[];
}

/** A plan's seats for a mode of `heroes` a side: seats that were there stay as they were, new ones are bots, and you sit somewhere. */
export function seatsFor(heroes: number, bot: Bot, before: SeatPlan[] = []): SeatPlan[] {
    const seats: SeatPlan[] = [];
    for (const team of [0, 1] as const) {
        for (let slot = 0; slot < heroes; slot++) {
            seats.push(before.find(seat => seat.team === team && seat.slot === slot) ?? { team, slot, kind: "bot", hero: null, bot });
        }
    }
    return seats.some(seat => seat.kind === "you") ? seats : sit(seats, before.find(seat => seat.kind === "you")?.team ?? 0, 0);
}

/** You move to a seat; the one you leave is a bot's, or gets who sat there. */
export function sit(seats: SeatPlan[], team: Team, slot: number): SeatPlan[] {
    const target = seats.find(seat => seat.team === team && seat.slot === slot);
    const mine = seats.find(seat => seat.kind === "you");
    if (!target || target === mine) return seats;
    return seats.map(seat => {
        if (seat === target) return { ...seat, kind: "you", hero: mine?.hero ?? seat.hero };
        if (seat === mine) return { ...seat, kind: target.kind, hero: target.hero, bot: target.bot };
        return seat;
    });
}

export function change(seats: SeatPlan[], team: Team, slot: number, what: Partial<SeatPlan>): SeatPlan[] {
    return seats.map(seat => (seat.team === team && seat.slot === slot ? { ...seat, ...what } : seat));
}

/** Every bot plays so; people's seats keep it for when they become bots'. */
export function allBots(seats: SeatPlan[], bot: Bot): SeatPlan[] {
    return seats.map(seat => ({ ...seat, bot }));
}

/**
 * What the server is asked for: your seat, and bots in all others. Seats for other people are opened afterwards (`toOpen`), as whoever opens a match
 * gets its first seat for a person. Heroes are left to the draft where there is one.
 */
export function request(plan: Plan, name: string): OpenMatch {
    const match: OpenMatch = {
        mode: plan.mode,
        rules: plan.rules,
        draft: plan.draft === "none" ? "none" : "standard",
        seats: plan.seats.map(seat => seatRequest(plan, seat, seat.kind === "you" ? "person" : "bot")),
    };
    if (plan.draft === "ban") match.bans = bansOfTeam;
    if (name.trim().length > 0) match.name = name.trim();
    return match;
}

/** Seats that are to wait for other people. */
export function toOpen(plan: Plan): SeatRequest[] {
    return plan.seats.filter(seat => seat.kind === "open").map(seat => seatRequest(plan, seat, "person"));
}

function seatRequest(plan: Plan, seat: SeatPlan, kind: SeatRequest["kind"]): SeatRequest {
    return {
        team: seat.team,
        slot: seat.slot,
        kind,
        ...(seat.hero !== null && plan.draft === "none" ? { hero: seat.hero } : {}),
        // A person's seat keeps its bot too, who plays while the person is away.
        ...seat.bot,
    };
}

/** True when nobody else has to come first. */
export function isComplete(plan: Plan): boolean {
    return plan.seats.every(seat => seat.kind !== "open");
}

/** A bot as the value of a choice, and back. */
export function botValue(bot: Bot): string {
    return "difficulty" in bot ? `d:${bot.difficulty}` : `p:${bot.player}`;
}

export function parseBot(value: string): Bot {
    return value.startsWith("p:") ? { player: value.slice(2) } : { difficulty: value.slice(2) };
}
