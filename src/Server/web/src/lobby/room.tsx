import type { JSX } from "preact";

/** One match from its lobby over the draft and the match to its result. */
export function Room({ id }: { id: string }): JSX.Element {
    return <main class="page">{id}</main>;
}
