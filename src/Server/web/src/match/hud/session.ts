import { api } from "../../api/client";
import type { Content } from "../../api/types";
import { title } from "../../ui/format";
import { Stage } from "../draw/stage";
import { Channel } from "../state/channel";
import { Ground } from "../state/ground";
import type { Match } from "../state/match";

/** Something to tell the person for a moment. */
export interface Notice {
    text: string;
    bad: boolean;
    until: number;
}

/** What the parts of a match's page share: the channel to the server, the picture, and the beat at which the page around it is drawn again. */
export class Session {
    readonly channel: Channel;
    readonly content: Content;
    match: Match | null = null;
    stage: Stage | null = null;
    notice: Notice | null = null;
    failure = "";
    /** Called when a match was joined, also again after a reconnection. */
    onMatch: ((match: Match, stage: Stage) => void) | null = null;
    onPosition: ((speed: number, paused: boolean) => void) | null = null;
    onEnd: ((result: Record<string, unknown>) => void) | null = null;
    private readonly host: HTMLElement;
    private readonly listeners = new Set<() => void>();
    private readonly beat: ReturnType<typeof setInterval>;
    private beats = 0;
    private opening: Promise<Stage> | null = null;
    private gone = false;

    constructor(host: HTMLElement, content: Content, send: (frame: [string, ...unknown[]]) => boolean) {
        this.host = host;
        this.content = content;
        this.channel = new Channel(send, {
            match: match => void this.joined(match),
            refused: (_, reason) => this.tell(reason, true),
            failed: reason => {
                this.failure = reason;
                this.changed();
            },
            position: (speed, paused) => this.onPosition?.(speed, paused),
            ended: result => {
                this.onEnd?.(result);
                this.changed();
            },
        });
        this.beat = setInterval(() => {
            if (this.beats++ % 8 === 0) this.channel.askTime();
            this.changed();
        }, 125);
    }

    /** Calls back whenever what is shown around the picture may have changed, eight times a second. */
    subscribe(listener: () => void): () => void {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
    }

    changed(): void {
        for (const listener of this.listeners) listener();
    }

    /** Says something for a few seconds. */
    tell(text: string, bad = false): void {
        this.notice = { text: text.charAt(0).toUpperCase() + text.slice(1), bad, until: performance.now() + 2600 };
        this.changed();
    }

    heroName(unit: number): string {
        const hero = this.match?.units.get(unit)?.type ?? this.match?.seatOf(unit)?.hero ?? -1;
        return title(this.content.heroes[hero]?.name ?? "hero");
    }

    close(): void {
        this.gone = true;
        clearInterval(this.beat);
        this.listeners.clear();
        this.stage?.destroy();
        this.stage = null;
    }

    private async joined(match: Match): Promise<void> {
        const again = this.match !== null;
        this.match = match;
        this.failure = "";
        if (match.hello.stage === "lobby" || match.hello.stage === "draft") {
            this.changed();
            return;
        }
        try {
            this.opening ??= this.open(match.hello.mode);
            const stage = await this.opening;
            if (this.gone || this.match !== match) return;
            stage.match = match;
            if (!again && match.hello.seat === null) stage.camera.overview();
            this.onMatch?.(match, stage);
        } catch (error) {
            this.failure = `The picture could not be made: ${error instanceof Error ? error.message : error}. Does this browser have WebGL?`;
        }
        this.changed();
    }

    private async open(mode: string): Promise<Stage> {
        const ground = new Ground(await api.map(mode));
        const stage = await Stage.open(this.host, ground, this.content, unit => this.heroName(unit));
        if (this.gone) stage.destroy();
        else this.stage = stage;
        return stage;
    }
}
