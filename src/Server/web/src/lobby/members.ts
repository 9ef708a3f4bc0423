import { useMemo } from "preact/hooks";
import { api } from "../api/client";
import { usePoll } from "../api/poll";
import { playerName, playerOf } from "../league/players";

/** A league's member that can be asked to play. */
export interface NamedPlayer {
    /** As the server knows it. */
    player: string;
    name: string;
    elo: number;
}

const most = 40;

/** Members of the league that is served, best first; empty without one. */
export function useMembers(): NamedPlayer[] {
    const about = usePoll("about", 0, signal => api.about(signal));
    const runs = usePoll("runs", 0, signal => api.runs(signal));
    const run = about.value?.run ?? runs.value?.[0]?.name ?? null;
    const league = usePoll(run === null ? null : `league/${run}`, 0, signal => api.league(run!, signal));
    return useMemo(() => {
        if (run === null || !league.value) return [];
        return league.value.ratings
            .map(rating => ({ player: playerOf(run, rating.player) ?? "", name: playerName(rating.player), elo: rating.elo }))
            .filter(member => member.player !== "")
            .sort((a, b) => b.elo - a.elo)
            .slice(0, most);
    }, [run, league.value]);
}
