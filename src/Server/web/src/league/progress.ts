import type { ProgressLine, Rating } from "../api/types";

/** Lines kept for the charts; from twice as many on, every second of the older half is left out. */
export const keptLines = 2_000;

/** The lines so far and those that came, in order of updates; a line that is there already is not taken twice, and a run begun anew starts afresh. */
export function append(lines: ProgressLine[], more: ProgressLine[]): ProgressLine[] {
    if (more.length === 0) return lines;
    const last = lines.at(-1)?.updates ?? -1;
    const fresh = more.filter(line => line.updates > last);
    if (fresh.length === 0) return more.at(-1)!.updates < last ? more : lines;
    const all = lines.concat(fresh);
    if (all.length < 2 * keptLines) return all;
    const half = all.length - keptLines / 2;
    return all.filter((_, i) => i >= half || i % 2 === 0);
}

/** Elo of the moving policies over time: for each of them its rating line by line, null where it had none. */
export function latestElo(lines: ProgressLine[]): Map<string, (Rating | null)[]> {
    const series = new Map<string, (Rating | null)[]>();
    for (const [i, line] of lines.entries()) {
        for (const rating of line.ratings) {
            if (!rating.player.endsWith("@latest")) continue;
            let values = series.get(rating.player);
            if (!values) {
                values = new Array<Rating | null>(lines.length).fill(null);
                series.set(rating.player, values);
            }
            values[i] = rating;
        }
    }
    return series;
}

/** Means over windows of about `width` lines, so that noise does not hide the trend; as many values as there are lines. */
export function smooth(values: (number | null)[], width: number): (number | null)[] {
    if (width <= 1) return values;
    const weight = 2 / (width + 1);
    let mean: number | null = null;
    return values.map(value => {
        if (value === null || !Number.isFinite(value)) return mean;
        mean = mean === null ? value : mean + weight * (value - mean);
        return mean;
    });
}

/** The unit in which a run's time is shown: minutes for the first two hours, then hours. */
export function timeUnit(lines: ProgressLine[]): { name: string; seconds: number; format: (value: number) => string } {
    const all = lines.at(-1)?.seconds ?? 0;
    const seconds = all < 7200 ? 60 : 3600;
    const format = (value: number) => (all / seconds < 5 ? value.toFixed(1) : String(Math.round(value * 10) / 10));
    return { name: seconds === 60 ? "minute" : "hour", seconds, format };
}
