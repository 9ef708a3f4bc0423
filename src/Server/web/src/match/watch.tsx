import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Link } from "../router";
import { Failure } from "../ui/failure";
import { useContent } from "../ui/hero";
import { Segments } from "../ui/segments";
import type { Content } from "../api/types";
import { Connection, type Link as Line } from "../wire/connection";
import { Feed } from "./hud/feed";
import { Graphs } from "./hud/graphs";
import { HeroPanel } from "./hud/heropanel";
import { SideList } from "./hud/heroes";
import { KeyHelp } from "./hud/keyhelp";
import { Minimap } from "./hud/minimap";
import { Overlay } from "./hud/overlay";
import { usePulse } from "./hud/pulse";
import { Score } from "./hud/score";
import { Scoreboard } from "./hud/scoreboard";
import { Session } from "./hud/session";
import { speeds, Timeline } from "./hud/timeline";
import { Opening, OpeningPage } from "./opening";
import type { Hello } from "./state/frames";
import { readView } from "./state/match";
import { watchControls } from "./watch/controls";

const help = [
    ["Drag", "move the picture"],
    ["W A S D", "move the picture (arrow keys too)"],
    ["Wheel", "zoom"],
    ["M", "the whole map"],
    ["1 … 0", "select a hero; twice to follow it"],
    ["F", "follow the selected hero, or stop"],
    ["V", "next view: all, home, away"],
    ["G", "gold and experience"],
    ["Tab", "scoreboard"],
    ["Space", "pause and go on (replays)"],
    [", .", "slower, faster (replays)"],
    ["← →", "5 seconds back or on (with Shift, replays)"],
    ["Esc", "close what is open"],
] as const;

/** A live match or a replay, watched. */
export default function WatchView({ kind, id }: { kind: "match" | "replay"; id: string }): JSX.Element {
    const { content, error, retry } = useContent();
    if (error) {
        return (
            <main class="page">
                <Failure error={error} retry={retry} />
            </main>
        );
    }
    return content ? <Watching kind={kind} id={id} content={content} /> : <OpeningPage />;
}

