import "./league.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../api/client";
import { usePoll } from "../api/poll";
import type { ProgressLine, RunInfo } from "../api/types";
import { Failure } from "../ui/failure";
import { bytes, duration, short, whole } from "../ui/format";
import { MatchList } from "../watch/list";
import { RunControls } from "./controls";
import { EloCard } from "./elo";
import { PayoffCard } from "./heatmap";
import { LearningCards } from "./learning";
import { append } from "./progress";
import { RatingsCard } from "./ratings";
import { FamilyCard } from "./tree";

const states = { running: ["good", "running"], paused: ["warn", "paused"], stopped: ["", "not running"] } as const;

/** The run's progress as far as it is known, asked for piece by piece. */
function useProgress(run: string | null): { lines: ProgressLine[]; error: unknown } {
    const [kept, setKept] = useState<{ run: string | null; lines: ProgressLine[] }>({ run: null, lines: [] });
    const lines = kept.run === run ? kept.lines : [];
    const { error } = usePoll(run === null ? null : `progress/${run}`, 2_000, async signal => {
        const more = await api.progress(run!, lines.at(-1)?.updates ?? -1, signal);
        setKept(before => ({ run, lines: append(before.run === run ? before.lines : [], more) }));
    });
    return { lines, error };
}

function Figure({ name, value, unit, title }: { name: string; value: string; unit?: string; title?: string }): JSX.Element {
    return (
        <div class="figure" title={title}>
            <dt>{name}</dt>
            <dd>
                {value}
                {unit && <small> {unit}</small>}
            </dd>
        </div>
    );
}

/** A rate; the first update of a start has none yet. */
function pace(perSecond: number | null): string {
    return perSecond ? short(perSecond) : "–";
}

function Figures({ last }: { last: ProgressLine }): JSX.Element {
    const best = last.ratings.filter(r => r.player.endsWith("@latest")).sort((a, b) => b.elo - a.elo)[0];
    return (
        <dl class="figures">
            {best && (
                <Figure
                    name="Elo of the latest"
                    value={best.games > 0 ? best.elo.toFixed(0) : "–"}
                    unit={best.games > 0 ? `± ${best.eloError.toFixed(0)}` : "no match yet"}
                />
            )}
            <Figure name="Trained" value={short(last.trainedSteps)} unit="hero steps" title={whole(last.trainedSteps)} />
            <Figure name="Learning" value={pace(last.heroStepsPerSecond)} unit="steps/s" />
            <Figure name="Simulating" value={pace(last.simulatedPerSecond)} unit="steps/s" />
            <Figure name="Matches finished" value={whole(last.matchesFinished)} />
            <Figure name="Updates" value={whole(last.updates)} unit={`${(last.stalenessMean ?? 0).toFixed(1)} old on average`} />
            <Figure name="Time" value={duration(last.seconds)} />
            <Figure name="Memory" value={bytes(last.workingSetBytes)} />
        </dl>
    );
}

function NoRuns(): JSX.Element {
    return (
        <div class="card">
            <div class="empty">
                <h2>No league has run here yet</h2>
                <p>Start one in a terminal; this page follows it live.</p>
                <p>
                    <code>./arena league --preset quick-1v1</code>
                </p>
                <p>Meanwhile a match against the scripted bots can be played: choose Play above.</p>
            </div>
        </div>
    );
}

function chooseRun(runs: RunInfo[], served: string | null, chosen: string | null): string | null {
    if (chosen && runs.some(run => run.name === chosen)) return chosen;
    if (served && runs.some(run => run.name === served)) return served;
    return (runs.find(run => run.state === "running") ?? runs[0])?.name ?? null;
}

/** The league at a glance. */
export function LeaguePage(): JSX.Element {
    const [chosen, setChosen] = useState<string | null>(null);
    const about = usePoll("about", 5_000, signal => api.about(signal));
    const runs = usePoll("runs", 5_000, signal => api.runs(signal));
    const run = runs.value && about.value ? chooseRun(runs.value, about.value.run, chosen) : null;
    const league = usePoll(run === null ? null : `league/${run}`, 5_000, signal => api.league(run!, signal));
    const { lines, error } = useProgress(run);
    const info = runs.value?.find(r => r.name === run);
    const state = league.value?.state ?? info?.state;
    const last = lines.at(-1);
    const failure = runs.error ?? about.error ?? league.error ?? error;
    return (
        <main class="page">
            <div class="page-head">
                <h1>League</h1>
                {runs.value && runs.value.length > 0 && (
                    <select class="select" aria-label="Run" value={run ?? ""} onChange={event => setChosen(event.currentTarget.value)}>
                        {runs.value.map(({ name }) => (
                            <option key={name} value={name}>
                                {name}
                            </option>
                        ))}
                    </select>
                )}
                {state && (
                    <span class={`tag ${states[state][0]}`}>
                        <i class={state === "running" ? "dot live" : "dot"} /> {states[state][1]}
                    </span>
                )}
                {info && (
                    <span class="muted">
                        {[
                            info.environment,
                            info.environment === "moba" && info.mode,
                            info.environment === "moba" && `${info.rules} rules`,
                            `${info.network} network`,
                        ]
                            .filter(Boolean)
                            .join(" · ")}
                    </span>
                )}
                <div class="right">
                    {league.value && about.value?.may.control && about.value.run === run && (
                        <RunControls league={league.value} onDone={league.reload} />
                    )}
                </div>
            </div>
            {failure !== null && failure !== undefined && (
                <Failure error={failure} retry={() => [about, runs, league].forEach(p => p.reload())} />
            )}
            {info?.problem && <Failure error={new Error(`The run ${info.name} cannot be read: ${info.problem}`)} />}
            {runs.value === null && !runs.error && <div class="loading" aria-busy="true" />}
            {runs.value?.length === 0 && <NoRuns />}
            {run !== null && (
                <>
                    {last && <Figures last={last} />}
                    <div class="league-grid">
                        <EloCard league={league.value} lines={lines} />
                        <MatchList />
                        <RatingsCard ratings={league.value?.ratings ?? last?.ratings ?? []} />
                        <PayoffCard league={league.value} />
                        <FamilyCard league={league.value} />
                        {lines.length > 0 && <LearningCards lines={lines} />}
                    </div>
                </>
            )}
            {run === null && runs.value !== null && <MatchList />}
        </main>
    );
}
