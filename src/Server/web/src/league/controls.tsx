import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../api/client";
import type { League } from "../api/types";
import { Dialog } from "../ui/dialog";
import { Failure } from "../ui/failure";
import { Icon } from "../ui/icon";

type Action = "pause" | "resume" | "snapshot" | "stop";

const done: Record<Action, string> = {
    pause: "Pausing: running matches wait where they are.",
    resume: "Going on.",
    snapshot: "A version is frozen after the current update.",
    stop: "Saving and stopping.",
};

/** Pause, resume, snapshot and stop of the run that the server itself trains. */
export function RunControls({ league, onDone }: { league: League; onDone: () => void }): JSX.Element | null {
    const [busy, setBusy] = useState<Action | null>(null);
    const [error, setError] = useState<unknown>(null);
    const [said, setSaid] = useState("");
    const [asking, setAsking] = useState(false);
    const act = async (action: Action) => {
        setBusy(action);
        setError(null);
        setSaid("");
        try {
            await api.control(action);
            setSaid(done[action]);
        } catch (reason) {
            setError(reason);
        } finally {
            setBusy(null);
            onDone();
        }
    };
    if (league.state === "stopped") return null;
    const paused = league.state === "paused";
    return (
        <div class="run-controls">
            <button type="button" class="button" disabled={busy !== null} onClick={() => act(paused ? "resume" : "pause")}>
                <Icon name={paused ? "play" : "pause"} size={16} />
                {paused ? "Resume" : "Pause"}
            </button>
            <button
                type="button"
                class="button"
                disabled={busy !== null}
                onClick={() => act("snapshot")}
                title="Freezes the learning policy as a new member of the league"
            >
                <Icon name="camera" size={16} />
                Snapshot
            </button>
            <button type="button" class="button danger" disabled={busy !== null} onClick={() => setAsking(true)}>
                <Icon name="stop" size={16} />
                Stop
            </button>
            <span class="said" role="status">
                {said}
            </span>
            {error !== null && <Failure error={error} />}
            {asking && (
                <Dialog title={`Stop ${league.run}?`} onClose={() => setAsking(false)}>
                    <p>The run is saved and its training ends. It goes on later with</p>
                    <p>
                        <code class="command">./arena league --resume --name {league.run}</code>
                    </p>
                    <div class="actions">
                        <button type="button" class="button" onClick={() => setAsking(false)} autofocus>
                            Let it run
                        </button>
                        <button
                            type="button"
                            class="button danger"
                            onClick={() => {
                                setAsking(false);
                                void act("stop");
                            }}
                        >
                            Save and stop
                        </button>
                    </div>
                </Dialog>
            )}
        </div>
    );
}
