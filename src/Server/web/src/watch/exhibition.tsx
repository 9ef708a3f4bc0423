import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../api/client";
import type { SeatRequest } from "../api/types";
import { BotChoice } from "../lobby/bots";
import { useMembers, useServedRun } from "../lobby/members";
import type { Bot } from "../lobby/setup";
import { go } from "../router";
import { Failure } from "../ui/failure";
import { useContent } from "../ui/hero";
import { Segments } from "../ui/segments";

/** A match between bots, begun at once to be watched. */
export function Exhibition(): JSX.Element | null {
    const { content } = useContent();
    const members = useMembers();
    const run = useServedRun();
    const [mode, setMode] = useState<string | null>(null);
    const [bots, setBots] = useState<[Bot | null, Bot | null]>([null, null]);
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState<unknown>(null);
    if (!content) return null;
    const strong: Bot = { difficulty: (content.difficulties.find(d => d.name === "hard") ?? content.difficulties[0])?.name ?? "hard" };
    // What the league trains is what its members can do.
    const chosen = content.modes.find(m => m.name === (mode ?? run?.mode)) ?? content.modes[0]!;
    const of = (team: 0 | 1): Bot => bots[team] ?? (members[team] ? { player: members[team].player } : strong);
    const start = async () => {
        setBusy(true);
        setError(null);
        try {
            const seats = ([0, 1] as const).flatMap(team =>
                Array.from({ length: chosen.heroes }, (_, slot): SeatRequest => ({ team, slot, kind: "bot", ...of(team) })),
            );
            const rules = content.rules.find(r => r.name === "quick") ?? content.rules[0]!;
            const { id } = await api.open({ mode: chosen.name, rules: rules.name, draft: "none", seats });
            go({ page: "watch-match", id });
        } catch (reason) {
            setError(reason);
            setBusy(false);
        }
    };
    return (
        <section class="card exhibition">
            <header>
                <h2>Let bots play</h2>
                <span class="muted">seen from any side, with what each policy thinks</span>
            </header>
            <div class="body">
                <Segments label="Mode" value={chosen.name} choices={content.modes.map(m => [m.name, m.name])} onChoose={setMode} />
                {([0, 1] as const).map(team => (
                    <label key={team} class="field inline">
                        <span class={team === 0 ? "home" : "away"}>{team === 0 ? "Home" : "Away"}</span>
                        <BotChoice
                            label={team === 0 ? "Home's bots" : "Away's bots"}
                            value={of(team)}
                            difficulties={content.difficulties}
                            members={members}
                            onChoose={bot => setBots(team === 0 ? [bot, bots[1]] : [bots[0], bot])}
                        />
                    </label>
                ))}
                <button type="button" class="button primary" disabled={busy} onClick={start}>
                    {busy ? "Starting …" : "Start and watch"}
                </button>
            </div>
            {error !== null && (
                <div class="body">
                    <Failure error={error} />
                </div>
            )}
        </section>
    );
}
