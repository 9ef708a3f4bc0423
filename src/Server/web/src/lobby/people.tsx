import type { JSX } from "preact";
import { api } from "../api/client";
import { usePoll } from "../api/poll";

const most = 10;

/** Who has played here and how well; nothing until somebody has. */
export function People(): JSX.Element | null {
    const people = usePoll("people", 30_000, signal => api.people(signal));
    if (!people.value?.length) return null;
    return (
        <section class="card">
            <header>
                <h2>Ratings of people</h2>
                <span class="muted">95 % intervals</span>
            </header>
            <table class="table">
                <thead>
                    <tr>
                        <th>Name</th>
                        <th class="number">Rating</th>
                        <th class="number">Games</th>
                        <th class="number">Won</th>
                    </tr>
                </thead>
                <tbody>
                    {people.value.slice(0, most).map((person, i) => (
                        <tr key={`${person.name}/${i}`}>
                            <td>{person.name}</td>
                            <td class="number">
                                {person.rating.toFixed(0)} <span class="muted">± {person.error.toFixed(0)}</span>
                            </td>
                            <td class="number">{person.games}</td>
                            <td class="number">{person.wins}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </section>
    );
}
