import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Content } from "../api/types";
import { clock, title } from "../ui/format";
import { useContent } from "../ui/hero";
import type { Connection } from "../wire/connection";
import type { FrameTap } from "../wire/tap";
import { ownFacts } from "./hud/facts";
import { Feed } from "./hud/feed";
import { KeyHelp } from "./hud/keyhelp";
import { Minimap } from "./hud/minimap";
import { Overlay } from "./hud/overlay";
import { usePulse } from "./hud/pulse";
import { Score } from "./hud/score";
import { Scoreboard } from "./hud/scoreboard";
import { Session } from "./hud/session";
import { Opening, OpeningPage } from "./opening";
import { ActionBar } from "./play/actionbar";
import { Allies, Selected } from "./play/allies";
import { type Aiming, PlayControls } from "./play/controls";
import { Menu } from "./play/menu";
import { loadSettings, type Settings, saveSettings } from "./play/settings";
import { Shop } from "./play/shop";
import { Sound } from "./play/sound";

export interface PlayViewProps {
    id: string;
    /** Open as long as the room is; connects again by itself. A new connection begins with a new `hello` and `full`. */
    connection: Connection;
    /** The match's frames from `hello` on (lobby and draft frames stay with the room). */
    tap: FrameTap;
}

const help = [
    ["Right-click", "go there, or attack what is there"],
    ["A", "attack-move: then click"],
    ["S", "stop"],
    ["Q W E R", "skills: then click, or at once with quick cast"],
    ["Shift+Q …", "the opposite of the quick cast setting"],
    ["D F", "summoner spells"],
    ["1", "the item that can be used"],
    ["4", "place a ward"],
    ["Alt+Q …", "learn a skill (Ctrl+Q where the browser lets you)"],
    ["B", "recall to the fountain"],
    ["P", "shop"],
    ["Tab", "scoreboard"],
    ["G", "ping: then click; or Alt-click"],
    ["Y", "camera stays with the hero, or not"],
    ["Space", "look at the own hero"],
    ["Arrows", "move the camera"],
    ["Wheel", "zoom"],
    ["F1 ?", "these keys"],
    ["Esc", "stop aiming; close what is open"],
] as const;

/** A match played from a seat; the room around it holds the connection. */
export default function PlayView({ connection, tap }: PlayViewProps): JSX.Element {
    const { content } = useContent();
    return content ? <Playing connection={connection} tap={tap} content={content} /> : <OpeningPage />;
}

function Playing({ connection, tap, content }: { connection: Connection; tap: FrameTap; content: Content }): JSX.Element {
    const host = useRef<HTMLDivElement>(null);
    const [session, setSession] = useState<Session | null>(null);
    const [controls, setControls] = useState<PlayControls | null>(null);
    const [settings, setSettings] = useState(loadSettings);
    const [aiming, setAiming] = useState<Aiming>(null);
    const [open, setOpen] = useState<"" | "shop" | "keys" | "menu">("");
    const [board, setBoard] = useState(false);
    const live = useRef({ settings, open });
    live.current = { settings, open };

    const change = (next: Settings) => {
        const before = live.current.settings;
        live.current.settings = next;
        setSettings(next);
        saveSettings(next);
        if (!session) return;
        if (next.autoShop !== before.autoShop || next.autoLearn !== before.autoLearn) session.channel.auto(next.autoShop, next.autoLearn);
        if (session.stage && next.lockedCamera !== before.lockedCamera) session.stage.locked = next.lockedCamera ? session.stage.own : -1;
    };
    const changeLive = useRef(change);
    changeLive.current = change;

    useEffect(() => {
        const made = new Session(host.current!, content, frame => connection.send(frame));
        const sound = new Sound();
        let steered: PlayControls | null = null;
        made.onMatch = (match, stage) => {
            const seat = match.hello.seat;
            const first = stage.own < 0;
            stage.own = seat?.unit ?? -1;
            if (!first) return;
            stage.locked = live.current.settings.lockedCamera ? stage.own : -1;
            stage.camera.zoomTo(live.current.settings.zoom);
            const home = stage.ground.map.fountains.find(fountain => fountain.team === seat?.team);
            if (home) stage.camera.lookAt(home.x, home.y);
            steered = new PlayControls(made, host.current!, {
                settings: () => live.current.settings,
                toggleShop: () => setOpen(now => (now === "shop" ? "" : "shop")),
                toggleKeys: () => setOpen(now => (now === "keys" ? "" : "keys")),
                setBoard,
                close: () => {
                    const was = live.current.open !== "";
                    setOpen("");
                    return was;
                },
                aimed: setAiming,
                lockCamera: locked => changeLive.current({ ...live.current.settings, lockedCamera: locked }),
            });
            stage.onFrame = seconds => steered!.frame(seconds);
            setControls(steered);
        };
        const stopSound = made.subscribe(() => {
            if (made.match && made.stage) sound.follow(made.match, made.stage.own, live.current.settings.sound);
        });
        setSession(made);
        const stopTap = tap.take(frame => made.channel.take(frame));
        return () => {
            stopTap();
            stopSound();
            steered?.end();
            sound.close();
            made.close();
        };
    }, [connection, tap]);

    const buy = (item: number) => {
        if (!session) return;
        // The rules let only one of the two shop: somebody who buys shops himself from then on.
        if (live.current.settings.autoShop) changeLive.current({ ...live.current.settings, autoShop: false });
        session.channel.buy(item);
    };
    return (
        <main class="match-page play" aria-label="Your match">
            <h1 class="visually-hidden">Your match</h1>
            <div class="m-picture" ref={host} />
            {!session && <Opening />}
            {session && (
                <>
                    <header class="m-top">
                        <div class="left">
                            <button
                                type="button"
                                class="button small"
                                aria-pressed={open === "menu"}
                                onClick={() => setOpen(open === "menu" ? "" : "menu")}
                            >
                                Settings
                            </button>
                            <button
                                type="button"
                                class="button small"
                                aria-pressed={open === "keys"}
                                onClick={() => setOpen(open === "keys" ? "" : "keys")}
                                title="Keys (F1)"
                            >
                                ?
                            </button>
                            <Pause session={session} />
                            <Lag session={session} />
                        </div>
                        <Score session={session} />
                        <span />
                    </header>
                    <Allies session={session} />
                    <Selected session={session} />
                    <Feed session={session} />
                    <ActionBar
                        session={session}
                        controls={controls}
                        aiming={aiming}
                        onShop={() => setOpen(open === "shop" ? "" : "shop")}
                    />
                    <Minimap
                        session={session}
                        size={208}
                        onOrder={(x, y) => session.channel.order("move", -1, x, y)}
                        onPing={(x, y) => session.channel.ping(x, y, 0)}
                        onAim={(x, y) => controls?.aimedAt(x, y) ?? false}
                    />
                    {board && <Scoreboard session={session} />}
                    {open === "shop" && (
                        <Shop
                            session={session}
                            auto={settings.autoShop}
                            onBuy={buy}
                            onAuto={autoShop => change({ ...settings, autoShop })}
                            onClose={() => setOpen("")}
                        />
                    )}
                    {open === "menu" && <Menu settings={settings} onChange={change} onClose={() => setOpen("")} />}
                    {open === "keys" && <KeyHelp title="Keys" keys={help} onClose={() => setOpen("")} />}
                    <Overlay session={session} line={{ link: "open", reason: "" }}>
                        <Standing session={session} aiming={aiming} />
                    </Overlay>
                </>
            )}
        </main>
    );
}

