import type { JSX } from "preact";

export function WatchPage(): JSX.Element {
    return (
        <main class="page">
            <h1>Watch</h1>
        </main>
    );
}
