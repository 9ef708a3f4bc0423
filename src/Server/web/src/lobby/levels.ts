import { api } from "../api/client";
import { usePoll } from "../api/poll";
import type { Content } from "../api/types";
import type { Plan } from "./setup";

/** The content with, at each difficulty, who plays it in the match that is planned: the league's member of its rating, where there is one. */
export function useLevels(content: Content, { mode, rules, draft, seats }: Plan): Content {
    const asked = usePoll(`difficulties/${mode}/${rules}`, 0, signal => api.difficulties(mode, rules, signal));
    const { heroes, levels } = asked.value ?? { heroes: [], levels: [] };
    // A league that knows a few heroes only plays where all are among them.
    const all = heroes.length === 0 || (draft === "none" && seats.every(seat => seat.hero !== null && heroes.includes(seat.hero)));
    if (!all || levels.length === 0) return content;
    return {
        ...content,
        difficulties: content.difficulties.map(known => ({ ...known, ...levels.find(level => level.name === known.name) })),
    };
}