/** Stops the time of a match; only who plays alone against bots may. */
function Pause({ session }: { session: Session }): JSX.Element | null {
    usePulse(session);
    const match = session.match;
    if (!match || match.hello.seats.filter(seat => !seat.bot).length > 1) return null;
    const paused = match.fact("paused") !== 0;
    return (
        <button type="button" class="button small" aria-pressed={paused} onClick={() => session.channel.pause(!paused)}>
            {paused ? "Go on" : "Pause"}
        </button>
    );
}

/** The line's round trip and the picture's pace. */
function Lag({ session }: { session: Session }): JSX.Element {
    usePulse(session);
    const lag = session.channel.lag;
    const slow = lag > 150;
    const cost = session.stage?.cost.summary() ?? { mean: 0, p99: 0 };
    return (
        <span
            class={`m-lag ${slow ? "bad" : ""}`}
            title={`Round trip to the server, and pictures a second; a picture's script takes ${cost.mean.toFixed(1)} ms on average, ${cost.p99.toFixed(1)} ms in the worst of a hundred`}
        >
            {Number.isNaN(lag) ? "…" : `${Math.round(lag)} ms`} · {Math.round(session.stage?.rate ?? 0)} fps
        </span>
    );
}

/** What keeps a person from playing just now, or what is being aimed. */
function Standing({ session, aiming }: { session: Session; aiming: Aiming }): JSX.Element | null {
    usePulse(session);
    const match = session.match;
    const own = session.stage?.own ?? -1;
    if (!match || own < 0 || match.frame === 0) return null;
    const back = match.hero(own, "respawn");
    const bot = match.seatOf(own)?.bot === true;
    const facts = ownFacts(match, own);
    const dead = back > match.tick;
    session.stage?.canvas.classList.toggle("m-grey", dead);
    if (match.fact("paused") !== 0) return <p class="m-hint">Paused</p>;
    if (dead)
        return (
            <div class="m-death" role="status">
                <b>{clock(Math.ceil((back - match.tick) / match.hello.tickRate))}</b>
                <span>until you return. The shop is open (P).</span>
            </div>
        );
    if (bot) return <p class="m-hint">A bot plays your hero. Give an order to take it back.</p>;
    if (aiming?.kind === "action") return <p class="m-hint">{title(aiming.action.name)}: click to cast, right-click or Esc to leave it</p>;
    if (aiming?.kind === "attackMove") return <p class="m-hint">Attack-move: click where to</p>;
    if (aiming?.kind === "ping") return <p class="m-hint">Ping: click where</p>;
    if ((facts?.recall ?? 0) > 0) return <p class="m-hint">Recalling: {facts!.recall.toFixed(1)} s</p>;
    if ((facts?.skillPoints ?? 0) > 0 && match.hero(own, "level", 1) <= 2 && (facts!.byHand & 2) !== 0)
        return <p class="m-hint faint">A skill can be learnt: + above it, or Alt+Q, W, E, R</p>;
    if (session.channel.ordered === 0)
        return <p class="m-hint faint">Right-click the ground to walk, an enemy to attack. The button ? tells all keys.</p>;
    return null;
}
