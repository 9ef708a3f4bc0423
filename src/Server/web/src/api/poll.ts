import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export interface Polled<T> {
    /** The newest answer; kept while later questions fail. */
    value: T | null;
    /** Why the newest question failed; null when it did not. */
    error: unknown;
    /** Asks again at once. */
    reload: () => void;
}

/**
 * Asks now and every `everyMs` after each answer (0: once), while the page is visible. A change of `key` forgets the answer and begins anew;
 * null does not ask at all.
 */
export function usePoll<T>(key: string | null, everyMs: number, load: (signal: AbortSignal) => Promise<T>): Polled<T> {
    const [state, setState] = useState<{ key: string | null; value: T | null; error: unknown }>({ key, value: null, error: null });
    const [turn, setTurn] = useState(0);
    const latest = useRef(load);
    latest.current = load;
    useEffect(() => {
        if (key === null) return;
        const abort = new AbortController();
        let timer: ReturnType<typeof setTimeout> | undefined;
        let failures = 0;
        const ask = async () => {
            try {
                const value = await latest.current(abort.signal);
                if (abort.signal.aborted) return;
                failures = 0;
                setState({ key, value, error: null });
            } catch (error) {
                if (abort.signal.aborted) return;
                failures++;
                setState(before => ({ key, value: before.key === key ? before.value : null, error }));
            }
            if (everyMs > 0) timer = setTimeout(next, everyMs * Math.min(1 + failures, 5));
        };
        const next = () => {
            if (document.hidden) document.addEventListener("visibilitychange", next, { once: true });
            else void ask();
        };
        void ask();
        return () => {
            abort.abort();
            clearTimeout(timer);
            document.removeEventListener("visibilitychange", next);
        };
    }, [key, everyMs, turn]);
    const reload = useCallback(() => setTurn(n => n + 1), []);
    return state.key === key ? { value: state.value, error: state.error, reload } : { value: null, error: null, reload };
}
