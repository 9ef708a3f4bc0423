import type { JSX } from "preact";

export function ReplaysPage(): JSX.Element {
    return (
        <main class="page">
            <h1>Replays</h1>
        </main>
    );
}
