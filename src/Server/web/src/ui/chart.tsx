import "uplot/dist/uPlot.min.css";
import "./chart.css";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { colour, onTheme } from "./theme";

export interface Series {
    name: string;
    /** A colour token's name. */
    colour: string;
    values: (number | null)[];
    /** Half-widths of error bars or of the band, where there are any. */
    errors?: (number | null)[];
    /** Error bars at points, or a band along a line. */
    look?: "line" | "points" | "band" | "dashed";
}

export interface ChartProps {
    label: string;
    x: number[];
    series: Series[];
    height: number;
    xName: string;
    formatX: (value: number) => string;
    formatY: (value: number) => string;
    /** Charts of the same key show their cursors together. */
    sync?: string;
    legend?: boolean;
    /** Keeps zero within the range. */
    fromZero?: boolean;
    /** x counts things: whole numbers on the axis, and room at both ends. */
    counted?: boolean;
}

function extent(series: Series[], start: [number, number]): [number, number] {
    let [low, high] = start;
    for (const { values, errors, look } of series) {
        for (let i = 0; i < values.length; i++) {
            const value = values[i];
            if (value === null || value === undefined || !Number.isFinite(value)) continue;
            const error = look === "dashed" ? 0 : (errors?.[i] ?? 0);
            low = Math.min(low, value - error);
            high = Math.max(high, value + error);
        }
    }
    return [low, high];
}

/** The range of what is drawn. Dashed lines are for reference: one far away from the rest does not squeeze it. */
function range(series: Series[], fromZero: boolean): [number, number] {
    const nothing: [number, number] = fromZero ? [0, 0] : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    let [low, high] = extent(
        series.filter(s => s.look !== "dashed"),
        nothing,
    );
    for (const reference of series.filter(s => s.look === "dashed")) {
        const [a, b] = extent([reference], [low, high]);
        if (low > high || b - a <= 1.6 * (high - low)) [low, high] = [a, b];
    }
    if (low > high) return [0, 1];
    const margin = (high - low || Math.abs(high) || 1) * 0.06;
    return [fromZero && low === 0 ? 0 : low - margin, high + margin];
}

/** Draws what uPlot lacks: a bar or a band of each value's error. */
function drawErrors(plot: uPlot, series: Series[]): void {
    const { ctx } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
    ctx.clip();
    for (const [k, { errors, look, colour: token, values }] of series.entries()) {
        if (!errors || look === "dashed" || plot.series[k + 1]?.show === false) continue;
        const xs = plot.data[0];
        const tint = colour(token);
        if (look === "band") {
            const upper: [number, number][] = [];
            const lower: [number, number][] = [];
            for (let i = 0; i < xs.length; i++) {
                const value = values[i];
                const error = errors[i];
                if (value === null || value === undefined || error === null || error === undefined) continue;
                const x = plot.valToPos(xs[i]!, "x", true);
                upper.push([x, plot.valToPos(value + error, "y", true)]);
                lower.push([x, plot.valToPos(value - error, "y", true)]);
            }
            ctx.globalAlpha = 0.16;
            ctx.fillStyle = tint;
            ctx.beginPath();
            for (const [x, y] of upper.concat(lower.reverse())) ctx.lineTo(x, y);
            ctx.fill();
            continue;
        }
        ctx.globalAlpha = 0.75;
        ctx.strokeStyle = tint;
        ctx.lineWidth = 1.25 * ratio;
        ctx.beginPath();
        for (let i = 0; i < xs.length; i++) {
            const value = values[i];
            const error = errors[i];
            if (value === null || value === undefined || !error) continue;
            const x = plot.valToPos(xs[i]!, "x", true);
            const top = plot.valToPos(value + error, "y", true);
            const bottom = plot.valToPos(value - error, "y", true);
            ctx.moveTo(x, top);
            ctx.lineTo(x, bottom);
            for (const y of [top, bottom]) {
                ctx.moveTo(x - 3 * ratio, y);
                ctx.lineTo(x + 3 * ratio, y);
            }
        }
        ctx.stroke();
    }
    ctx.restore();
}

