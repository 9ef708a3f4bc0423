import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Chart } from "../../ui/chart";
import { clock, short } from "../../ui/format";
import { usePulse } from "./pulse";
import type { Session } from "./session";

const pointsAtMost = 600;

function lead(value: number): string {
    return value === 0 ? "0" : `${value > 0 ? "+" : "−"}${short(Math.abs(value))}`;
}

/** Who leads in gold and experience, second by second; above zero it is home. */
export function Graphs({ session }: { session: Session }): JSX.Element {
    usePulse(session);
    const curves = session.match?.curves;
    const length = curves?.gold.length ?? 0;
    const thinned = useMemo(() => {
        const every = Math.max(1, Math.ceil(length / pointsAtMost));
        const pick = (list: readonly number[]) => list.filter((_, at) => at % every === 0);
        const gold = pick(curves?.gold ?? []);
        return {
            x: gold.map((_, at) => at * every),
            series: [
                { name: "Gold, lead of home", colour: "warn", values: gold },
                { name: "Experience, lead of home", colour: "series-3", values: pick(curves?.xp ?? []) },
            ],
        };
    }, [curves, length]);
    return (
        <section class="m-graphs m-panel" aria-label="Gold and experience">
            {length < 2 ? (
                <p class="muted">Nothing to draw yet: these curves are told to those who may see both sides.</p>
            ) : (
                <Chart
                    label="Lead of home in gold and experience by time"
                    x={thinned.x}
                    series={thinned.series}
                    height={150}
                    xName="at"
                    formatX={clock}
                    formatY={lead}
                    fromZero
                />
            )}
        </section>
    );
}
