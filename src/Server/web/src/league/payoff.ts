import type { League } from "../api/types";

export interface Cell {
    wins: number;
    draws: number;
    games: number;
    /** Share of points of the row's player, draws counting half; null without games. */
    share: number | null;
}

export interface Matrix {
    /** Best first. */
    players: string[];
    cells: Cell[][];
}

/** The payoff matrix with its players by rating, best first, and at most `most` of them: those with the best ratings. */
export function matrix(league: Pick<League, "payoff" | "ratings">, most: number): Matrix {
    const elo = new Map(league.ratings.map(rating => [rating.player, rating.elo]));
    const { players, wins, draws, games } = league.payoff;
    const order = players
        .map((player, i) => ({ player, i, elo: elo.get(player) ?? Number.NEGATIVE_INFINITY }))
        .sort((a, b) => b.elo - a.elo || a.i - b.i)
        .slice(0, most);
    return {
        players: order.map(o => o.player),
        cells: order.map(({ i }) =>
            order.map(({ i: j }) => {
                const played = games[i]?.[j] ?? 0;
                const won = wins[i]?.[j] ?? 0;
                const drawn = draws[i]?.[j] ?? 0;
                return { wins: won, draws: drawn, games: played, share: played > 0 ? (won + drawn / 2) / played : null };
            }),
        ),
    };
}
