/** A live match or a replay, watched. */
export default function WatchView({ kind, id }: { kind: "match" | "replay"; id: string }) {
    return (
        <main class="page">
            <p>
                {kind} {id}
            </p>
        </main>
    );
}
