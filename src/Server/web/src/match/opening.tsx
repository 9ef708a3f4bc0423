import type { JSX } from "preact";

/** That a match is being opened, in the middle of where it will be. */
export function Opening({ text = "Opening the match" }: { text?: string | undefined }): JSX.Element {
    return (
        <div class="m-middle">
            <h2>{text}</h2>
            <span class="m-spinner" />
        </div>
    );
}

/** The page of a match before anything of it is here. */
export function OpeningPage(): JSX.Element {
    return (
        <main class="match-page" aria-busy="true">
            <Opening />
        </main>
    );
}
