import type { JSX } from "preact";
import { clock, short } from "../../ui/format";
import { usePulse } from "./pulse";
import type { Session } from "./session";

/** The score at the top: kills, towers, gold, the match's clock. */
export function Score({ session }: { session: Session }): JSX.Element | null {
    usePulse(session);
    const match = session.match;
    if (!match || match.frame === 0) return null;
    const shown = session.stage?.tick || match.tick;
    const gold = match.table("match")?.place("goldHome") ?? -1;
    const goldKnown = gold >= 0 && match.view === "all" && match.hello.seat === null;
    const lead = match.fact("goldHome") - match.fact("goldAway");
    return (
        <div class="m-score" role="group" aria-label="Score">
            {goldKnown && <span class="m-money home">{short(match.fact("goldHome"))}</span>}
            <span class="towers home" title="Towers brought down by home">
                ♜ {match.fact("towersHome")}
            </span>
            <b class="kills home">{match.fact("killsHome")}</b>
            <span class="clock">
                {clock(shown / match.hello.tickRate)}
                {goldKnown && (
                    <i class={lead >= 0 ? "home" : "away"}>
                        {lead >= 0 ? "◂" : ""} {short(Math.abs(lead))} {lead < 0 ? "▸" : ""}
                    </i>
                )}
            </span>
            <b class="kills away">{match.fact("killsAway")}</b>
            <span class="towers away" title="Towers brought down by away">
                ♜ {match.fact("towersAway")}
            </span>
            {goldKnown && <span class="m-money away">{short(match.fact("goldAway"))}</span>}
        </div>
    );
}
