import type { JSX } from "preact";
import { ApiError } from "../api/client";

/** What went wrong, in the server's own words, and a way to try again where there is one. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }): JSX.Element | null {
    const api = error instanceof ApiError ? error : null;
    // What is asked again by itself needs no word of its own while the whole page says that the server is not there.
    if (api?.unreachable && retry) return null;
    return (
        <div class="notice bad" role="alert">
            <div class="grow">
                <strong>{api ? api.title : "Something went wrong"}</strong>
                <p>{api ? api.detail : error instanceof Error ? error.message : String(error)}</p>
            </div>
            {retry && (
                <button type="button" class="button small" onClick={retry}>
                    Try again
                </button>
            )}
        </div>
    );
}
