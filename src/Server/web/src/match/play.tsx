import type { Connection } from "../wire/connection";
import type { FrameTap } from "../wire/tap";

export interface PlayViewProps {
    id: string;
    /** Open as long as the room is; connects again by itself. A new connection begins with a new `hello` and `full`. */
    connection: Connection;
    /** The match's frames from `hello` on (lobby and draft frames stay with the room). */
    tap: FrameTap;
}

/** A match played from a seat; the room around it holds the connection. */
export default function PlayView({ id }: PlayViewProps) {
    return <main class="page">{id}</main>;
}
