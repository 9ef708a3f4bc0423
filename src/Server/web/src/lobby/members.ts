import { useMemo } from "preact/hooks";
import { api } from "../api/client";
import { usePoll } from "../api/poll";
import type { RunInfo } from "../api/types";
import { playerName, playerOf } from "../league/players";

/** A league's member that can be asked to play. */
export interface NamedPlayer {
    /** As the server knows it. */
    player: string;
    name: string;
    /** Null before its first match. */
    elo: number | null;
}

const most = 40;

/** The run that is served, or else the most recent one; null without any. */
export function useServedRun(): RunInfo | null {
    const about = usePoll("about", 0, signal => api.about(signal));
    const runs = usePoll("runs", 0, signal => api.runs(signal));
    if (!about.value || !runs.value) return null;
    return runs.value.find(run => run.name === about.value!.run) ?? runs.value[0] ?? null;
}

/** Members of the league that is served, best first; empty without one. */
export function useMembers(): NamedPlayer[] {
    const run = useServedRun()?.name ?? null;
    const league = usePoll(run === null ? null : `league/${run}`, 0, signal => api.league(run!, signal));
    return useMemo(() => {
        if (run === null || !league.value) return [];
        return league.value.ratings
            .map(rating => ({
                player: playerOf(run, rating.player) ?? "",
                name: playerName(rating.player),
                elo: rating.games > 0 ? rating.elo : null,
            }))
            .filter(member => member.player !== "")
            .sort((a, b) => (b.elo ?? 0) - (a.elo ?? 0))
            .slice(0, most);
    }, [run, league.value]);
}
