import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { League } from "../api/types";
import { percent, whole } from "../ui/format";
import { type Cell, matrix } from "./payoff";
import { playerName } from "./players";

const most = 26;

function tint(cell: Cell): string | undefined {
    if (cell.share === null) return undefined;
    // Few games say little: their colour is fainter.
    const trust = Math.min(1, 0.35 + cell.games / 30);
    const strength = Math.abs(cell.share - 0.5) * 2;
    return `color-mix(in srgb, var(--${cell.share >= 0.5 ? "home" : "away"}) ${Math.round(strength * trust * 82)}%, var(--raised))`;
}

function told(row: string, column: string, cell: Cell): string {
    if (row === column) return playerName(row);
    if (cell.games === 0) return `${playerName(row)} and ${playerName(column)} have not met`;
    // Games of old weigh less than one: what is left of them are no whole numbers.
    const [games, wins, drawn] = [cell.games, cell.wins, cell.draws].map(Math.round) as [number, number, number];
    const share = `${playerName(row)} against ${playerName(column)}: ${percent(cell.share!)} of`;
    if (games === 0) return `${share} a game long ago`;
    const draws = drawn > 0 ? `, ${whole(drawn)} drawn` : "";
    return `${share} ${whole(games)} ${games === 1 ? "game" : "games"} (${whole(wins)} won${draws}, ${whole(Math.max(0, games - wins - drawn))} lost)`;
}

/** Who beats whom: the row's share of points against the column. Arrow keys go from cell to cell. */
export function PayoffCard({ league }: { league: League | null }): JSX.Element {
    const table = useRef<HTMLTableElement>(null);
    const shown = useMemo(() => (league ? matrix(league, most) : null), [league]);
    const [at, setAt] = useState<[number, number]>([0, 1]);
    const size = shown?.players.length ?? 0;
    const [row, column] = [Math.min(at[0], size - 1), Math.min(at[1], size - 1)];
    const onKeyDown = (event: KeyboardEvent) => {
        const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
        if (!step) return;
        event.preventDefault();
        const next: [number, number] = [
            Math.max(0, Math.min(size - 1, row + step[0]!)),
            Math.max(0, Math.min(size - 1, column + step[1]!)),
        ];
        setAt(next);
        table.current?.querySelector<HTMLElement>(`[data-cell="${next.join(",")}"]`)?.focus();
    };
    return (
        <section class="card payoff">
            <header>
                <h2>Who beats whom</h2>
                <span class="scale" aria-hidden="true">
                    loses <i /> wins
                </span>
            </header>
            <div class="body">
                {!shown || size === 0 ? (
                    <div class="empty">
                        <h3>No games yet</h3>
                        <p>Every pair of members that meets gets a field here.</p>
                    </div>
                ) : (
                    <>
                        <div class="payoff-scroll">
                            <table ref={table} class={size > 14 ? "heat dense" : "heat"} onKeyDown={onKeyDown}>
                                <thead>
                                    <tr>
                                        <td />
                                        {shown.players.map((player, j) => (
                                            <th key={player} scope="col" class={j === column ? "on" : ""}>
                                                <span>{playerName(player)}</span>
                                            </th>
                                        ))}
                                    </tr>
                                </thead>
                                <tbody>
                                    {shown.players.map((player, i) => (
                                        <tr key={player}>
                                            <th scope="row" class={i === row ? "on" : ""}>
                                                {playerName(player)}
                                            </th>
                                            {shown.cells[i]!.map((cell, j) => (
                                                <td
                                                    key={shown.players[j]}
                                                    data-cell={`${i},${j}`}
                                                    tabIndex={i === row && j === column ? 0 : -1}
                                                    aria-label={told(player, shown.players[j]!, cell)}
                                                    class={i === j ? "self" : cell.share === null ? "none" : ""}
                                                    style={{ background: tint(cell) }}
                                                    onMouseEnter={() => setAt([i, j])}
                                                    onFocus={() => setAt([i, j])}
                                                >
                                                    {cell.share !== null && size <= 14 ? Math.round(cell.share * 100) : ""}
                                                </td>
                                            ))}
                                        </tr>
                                    ))}
                                </tbody>
                            </table>
                        </div>
                        <p class="told" aria-live="polite">
                            {told(shown.players[row]!, shown.players[column]!, shown.cells[row]![column]!)}
                        </p>
                        {league!.payoff.players.length > size && (
                            <p class="muted">
                                The best {size} of {league!.payoff.players.length} members.
                            </p>
                        )}
                    </>
                )}
            </div>
        </section>
    );
}
