import type { Seat } from "../api/types";
import { playerName } from "../league/players";

/** Who sits in a seat, in a word or two. */
export function seatName(seat: Seat): string {
    if (seat.kind === "open") return "free seat";
    if (seat.kind === "person") return seat.name || "anonymous";
    if (seat.player) return playerName(seat.player);
    return seat.difficulty ? `${seat.difficulty} bot` : "bot";
}

/** Both sides in a few words: names that occur several times are counted. */
export function sides(seats: Seat[]): [string, string] {
    const of = (team: number) => {
        const counts = new Map<string, number>();
        for (const seat of seats) {
            if (seat.team !== team) continue;
            const name = seatName(seat);
            counts.set(name, (counts.get(name) ?? 0) + 1);
        }
        return [...counts].map(([name, count]) => (count > 1 ? `${count} × ${name}` : name)).join(", ") || "nobody";
    };
    return [of(0), of(1)];
}
