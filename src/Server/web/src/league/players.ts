/** A league's player: a lineage at a version (`main@23`, `main@latest`) or a scripted one (`scripted:easy@1`); or a person's name. */
export interface Player {
    id: string;
    line: string;
    /** Null for the latest, moving policy and for scripted players. */
    version: number | null;
    kind: "frozen" | "latest" | "scripted" | "person";
}

const scripted = "scripted:";
const ofRun = "run:";

export function parsePlayer(id: string): Player {
    if (id.startsWith(scripted)) return { id, line: id, version: null, kind: "scripted" };
    const at = id.lastIndexOf("@");
    if (at < 0) return { id, line: id, version: null, kind: "person" };
    const version = id.slice(at + 1);
    const line = id.slice(0, at);
    return /^\d+$/.test(version) ? { id, line, version: Number(version), kind: "frozen" } : { id, line, version: null, kind: "latest" };
}

/** As people read it: `main 23`, `main (latest)`, `easy@1`; a bot's `scripted:easy@1 (beginner)` is a beginner bot. */
export function playerName(id: string): string {
    const bot = /^(.*) \(([a-z]+)\)$/.exec(id);
    if (bot?.[1]?.includes(":")) return bot[1].startsWith(scripted) ? `${bot[2]} bot` : playerName(bot[1]);
    if (id.startsWith(ofRun)) return playerName(id.slice(ofRun.length));
    const player = parsePlayer(id);
    if (player.kind === "scripted") return id.slice(scripted.length);
    if (player.kind === "person") return id;
    return player.kind === "latest" ? `${player.line} (latest)` : `${player.line} ${player.version}`;
}

/** How the server calls a league's member outside its league; null for one that it cannot load by name. */
export function playerOf(run: string, member: string): string | null {
    const player = parsePlayer(member);
    if (player.line !== "main" || (player.kind !== "frozen" && player.kind !== "latest")) return null;
    return `${ofRun}${run}@${player.version ?? "latest"}`;
}
