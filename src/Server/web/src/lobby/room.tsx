import "./lobby.css";
import "./room.css";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ApiError, api } from "../api/client";
import { usePoll } from "../api/poll";
import { OpeningPage } from "../match/opening";
import { loadSettings } from "../match/play/settings";
import { Link, go } from "../router";
import { Failure } from "../ui/failure";
import { useContent } from "../ui/hero";
import { lazy } from "../ui/lazy";
import { Connection, type Frame, type Link as LinkState } from "../wire/connection";
import { FrameTap } from "../wire/tap";
import { DraftScreen } from "./draft";
import { type RoomState, advance, emptyRoom, stageOf } from "./frames";
import { JoinForm } from "./join";
import { ResultScreen } from "./result";
import { type OwnSeat, forgetSeat, ownSeat } from "./seats";
import { WaitingRoom } from "./waiting";

/** Attempts in a row that are turned down by a match that is there, until the seat is given up. */
const mostRefusals = 5;

const PlayView = lazy(() => import("../match/play"), OpeningPage);

/** Whether the recommended build shops and learns, as this browser keeps it. */
function wishes(): Frame {
    const { autoShop, autoLearn } = loadSettings();
    return ["auto", 0, autoShop, autoLearn];
}

/** The connection of a seat, what its frames say to the room, and the rest of them for the match view. */
function useRoom(
    id: string,
    token: string,
): { room: RoomState; link: LinkState; reason: string; connection: Connection | null; tap: FrameTap } {
    const tap = useMemo(() => new FrameTap(), [id, token]);
    const [room, setRoom] = useState(emptyRoom);
    const [link, setLink] = useState<[LinkState, string]>(["connecting", ""]);
    const [connection, setConnection] = useState<Connection | null>(null);
    useEffect(() => {
        setRoom(emptyRoom);
        const opened = new Connection({
            path: `/ws/match/${encodeURIComponent(id)}?token=${encodeURIComponent(token)}`,
            onFrame: (frame: Frame) => {
                // At once, not when the match is shown: by then the recommended build would have spent the first gold.
                if (frame[0] === "hello") opened.send(wishes());
                setRoom(before => advance(before, frame));
                if (frame[0] !== "lobby" && frame[0] !== "draft") tap.push(frame);
            },
            onLink: (state, reason) => setLink([state, reason]),
        });
        setConnection(opened);
        return () => opened.close();
    }, [id, token]);
    return { room, link: link[0], reason: link[1], connection, tap };
}

function LinkBanner({ link, reason, playing }: { link: LinkState; reason: string; playing: boolean }): JSX.Element | null {
    if (link === "open") return null;
    const says =
        link === "closed"
            ? `The connection is closed${reason ? `: ${reason}` : "."}`
            : link === "lost"
              ? `Connection lost. ${playing ? "A bot holds your seat; you get it back at once. " : ""}Trying again …`
              : "Connecting …";
    return (
        <div class={`link-banner ${link}`} role="status">
            <span class="dot live" /> {says}
        </div>
    );
}

/** A seat of one's own, from the lobby over draft and match to the result. */
function Seated({ id, own }: { id: string; own: OwnSeat }): JSX.Element {
    const { content } = useContent();
    const { room, link, reason, connection, tap } = useRoom(id, own.token);
    const [showResult, setShowResult] = useState(true);
    const stage = stageOf(room);
    const inMatch = stage === "playing" || stage === "over";
    useEffect(() => {
        document.documentElement.toggleAttribute("data-bare", inMatch);
        return () => document.documentElement.removeAttribute("data-bare");
    }, [inMatch]);
    useEffect(() => setShowResult(true), [room.end]);
    const [gone, setGone] = useState(false);
    // A refused WebSocket does not say why: the match may be gone, or the token no longer be its own.
    const refusals = useRef(0);
    useEffect(() => {
        if (link === "open") refusals.current = 0;
        if (link !== "lost" || room.end) return;
        api.match(id).then(
            () => ++refusals.current >= mostRefusals && setGone(true),
            error => error instanceof ApiError && error.status === 404 && setGone(true),
        );
    }, [link]);
    const refused = gone || (link === "closed" && room.hello === null);
    useEffect(() => {
        if (gone) connection?.close();
    }, [gone]);
    const leave = () => {
        forgetSeat(id);
        go({ page: "play" });
    };
    return (
        <>
            {!refused && !room.end && <LinkBanner link={link} reason={reason || room.error} playing={inMatch} />}
            {refused && (
                <main class="page narrow">
                    <Failure
                        error={new ApiError(0, "Your seat in this match is gone", reason || room.error || "The match may have ended.")}
                    />
                    <button type="button" class="button" onClick={leave}>
                        Set up another match
                    </button>
                </main>
            )}
            {stage === null && !refused && (
                <main class="page" aria-busy="true">
                    <div class="loading" />
                </main>
            )}
            {stage === "lobby" && room.lobby && content && (
                <WaitingRoom id={id} own={own} host={room.hello?.host ?? false} lobby={room.lobby} content={content} onLeave={leave} />
            )}
            {stage === "draft" && room.draft && content && connection && (
                <DraftScreen
                    draft={room.draft}
                    hello={room.hello!}
                    lobby={room.lobby}
                    content={content}
                    connection={connection}
                    tap={tap}
                />
            )}
            {inMatch && !gone && connection && room.hello && <PlayView key={id} id={id} connection={connection} tap={tap} />}
            {room.end && showResult && (
                <ResultScreen
                    end={room.end}
                    seat={room.hello?.seat ?? null}
                    onClose={() => setShowResult(false)}
                    onLeave={() => {
                        forgetSeat(id);
                        go({ page: "play" });
                    }}
                />
            )}
        </>
    );
}

/** Somebody without a seat comes to a match: a free one can be taken, or the match watched. */
function Newcomer({ id, onSeat }: { id: string; onSeat: (seat: OwnSeat) => void }): JSX.Element {
    const match = usePoll(`match/${id}`, 3_000, signal => api.match(id, signal));
    const unknown = match.error instanceof ApiError && match.error.status === 404;
    return (
        <main class="page narrow">
            <div class="page-head">
                <h1>Join a match</h1>
                <div class="right">
                    <Link to={{ page: "watch-match", id }} class="button">
                        Watch it
                    </Link>
                </div>
            </div>
            {unknown ? (
                <div class="card">
                    <div class="empty">
                        <h2>This match is over, or never was</h2>
                        <p>The server knows no match {id}. Its replay may be among the others.</p>
                        <Link to={{ page: "play" }} class="button primary">
                            Set up a match
                        </Link>
                        <Link to={{ page: "replays" }} class="button">
                            Replays
                        </Link>
                    </div>
                </div>
            ) : (
                <>
                    {match.error !== null && <Failure error={match.error} retry={match.reload} />}
                    {match.value === null && match.error === null && <div class="loading" aria-busy="true" />}
                    {match.value && <JoinForm match={match.value} onSeat={onSeat} />}
                </>
            )}
        </main>
    );
}

/** One match from its lobby over the draft and the match to its result. */
export function Room({ id }: { id: string }): JSX.Element {
    const [own, setOwn] = useState(() => ownSeat(id));
    return own ? <Seated key={own.token} id={id} own={own} /> : <Newcomer id={id} onSeat={setOwn} />;
}
