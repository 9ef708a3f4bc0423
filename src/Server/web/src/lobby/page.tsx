import type { JSX } from "preact";

export function PlayPage(): JSX.Element {
    return (
        <main class="page">
            <h1>Play</h1>
        </main>
    );
}
