import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { League } from "../api/types";
import { type Node, layOut } from "./family";
import { parsePlayer, playerName } from "./players";

const step = 50;
const lane = 58;
const left = 104;
const top = 34;
const colours = ["series-1", "series-3", "series-4", "series-6", "series-7", "series-5"];

function told(node: Node, parent: string | null): string {
    const rating = node.rating?.games
        ? `Elo ${node.rating.elo.toFixed(0)} ± ${node.rating.eloError.toFixed(0)} from ${Math.round(node.rating.games)} games`
        : "not rated yet";
    return `${playerName(node.player)}: ${rating}${parent ? `, from ${playerName(parent)}` : ""}`;
}

/** Which version came from which, a row for each lineage. */
export function FamilyCard({ league }: { league: League | null }): JSX.Element {
    const tree = useMemo(() => (league ? layOut(league.family, league.ratings) : null), [league]);
    const [chosen, setChosen] = useState<string | null>(null);
    const parents = useMemo(() => new Map(league?.family.map(member => [member.player, member.parent])), [league]);
    const place = useRef<HTMLDivElement>(null);
    // The newest members are what one looks for first.
    useEffect(() => {
        if (place.current) place.current.scrollLeft = place.current.scrollWidth;
    }, [tree?.columns]);
    const x = (node: Node) => left + node.column * step;
    const y = (node: Node) => top + node.row * lane;
    const best = Math.max(...(tree?.nodes.map(node => node.rating?.elo ?? 0) ?? [0]));
    const node = tree?.nodes.find(n => n.player === chosen) ?? tree?.nodes.at(-1);
    return (
        <section class="card family">
            <header>
                <h2>Family tree</h2>
                <span class="muted">
                    {tree
                        ? `${tree.nodes.length} ${tree.nodes.length === 1 ? "member" : "members"} in ${tree.lines.length} ${tree.lines.length === 1 ? "lineage" : "lineages"}`
                        : ""}
                </span>
            </header>
            <div class="body">
                {!tree || tree.nodes.length === 0 ? (
                    <div class="empty">
                        <h3>Nobody yet</h3>
                        <p>The first snapshot of the learning policy becomes the first member.</p>
                    </div>
                ) : (
                    <>
                        <div class="family-scroll" ref={place}>
                            <svg
                                width={left + tree.columns * step}
                                height={top + tree.lines.length * lane - 8}
                                role="group"
                                aria-label="Family tree"
                            >
                                {tree.lines.map((line, row) => (
                                    <text
                                        key={line}
                                        class="line-name"
                                        x={4}
                                        y={top + row * lane + 4}
                                        style={{ fill: `var(--${colours[row % colours.length]})` }}
                                    >
                                        {line}
                                    </text>
                                ))}
                                {tree.edges.map(([from, to]) => {
                                    const [a, b] = [tree.nodes[from]!, tree.nodes[to]!];
                                    const middle = (x(a) + x(b)) / 2;
                                    return (
                                        <path
                                            key={`${from}-${to}`}
                                            class={chosen === b.player ? "edge on" : "edge"}
                                            d={`M${x(a)} ${y(a)}C${middle} ${y(a)} ${middle} ${y(b)} ${x(b)} ${y(b)}`}
                                        />
                                    );
                                })}
                                {tree.nodes.map(member => {
                                    const player = parsePlayer(member.player);
                                    return (
                                        <g
                                            key={member.player}
                                            class={member.player === node?.player ? "member on" : "member"}
                                            tabIndex={0}
                                            role="button"
                                            aria-label={told(member, parents.get(member.player) ?? null)}
                                            onFocus={() => setChosen(member.player)}
                                            onMouseEnter={() => setChosen(member.player)}
                                        >
                                            <circle
                                                cx={x(member)}
                                                cy={y(member)}
                                                r={member.rating?.elo === best ? 13 : 11}
                                                fill={`var(--${colours[member.row % colours.length]})`}
                                                fill-opacity={player.kind === "latest" ? 0.15 : 0.9}
                                                stroke={`var(--${colours[member.row % colours.length]})`}
                                            />
                                            <text class={player.kind === "latest" ? "open" : ""} x={x(member)} y={y(member) + 4}>
                                                {player.version ?? "now"}
                                            </text>
                                            <text class="elo" x={x(member)} y={y(member) + 28}>
                                                {member.rating?.games ? member.rating.elo.toFixed(0) : ""}
                                            </text>
                                        </g>
                                    );
                                })}
                            </svg>
                        </div>
                        <p class="told" aria-live="polite">
                            {node ? told(node, parents.get(node.player) ?? null) : ""}
                        </p>
                    </>
                )}
            </div>
        </section>
    );
}
