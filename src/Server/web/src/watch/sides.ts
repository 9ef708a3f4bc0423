import type { Seat } from "../api/types";
import { playerName } from "../league/players";

/** Who sits in a seat, in a word or two. */
export function seatName(seat: Seat): string {
    if (seat.kind === "open") return "free seat";
    if (seat.kind === "person") return seat.name || "anonymous";
    if (seat.player) return playerName(seat.player);
    return seat.difficulty ? `${seat.difficulty} bot` : "bot";
}

/** Names, each with how often it occurs where that is more than once. */
function counted(names: string[]): string {
    const counts = new Map<string, number>();
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    return [...counts].map(([name, count]) => (count > 1 ? `${count} × ${name}` : name)).join(", ") || "nobody";
}

/** Both sides of a match in a few words. */
export function sides(seats: Seat[]): [string, string] {
    const of = (team: number) => counted(seats.filter(seat => seat.team === team).map(seatName));
    return [of(0), of(1)];
}

/** A side of a replay, whose players are told hero by hero, team by team. */
export function sideName(players: string[], team: 0 | 1): string {
    const half = Math.ceil(players.length / 2);
    return counted((team === 0 ? players.slice(0, half) : players.slice(half)).map(playerName));
}
