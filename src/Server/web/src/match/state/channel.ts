import type { View } from "./frames";
import { Match } from "./match";
import { readMind } from "./mind";
import { ProtocolError } from "./schema";

export interface Listener {
    /** A match was joined; after a reconnection it is a new one. */
    match(match: Match): void;
    ended?(result: Record<string, unknown>): void;
    refused?(sequence: number, reason: string): void;
    /** How a replay goes on from here. */
    position?(speed: number, paused: boolean): void;
    /** The server spoke of an error, or sent what this page does not understand. */
    failed?(reason: string): void;
}

/** What is said to and heard from the server about one match, whatever carries the frames. */
export class Channel {
    match: Match | null = null;
    /** Round trip of the last `time` frame in milliseconds; NaN before the first. */
    lag = Number.NaN;
    /** Orders given since the page was opened. */
    ordered = 0;
    private sequence = 0;
    private readonly send: (frame: [string, ...unknown[]]) => boolean;
    private readonly listener: Listener;
    private readonly clock: () => number;

    /**
     * @param send Says whether there was a line to send on.
     * @param clock Seconds.
     */
    constructor(
        send: (frame: [string, ...unknown[]]) => boolean,
        listener: Listener,
        clock: () => number = () => performance.now() / 1000,
    ) {
        this.send = send;
        this.listener = listener;
        this.clock = clock;
    }

    /** Sends an order; answers its sequence number, or 0 when there is no line. */
    order(verb: string, target = -1, x = 0, y = 0): number {
        this.ordered++;
        return this.numbered("order", verb, target, x, y);
    }

    buy(item: number): number {
        return this.numbered("buy", item);
    }

    sell(item: number): number {
        return this.numbered("sell", item);
    }

    learn(skill: number): number {
        return this.numbered("learn", skill);
    }

    /** Whether the recommended build shops and learns by itself. */
    auto(shop: boolean, skills: boolean): number {
        return this.numbered("auto", shop, skills);
    }

    ping(x: number, y: number, kind: number | string): void {
        this.send(["ping", x, y, kind]);
    }

    select(unit: number): void {
        this.send(["select", unit]);
    }

    view(view: View): void {
        this.send(["view", view]);
    }

    seek(tick: number): void {
        this.send(["seek", Math.max(0, Math.round(tick))]);
    }

    speed(factor: number): void {
        this.send(["speed", factor]);
    }

    pause(paused: boolean): void {
        this.send(["pause", paused]);
    }

    /** Asks for the time it takes; to be called about once a second. */
    askTime(): void {
        this.send(["time", Math.round(this.clock() * 1000)]);
    }

    /** Takes in a frame of the server. Never throws: what cannot be understood is told to the listener. */
    take(frame: readonly unknown[]): void {
        try {
            this.dispatch(String(frame[0]), frame);
        } catch (error) {
            if (!(error instanceof ProtocolError)) throw error;
            this.listener.failed?.(`The server sent what this page does not understand: ${error.message}.`);
        }
    }

    private numbered(name: string, ...rest: unknown[]): number {
        const sequence = ++this.sequence;
        return this.send([name, sequence, ...rest]) ? sequence : 0;
    }

    private dispatch(name: string, frame: readonly unknown[]): void {
        const match = this.match;
        switch (name) {
            case "hello":
                this.match = new Match(Match.readHello(frame[1]), match);
                this.listener.match(this.match);
                return;
            case "full":
            case "delta":
                match?.apply(name === "full", Number(frame[1]), frame[2], this.clock());
                return;
            case "events":
                match?.applyEvents(Number(frame[1]), frame[2]);
                return;
            case "curves":
                match?.applyCurves(frame[1]);
                return;
            case "chronicle":
                match?.applyChronicle(frame[1]);
                return;
            case "position":
                if (match) match.playout.speed = frame[3] === true ? 0 : Number(frame[2]);
                this.listener.position?.(Number(frame[2]), frame[3] === true);
                return;
            case "mind":
                if (match) match.mind = readMind(frame[1], match.mind);
                return;
            case "ack":
                if (frame[2] !== true) this.listener.refused?.(Number(frame[1]), String(frame[3] ?? "not possible now"));
                return;
            case "pong":
                this.lag = Math.max(0, this.clock() * 1000 - Number(frame[1]));
                return;
            case "end": {
                const result = (frame[1] as Record<string, unknown> | undefined) ?? {};
                if (match) match.end = result;
                this.listener.ended?.(result);
                return;
            }
            case "error":
                this.listener.failed?.(String(frame[1] ?? "the server closed the connection"));
                return;
            default:
                // Frames of a newer server that this page does not know.
                return;
        }
    }
}
