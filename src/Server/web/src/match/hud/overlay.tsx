import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Link as Line } from "../../wire/connection";
import { Opening } from "../opening";
import { usePulse } from "./pulse";
import { report, spoken } from "./report";
import type { Session } from "./session";

const waitingFor: Record<string, string> = { lobby: "Waiting for the match to begin", draft: "They are choosing their heroes" };

/** What stands above everything: waiting, a lost line, how the match ended, notices; and what a screen reader is told. */
export function Overlay({
    session,
    line,
    children,
}: {
    session: Session;
    line: { link: Line; reason: string };
    children?: ComponentChildren;
}): JSX.Element {
    usePulse(session);
    const [said, setSaid] = useState("");
    useEffect(() => {
        const timer = setInterval(() => setSaid(spoken(session)), 6_000);
        window.arenaMatch = () => report(session);
        return () => {
            clearInterval(timer);
            window.arenaMatch = undefined;
        };
    }, [session]);
    const match = session.match;
    const notice = session.notice && session.notice.until > performance.now() ? session.notice : null;
    const waiting = !match || match.frame === 0 || !session.stage;
    const stage = match?.hello.stage;
    return (
        <>
            <p class="visually-hidden" role="status">
                {said}
            </p>
            {notice && (
                <p class={`m-notice ${notice.bad ? "bad" : ""}`} role="alert">
                    {notice.text}
                </p>
            )}
            {line.link === "lost" && (
                <div class="m-middle" role="alert">
                    <h2>The line is lost</h2>
                    <p>Connecting again …</p>
                </div>
            )}
            {session.failure !== "" && !match?.end && (
                <div class="m-middle" role="alert">
                    <h2>This does not work</h2>
                    <p>{session.failure || line.reason}</p>
                </div>
            )}
            {line.link === "closed" && session.failure === "" && !match?.end && (
                <div class="m-middle" role="alert">
                    <h2>The server has closed the match</h2>
                    <p>{line.reason || "It may have ended, or be gone."}</p>
                </div>
            )}
            {waiting && session.failure === "" && (line.link === "open" || line.link === "connecting") && (
                <Opening text={waitingFor[stage ?? ""]} />
            )}
            {children}
        </>
    );
}