function options(props: ChartProps, width: number, live: { current: ChartProps }): uPlot.Options {
    const axis = {
        stroke: colour("muted"),
        font: "11px Inter, sans-serif",
        grid: { stroke: colour("line"), width: 1 },
        ticks: { stroke: colour("line"), width: 1, size: 4 },
    };
    return {
        width,
        height: props.height,
        padding: [10, 12, 0, 0],
        legend: { show: false },
        cursor: {
            points: { size: 7 },
            drag: { x: true, y: false },
            ...(props.sync ? { sync: { key: props.sync } } : {}),
        },
        scales: {
            x: {
                time: false,
                ...(props.counted ? { range: (_: uPlot, low: number, high: number): [number, number] => [low - 0.6, high + 0.6] } : {}),
            },
            y: { range: () => range(live.current.series, live.current.fromZero ?? false) },
        },
        axes: [
            {
                ...axis,
                size: 28,
                ...(props.counted ? { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] } : {}),
                values: (_, ticks) => ticks.map(live.current.formatX),
            },
            { ...axis, size: 52, values: (_, ticks) => ticks.map(live.current.formatY) },
        ],
        series: [
            {},
            ...props.series.map(({ name, colour: token, look }): uPlot.Series => ({
                label: name,
                stroke: colour(token),
                width: look === "points" ? 1 : 1.75,
                ...(look === "dashed" ? { dash: [5, 5] } : {}),
                spanGaps: true,
                points: { show: look === "points", size: 6, fill: colour(token) },
            })),
        ],
        hooks: { drawSeries: [], draw: [plot => drawErrors(plot, live.current.series)] },
    };
}

/** Lines over x with a legend that tells the values under the cursor. Drag to zoom in, double-click to see all. */
export function Chart(props: ChartProps): JSX.Element {
    const place = useRef<HTMLDivElement>(null);
    const plot = useRef<uPlot | null>(null);
    const live = useRef(props);
    live.current = props;
    const [index, setIndex] = useState<number | null>(null);
    const [theme, setTheme] = useState(0);
    const shape = props.series.map(s => `${s.name}|${s.colour}|${s.look ?? ""}`).join("\n");

    useEffect(() => onTheme(() => setTheme(n => n + 1)), []);
    useEffect(() => {
        const element = place.current!;
        const made = options(live.current, Math.max(120, element.clientWidth), live);
        made.hooks!.setCursor = [u => setIndex(u.cursor.idx ?? null)];
        const created = new uPlot(made, [live.current.x, ...live.current.series.map(s => s.values)], element);
        plot.current = created;
        const watch = new ResizeObserver(() => created.setSize({ width: Math.max(120, element.clientWidth), height: props.height }));
        watch.observe(element);
        return () => {
            watch.disconnect();
            created.destroy();
            plot.current = null;
        };
    }, [shape, theme, props.height, props.sync]);
    useEffect(() => {
        plot.current?.setData([props.x, ...props.series.map(s => s.values)]);
    }, [props.x, props.series]);

    const at = index === null ? props.x.length - 1 : index;
    return (
        <figure class="chart" aria-label={props.label}>
            {props.legend !== false && (
                <figcaption>
                    <ul class="legend">
                        {props.series.map(({ name, colour: token, values, errors, look }) => (
                            <li key={name}>
                                <i class={look === "dashed" ? "dashed" : ""} style={{ color: `var(--${token})` }} />
                                {name}
                                <b>
                                    {values[at] === null || values[at] === undefined ? "–" : props.formatY(values[at]!)}
                                    {errors?.[at] ? ` ± ${props.formatY(errors[at]!)}` : ""}
                                </b>
                            </li>
                        ))}
                        <li class="where">{props.x[at] === undefined ? "" : `${props.xName} ${props.formatX(props.x[at]!)}`}</li>
                    </ul>
                </figcaption>
            )}
            <div class="plot" ref={place} style={{ minHeight: `${props.height}px` }} />
        </figure>
    );
}
