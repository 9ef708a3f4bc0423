import { useEffect, useState } from "preact/hooks";
import type { Session } from "./session";

/** Draws the component again at every beat of the session. */
export function usePulse(session: Session): void {
    const [, set] = useState(0);
    useEffect(() => session.subscribe(() => set(n => n + 1)), [session]);
}
