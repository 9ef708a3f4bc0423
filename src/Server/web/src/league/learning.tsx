import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { ProgressLine } from "../api/types";
import { Chart, type Series } from "../ui/chart";
import { short, title } from "../ui/format";
import { Segments } from "../ui/segments";
import { smooth, timeUnit } from "./progress";

const colours = ["series-1", "series-2", "series-3", "series-4", "series-5", "series-6", "series-7", "series-8"];

type XAxis = "time" | "steps";

interface Measure {
    key: "policyLoss" | "valueLoss" | "entropy" | "kl" | "clipFraction" | "gradientNorm";
    name: string;
    says: string;
}

const measures: Measure[] = [
    { key: "policyLoss", name: "Policy loss", says: "The clipped surrogate; hovers around zero" },
    { key: "valueLoss", name: "Value loss", says: "Squared error of the value heads" },
    { key: "entropy", name: "Entropy", says: "How undecided the policy is, in nats" },
    { key: "kl", name: "KL", says: "How far one update moves the policy" },
    { key: "clipFraction", name: "Clipped", says: "Share of steps that the clip holds back" },
    { key: "gradientNorm", name: "Gradient norm", says: "Before it is clipped" },
];

function byName(lines: ProgressLine[], pick: (line: ProgressLine) => Record<string, number | null>, width: number): Series[] {
    const names = Object.keys(lines.length > 0 ? pick(lines.at(-1)!) : {});
    return names.map((name, i) => ({
        name: title(name),
        colour: colours[i % colours.length]!,
        values: smooth(
            lines.map(line => pick(line)[name] ?? null),
            width,
        ),
    }));
}

/** Throughput and what the learner says of itself, as it goes. */
export function LearningCards({ lines }: { lines: ProgressLine[] }): JSX.Element {
    const [axis, setAxis] = useState<XAxis>("time");
    const width = Math.max(1, Math.round(lines.length / 120));
    const unit = timeUnit(lines);
    const x = useMemo(() => lines.map(line => (axis === "time" ? line.seconds / unit.seconds : line.trainedSteps)), [lines, axis]);
    const shared = {
        x,
        xName: axis === "time" ? unit.name : "steps",
        formatX: axis === "time" ? unit.format : short,
        sync: "learning",
    };
    const throughput = useMemo(
        (): Series[] => [
            {
                name: "simulated",
                colour: "series-5",
                values: smooth(
                    lines.map(l => l.simulatedPerSecond || null),
                    width,
                ),
            },
            {
                name: "trained",
                colour: "series-1",
                values: smooth(
                    lines.map(l => l.heroStepsPerSecond || null),
                    width,
                ),
            },
        ],
        [lines, width],
    );
    const explained = useMemo(() => byName(lines, line => line.explainedVariance, width), [lines, width]);
    const losses = useMemo(
        () =>
            measures.map(measure => ({
                ...measure,
                series: [
                    {
                        name: measure.name,
                        colour: "series-1",
                        values: smooth(
                            lines.map(line => line[measure.key]),
                            width,
                        ),
                    },
                ] satisfies Series[],
            })),
        [lines, width],
    );
    return (
        <>
            <section class="card throughput">
                <header>
                    <h2>Throughput</h2>
                    <Segments
                        label="Charts over"
                        value={axis}
                        choices={[
                            ["time", "Time"],
                            ["steps", "Steps"],
                        ]}
                        onChoose={setAxis}
                    />
                </header>
                <div class="body">
                    <Chart {...shared} label="Hero steps a second" series={throughput} height={200} formatY={short} fromZero />
                    <p class="muted">Hero decisions a second; trained counts those that an update used.</p>
                </div>
            </section>
            <section class="card explained">
                <header>
                    <h2>What the value heads explain</h2>
                    <span class="muted">1 is all of the variance</span>
                </header>
                <div class="body">
                    <Chart
                        {...shared}
                        label="Explained variance by value head"
                        series={explained}
                        height={200}
                        formatY={v => v.toFixed(2)}
                    />
                </div>
            </section>
            <section class="card losses">
                <header>
                    <h2>Losses</h2>
                    <span class="muted">{width > 1 ? `smoothed over ${width} updates` : ""}</span>
                </header>
                <div class="body small-charts">
                    {losses.map(({ key, name, says, series }) => (
                        <div key={key} title={says}>
                            <Chart {...shared} label={`${name}: ${says}`} series={series} height={130} formatY={short} />
                        </div>
                    ))}
                </div>
            </section>
        </>
    );
}