function Watching({ kind, id, content }: { kind: "match" | "replay"; id: string; content: Content }): JSX.Element {
    const host = useRef<HTMLDivElement>(null);
    const [session, setSession] = useState<Session | null>(null);
    const [line, setLine] = useState<{ link: Line; reason: string }>({ link: "connecting", reason: "" });
    const [view, setView] = useState(() => String(new URLSearchParams(location.search).get("view") ?? "all"));
    const [graphs, setGraphs] = useState(false);
    const [board, setBoard] = useState(false);
    const [keys, setKeys] = useState(false);
    const [paused, setPaused] = useState(false);
    const [speed, setSpeed] = useState(1);
    const [hello, setHello] = useState<Hello | null>(null);

    useEffect(() => {
        const asked = readView(view);
        const connection = new Connection({
            path: `/ws/${kind}/${encodeURIComponent(id)}?view=${asked}`,
            onFrame: frame => made.channel.take(frame),
            onLink: (link, reason) => setLine({ link, reason }),
        });
        const made = new Session(host.current!, content, frame => connection.send(frame));
        made.onMatch = match => {
            setView(String(match.view));
            setHello(match.hello);
            if (made.stage && made.stage.selected >= 0) made.channel.select(made.stage.selected);
        };
        made.onPosition = (nextSpeed, nextPaused) => {
            setSpeed(nextSpeed);
            setPaused(nextPaused);
        };
        setSession(made);
        return () => {
            connection.close();
            made.close();
        };
    }, [kind, id]);

    const select = (unit: number) => {
        if (!session?.stage) return;
        session.stage.selected = unit;
        session.channel.select(unit);
        session.changed();
    };
    const follow = (unit: number) => {
        select(unit);
        if (session?.stage) {
            session.stage.locked = unit;
            if (unit >= 0 && session.stage.camera.zoom < 18) session.stage.camera.zoomTo(22);
        }
    };
    const chooseView = (next: string) => {
        setView(next);
        session?.channel.view(readView(next));
    };
    const choosePause = (next: boolean) => {
        setPaused(next);
        session?.channel.pause(next);
    };
    const chooseSpeed = (next: number) => {
        setSpeed(next);
        session?.channel.speed(next);
    };

    const actions = useRef({ select, follow, chooseView, choosePause, chooseSpeed, view, paused, speed, setGraphs, setBoard, setKeys });
    actions.current = { select, follow, chooseView, choosePause, chooseSpeed, view, paused, speed, setGraphs, setBoard, setKeys };
    useEffect(() => (session ? watchControls(session, host.current!, () => actions.current, speeds) : undefined), [session]);

    const late = hello ? hello.late / hello.tickRate : 0;
    const replay = hello?.replay != null;
    return (
        <main class="match-page" aria-label={kind === "replay" ? "Replay" : "Live match"}>
            <h1 class="visually-hidden">{kind === "replay" ? "Replay" : "Live match"}</h1>
            <div class="m-picture" ref={host} />
            {!session && <Opening />}
            {session && (
                <>
                    <header class="m-top">
                        <div class="left">
                            <Link to={kind === "replay" ? { page: "replays" } : { page: "watch" }} class="m-back">
                                ‹ {kind === "replay" ? "Replays" : "Matches"}
                            </Link>
                            {hello && (
                                <span class="muted">
                                    {hello.mode} {hello.rules}
                                    {late > 0 && ` · shown ${Math.round(late)} s late`}
                                </span>
                            )}
                        </div>
                        <Score session={session} />
                        <div class="right">
                            <Segments
                                label="Fog"
                                value={view}
                                choices={[
                                    ["all", "All"],
                                    ["0", "Home"],
                                    ["1", "Away"],
                                ]}
                                onChoose={chooseView}
                            />
                            <button
                                type="button"
                                class="button small"
                                aria-pressed={graphs}
                                onClick={() => setGraphs(!graphs)}
                                title="Gold and experience (G)"
                            >
                                Graphs
                            </button>
                            <button type="button" class="button small" aria-pressed={keys} onClick={() => setKeys(!keys)} title="Keys (?)">
                                ?
                            </button>
                        </div>
                    </header>
                    <SideList session={session} team={0} onSelect={select} onFollow={follow} />
                    <SideList session={session} team={1} onSelect={select} onFollow={follow} />
                    <Feed session={session} />
                    <HeroPanel session={session} onClose={() => follow(-1)} />
                    {graphs && <Graphs session={session} />}
                    {board && <Scoreboard session={session} />}
                    <Minimap session={session} size={190} />
                    <Timeline
                        session={session}
                        paused={paused}
                        speed={speed}
                        onPause={choosePause}
                        onSpeed={chooseSpeed}
                        onSeek={tick => session.channel.seek(tick)}
                    />
                    {keys && (
                        <KeyHelp title={replay ? "Keys of a replay" : "Keys of a live match"} keys={help} onClose={() => setKeys(false)} />
                    )}
                    <Overlay session={session} line={line}>
                        <Ended session={session} />
                    </Overlay>
                </>
            )}
        </main>
    );
}

/** Who won, once it is over. */
function Ended({ session }: { session: Session }): JSX.Element | null {
    usePulse(session);
    const end = session.match?.end;
    if (!end) return null;
    const winner = Number(end.winner ?? -1);
    const replay = typeof end.replay === "string" && session.match?.hello.replay === null ? end.replay : null;
    return (
        <div class="m-death" role="status">
            <b class={winner === 0 ? "home" : winner === 1 ? "away" : ""}>
                {winner === 0 ? "Home won" : winner === 1 ? "Away won" : "A draw"}
            </b>
            {replay !== null && (
                <Link to={{ page: "watch-replay", id: replay }} class="button small">
                    Watch the replay
                </Link>
            )}
        </div>
    );
}
