import type {
    About,
    Content,
    League,
    Levels,
    LiveMatch,
    MapInfo,
    OpenMatch,
    Page,
    Person,
    Problem,
    ProgressLine,
    Replay,
    RunInfo,
    SeatRequest,
    Seated,
} from "./types";

/** An answer that is not what was asked for: the server's own words, or that it could not be reached (status 0). */
export class ApiError extends Error {
    constructor(
        readonly status: number,
        readonly title: string,
        readonly detail: string,
    ) {
        super(detail.length > 0 ? `${title}: ${detail}` : title);
    }

    get unreachable(): boolean {
        return this.status === 0;
    }
}

const reached = new EventTarget();

/** Called with true when the server has answered and with false when it could not be reached. */
export function onReach(listener: (ok: boolean) => void): () => void {
    const handle = (event: Event) => listener((event as CustomEvent<boolean>).detail);
    reached.addEventListener("reach", handle);
    return () => reached.removeEventListener("reach", handle);
}

function tell(ok: boolean): void {
    reached.dispatchEvent(new CustomEvent("reach", { detail: ok }));
}

async function problem(response: Response): Promise<ApiError> {
    const text = await response.text().catch(() => "");
    try {
        const said = JSON.parse(text) as Partial<Problem>;
        if (typeof said.title === "string") return new ApiError(response.status, said.title, said.detail ?? "");
    } catch {
        // Not a problem document: what follows says what is known.
    }
    return new ApiError(response.status, `The server answered ${response.status} ${response.statusText}`.trim(), text.slice(0, 200));
}

interface Request {
    method?: "GET" | "POST";
    body?: unknown;
    /** A seat's. What lets a person in from another machine is a cookie, which the server sets. */
    token?: string;
    signal?: AbortSignal;
}

/** Asks and reads JSON; throws `ApiError` for every other answer and for none. */
export async function ask<T>(path: string, { method = "GET", body, token, signal }: Request = {}): Promise<T> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (body !== undefined) headers["content-type"] = "application/json";
    if (token) headers.authorization = `Bearer ${token}`;
    let response: Response;
    try {
        response = await fetch(path, {
            method,
            headers,
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
            ...(signal ? { signal } : {}),
        });
    } catch (error) {
        if (signal?.aborted) throw error;
        tell(false);
        throw new ApiError(0, "The server cannot be reached", "Is ./arena serve still running?");
    }
    tell(true);
    if (!response.ok) throw await problem(response);
    if (response.status === 204) return undefined as T;
    return (await response.json()) as T;
}

const name = encodeURIComponent;

function query(values: Record<string, string | number | undefined | null>): string {
    const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== "");
    return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}

let content: Promise<Content> | null = null;

export const api = {
    about: (signal?: AbortSignal) => ask<About>("/api/about", signal ? { signal } : {}),
    /** Heroes, items, modes and so on; asked for once, as they do not change while a server runs. */
    content: (): Promise<Content> => {
        content ??= ask<Content>("/api/content").catch(error => {
            content = null;
            throw error;
        });
        return content;
    },
    difficulties: (mode: string, rules: string, signal?: AbortSignal) =>
        ask<Levels>(`/api/difficulties${query({ mode, rules })}`, signal ? { signal } : {}),
    map: (mode: string) => ask<MapInfo>(`/api/maps/${name(mode)}`),
    runs: (signal?: AbortSignal) => ask<RunInfo[]>("/api/runs", signal ? { signal } : {}),
    league: (run: string, signal?: AbortSignal) => ask<League>(`/api/league${query({ run })}`, signal ? { signal } : {}),
    progress: (run: string, after: number, signal?: AbortSignal) =>
        ask<ProgressLine[]>(`/api/league/progress${query({ run, after })}`, signal ? { signal } : {}),
    control: (action: "pause" | "resume" | "snapshot" | "stop") => ask<void>("/api/league/control", { method: "POST", body: { action } }),
    matches: (signal?: AbortSignal) => ask<LiveMatch[]>("/api/matches", signal ? { signal } : {}),
    match: (id: string, signal?: AbortSignal) => ask<LiveMatch>(`/api/matches/${name(id)}`, signal ? { signal } : {}),
    open: (match: OpenMatch) => ask<Seated>("/api/matches", { method: "POST", body: match }),
    join: (id: string, seat: { name?: string; team?: number; slot?: number }) =>
        ask<Seated>(`/api/matches/${name(id)}/join`, { method: "POST", body: seat }),
    seat: (id: string, token: string, seat: SeatRequest) =>
        ask<LiveMatch>(`/api/matches/${name(id)}/seat`, { method: "POST", body: seat, token }),
    start: (id: string, token: string) => ask<LiveMatch>(`/api/matches/${name(id)}/start`, { method: "POST", body: {}, token }),
    leave: (id: string, token: string) => ask<void>(`/api/matches/${name(id)}/leave`, { method: "POST", body: {}, token }),
    replays: (q: string, page: number, signal?: AbortSignal) =>
        ask<Page<Replay>>(`/api/replays${query({ q, page })}`, signal ? { signal } : {}),
    replayFile: (id: string) => `/api/replays/${name(id)}`,
    people: (signal?: AbortSignal) => ask<Person[]>("/api/people", signal ? { signal } : {}),
};
