import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { clock } from "../../ui/format";
import { Icon } from "../../ui/icon";
import type { MatchEvent } from "../state/frames";
import { epicName, structureName } from "./feed";
import { usePulse } from "./pulse";
import type { Session } from "./session";

export const speeds = [0.25, 0.5, 1, 2, 4, 8];

/** Where in the match one is, what happened when, and in a replay the way to go there. */
export function Timeline({
    session,
    paused,
    speed,
    onPause,
    onSpeed,
    onSeek,
}: {
    session: Session;
    paused: boolean;
    speed: number;
    onPause: (paused: boolean) => void;
    onSpeed: (speed: number) => void;
    onSeek: (tick: number) => void;
}): JSX.Element | null {
    usePulse(session);
    const track = useRef<HTMLDivElement>(null);
    const [drag, setDrag] = useState<number | null>(null);
    const match = session.match;
    if (!match || match.frame === 0) return null;
    const rate = match.hello.tickRate;
    const replay = match.hello.replay;
    const length = replay ? replay.ticks : Math.max(match.tick, 60 * rate);
    const now = drag ?? (session.stage?.tick || match.tick);
    const tickAt = (event: PointerEvent) => {
        const box = track.current!.getBoundingClientRect();
        return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * length;
    };
    const marks = match.heard.filter(event => marked.has(event.kind));
    const step = (seconds: number) => onSeek(Math.max(0, Math.min(length, match.tick + seconds * rate)));
    return (
        <div class="m-timeline m-panel">
            {replay ? (
                <>
                    <button
                        type="button"
                        class="icon-button"
                        title={paused ? "Go on (Space)" : "Pause (Space)"}
                        onClick={() => onPause(!paused)}
                    >
                        <Icon name={paused ? "play" : "pause"} />
                        <span class="visually-hidden">{paused ? "Go on" : "Pause"}</span>
                    </button>
                    <select
                        class="select"
                        aria-label="Speed"
                        title="Speed (comma and full stop)"
                        value={speed}
                        onChange={event => onSpeed(Number(event.currentTarget.value))}
                    >
                        {speeds.map(s => (
                            <option key={s} value={s}>
                                {s}×
                            </option>
                        ))}
                    </select>
                </>
            ) : (
                <span class="now-live">
                    <i class="dot live" /> Live
                </span>
            )}
            <time>{clock(now / rate)}</time>
            <div
                ref={track}
                class={`track ${replay ? "" : "still"}`}
                role={replay ? "slider" : "img"}
                tabIndex={replay ? 0 : undefined}
                aria-label="Time of the match"
                aria-valuemin={0}
                aria-valuemax={Math.round(length / rate)}
                aria-valuenow={Math.round(now / rate)}
                aria-valuetext={clock(now / rate)}
                onKeyDown={event => {
                    if (!replay) return;
                    const by = { ArrowLeft: -5, ArrowRight: 5, PageDown: -30, PageUp: 30 }[event.key];
                    if (by === undefined) return;
                    event.preventDefault();
                    event.stopPropagation();
                    step(by);
                }}
                onPointerDown={event => {
                    if (!replay || event.button !== 0) return;
                    track.current!.setPointerCapture(event.pointerId);
                    setDrag(tickAt(event));
                }}
                onPointerMove={event => {
                    if (drag !== null) setDrag(tickAt(event));
                }}
                onPointerUp={event => {
                    if (drag === null) return;
                    setDrag(null);
                    onSeek(tickAt(event));
                }}
            >
                <i class="done" style={{ width: `${Math.min(1, now / length) * 100}%` }} />
                {marks.map(event => (
                    <Mark
                        key={`${event.tick}${event.kind}${event.victim ?? event.unit ?? ""}`}
                        session={session}
                        event={event}
                        length={length}
                    />
                ))}
                <b class="now" style={{ left: `${Math.min(1, now / length) * 100}%` }} />
            </div>
            <time>{clock(length / rate)}</time>
        </div>
    );
}

const marked = new Set(["kill", "structure", "epic"]);

function Mark({ session, event, length }: { session: Session; event: MatchEvent; length: number }): JSX.Element {
    const victim = session.match?.seatOf(Number(event.victim));
    const team = event.kind === "kill" ? 1 - (victim?.team ?? 0) : Number(event.team ?? 0);
    const rate = session.match?.hello.tickRate ?? 15;
    const text =
        event.kind === "kill"
            ? `${session.heroName(Number(event.victim))} was slain`
            : event.kind === "structure"
              ? `${team === 0 ? "Home" : "Away"} brought down ${structureName(session, Number(event.unit))}`
              : `${team === 0 ? "Home" : "Away"} slew ${epicName(session, Number(event.type))}`;
    return (
        <i
            class={`mark ${event.kind} ${team === 0 ? "home" : "away"}`}
            style={{ left: `${(event.tick / length) * 100}%` }}
            title={`${clock(event.tick / rate)} ${text}`}
        />
    );
}
