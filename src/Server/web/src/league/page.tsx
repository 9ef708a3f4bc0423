import type { JSX } from "preact";

export function LeaguePage(): JSX.Element {
    return (
        <main class="page">
            <h1>League</h1>
        </main>
    );
}
