import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { League, ProgressLine, Rating } from "../api/types";
import { Chart, type Series } from "../ui/chart";
import { Segments } from "../ui/segments";
import { parsePlayer, playerName } from "./players";
import { latestElo, timeUnit } from "./progress";

const colours = ["series-1", "series-3", "series-4", "series-6", "series-7", "series-5"];
const scriptedColours = ["series-2", "series-8", "faint", "muted"];

/** Ratings by version: a series for each lineage over the versions that any has, and a level line for each scripted player. */
export function byVersion(ratings: Rating[]): { x: number[]; series: Series[] } {
    const lines = new Map<string, Map<number, Rating>>();
    const scripted: Rating[] = [];
    const latest: Rating[] = [];
    for (const rating of ratings) {
        const player = parsePlayer(rating.player);
        if (player.kind === "scripted") scripted.push(rating);
        else if (player.version === null) latest.push(rating);
        else {
            const line = lines.get(player.line) ?? new Map<number, Rating>();
            lines.set(player.line, line.set(player.version, rating));
        }
    }
    // The moving policy stands one after its newest frozen version.
    for (const rating of latest) {
        const { line: name } = parsePlayer(rating.player);
        const line = lines.get(name) ?? new Map<number, Rating>();
        lines.set(name, line.set(Math.max(0, ...line.keys()) + 1, rating));
    }
    const x = [...new Set([...lines.values()].flatMap(line => [...line.keys()]))].sort((a, b) => a - b);
    const series: Series[] = [...lines].map(([name, line], i) => ({
        name,
        colour: colours[i % colours.length]!,
        look: "points",
        values: x.map(version => line.get(version)?.elo ?? null),
        errors: x.map(version => line.get(version)?.eloError ?? null),
    }));
    for (const [i, rating] of scripted.sort((a, b) => b.elo - a.elo).entries()) {
        series.push({
            name: playerName(rating.player),
            colour: scriptedColours[i % scriptedColours.length]!,
            look: "dashed",
            values: x.map(() => rating.elo),
            errors: x.map(() => rating.eloError),
        });
    }
    return { x, series };
}

/** The moving policies' ratings over the run's time, each with its band. */
function overTime(lines: ProgressLine[]): { x: number[]; series: Series[] } {
    return {
        x: lines.map(line => line.seconds / timeUnit(lines).seconds),
        series: [...latestElo(lines)].map(([player, values], i) => ({
            name: parsePlayer(player).line,
            colour: colours[i % colours.length]!,
            look: "band",
            values: values.map(rating => (rating && rating.games > 0 ? rating.elo : null)),
            errors: values.map(rating => rating?.eloError ?? null),
        })),
    };
}

export function EloCard({ league, lines }: { league: League | null; lines: ProgressLine[] }): JSX.Element {
    const [view, setView] = useState<"version" | "time">("version");
    const known = league?.ratings.length ? league.ratings : (lines.at(-1)?.ratings ?? []);
    // Where everybody starts says nothing of anybody.
    const ratings = known.filter(rating => rating.games > 0);
    const { x, series } = useMemo(() => (view === "version" ? byVersion(ratings) : overTime(lines)), [view, known, lines]);
    return (
        <section class="card elo">
            <header>
                <h2>Elo</h2>
                <Segments
                    label="Elo over"
                    value={view}
                    choices={[
                        ["version", "By version"],
                        ["time", "Over time"],
                    ]}
                    onChoose={setView}
                />
            </header>
            <div class="body">
                {series.every(one => one.values.every(value => value === null)) ? (
                    <div class="empty">
                        <h3>No ratings yet</h3>
                        <p>They appear once the first matches between league members are finished.</p>
                    </div>
                ) : (
                    <Chart
                        label={
                            view === "version"
                                ? "Elo of each version, with 95 % intervals"
                                : "Elo of the moving policies over time, with 95 % intervals"
                        }
                        x={x}
                        series={series}
                        height={280}
                        counted={view === "version"}
                        xName={view === "version" ? "version" : timeUnit(lines).name}
                        formatX={value => (view === "version" ? String(value) : timeUnit(lines).format(value))}
                        formatY={value => value.toFixed(0)}
                    />
                )}
            </div>
        </section>
    );
}
