import type { JSX } from "preact";
import { clock, title, whole } from "../../ui/format";
import { heroesOf, heroFacts } from "./facts";
import { ItemIcon, Portrait } from "./icons";
import { usePulse } from "./pulse";
import type { Session } from "./session";

/** Everybody's kills, gold and items, over the picture. */
export function Scoreboard({ session }: { session: Session }): JSX.Element | null {
    usePulse(session);
    const match = session.match;
    if (!match) return null;
    return (
        <section class="m-board m-panel m-front" aria-label="Scoreboard">
            {[0, 1].map(team => (
                <table key={team} class={team === 0 ? "home" : "away"}>
                    <colgroup>
                        <col class="face" />
                        <col class="who" />
                        <col span={4} />
                        <col class="bag" />
                    </colgroup>
                    <thead>
                        <tr>
                            <th colSpan={2}>
                                {team === 0 ? "Home" : "Away"} · {match.fact(team === 0 ? "killsHome" : "killsAway")}
                            </th>
                            <th class="number">Level</th>
                            <th class="number">K / D / A</th>
                            <th class="number">Creeps</th>
                            <th class="number">Gold</th>
                            <th>Items</th>
                        </tr>
                    </thead>
                    <tbody>
                        {heroesOf(match, team).map(unit => {
                            const f = heroFacts(match, session.content, unit);
                            return (
                                <tr key={unit} class={unit === session.stage?.own ? "own" : ""}>
                                    <td>
                                        <Portrait name={f.name} role={f.role} team={team} size={32} dead={f.respawn > 0} />
                                    </td>
                                    <td>
                                        <b>{title(f.name)}</b>
                                        <small>
                                            {f.player || "nobody"}
                                            {f.respawn > 0 ? ` · back in ${clock(f.respawn)}` : ""}
                                        </small>
                                    </td>
                                    <td class="number">{f.level}</td>
                                    <td class="number">
                                        {f.kills} / {f.deaths} / {f.assists}
                                    </td>
                                    <td class="number">{f.creepScore}</td>
                                    <td class="number">{f.gold < 0 ? "–" : whole(f.gold)}</td>
                                    <td>
                                        <span class="m-items">
                                            {f.items.map((item, slot) => (
                                                <ItemIcon key={slot} content={session.content} item={item} size={26} />
                                            ))}
                                        </span>
                                    </td>
                                </tr>
                            );
                        })}
                    </tbody>
                </table>
            ))}
        </section>
    );
}
