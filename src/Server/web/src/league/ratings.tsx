import type { JSX } from "preact";
import type { Rating } from "../api/types";
import { whole } from "../ui/format";
import { parsePlayer, playerName } from "./players";

/** The table of ratings, best first, each with its interval drawn on one scale. */
export function RatingsCard({ ratings }: { ratings: Rating[] }): JSX.Element {
    const sorted = [...ratings].sort((a, b) => Number(b.games > 0) - Number(a.games > 0) || b.elo - a.elo);
    // Scripted players may be far below everybody else; they do not squeeze the scale.
    const rated = sorted.filter(r => r.games > 0);
    const learnt = rated.filter(r => parsePlayer(r.player).kind !== "scripted");
    const scale = learnt.length > 0 ? learnt : rated;
    const low = Math.min(...scale.map(r => r.elo - r.eloError));
    const span = Math.max(1, Math.max(...scale.map(r => r.elo + r.eloError)) - low);
    const at = (elo: number) => `${Math.max(0, Math.min(1, (elo - low) / span)) * 100}%`;
    return (
        <section class="card ratings">
            <header>
                <h2>Ratings</h2>
                <span class="muted">95 % intervals</span>
            </header>
            {sorted.length === 0 ? (
                <div class="empty">
                    <h3>No ratings yet</h3>
                    <p>A player is rated after its first finished match.</p>
                </div>
            ) : (
                <div class="ratings-scroll">
                    <table class="table">
                        <thead>
                            <tr>
                                <th>Player</th>
                                <th class="number">Elo</th>
                                <th aria-label="Interval" />
                                <th class="number">Games</th>
                            </tr>
                        </thead>
                        <tbody>
                            {sorted.map(rating => (
                                <tr key={rating.player}>
                                    <td>
                                        <span class={`kind ${parsePlayer(rating.player).kind}`} />
                                        {playerName(rating.player)}
                                    </td>
                                    {rating.games > 0 ? (
                                        <>
                                            <td class="number">
                                                {rating.elo.toFixed(0)} <span class="muted">± {rating.eloError.toFixed(0)}</span>
                                            </td>
                                            <td class="interval">
                                                <i
                                                    style={{
                                                        left: at(rating.elo - rating.eloError),
                                                        right: `calc(100% - ${at(rating.elo + rating.eloError)})`,
                                                    }}
                                                />
                                                <b style={{ left: at(rating.elo) }} />
                                            </td>
                                        </>
                                    ) : (
                                        <td class="muted" colSpan={2}>
                                            no match yet
                                        </td>
                                    )}
                                    <td class="number muted">{whole(rating.games)}</td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
        </section>
    );
}
