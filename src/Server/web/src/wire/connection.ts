import { decode, encode } from "@msgpack/msgpack";

/** A frame as the server sends it: an array whose first element names it. */
export type Frame = [name: string, ...rest: unknown[]];

export type Link = "connecting" | "open" | "lost" | "closed";

export interface ConnectionOptions {
    /** Path with query, as `/ws/match/12?view=all`. */
    path: string;
    onFrame: (frame: Frame) => void;
    /** `lost`: a new attempt is made by itself; `closed`: for good, with the server's reason where it gave one. */
    onLink: (link: Link, reason: string) => void;
}

const longestWait = 5_000;

/** How long to wait before attempt `n` (0, 1, …), in ms: doubling from 250 up to 5 s. */
export function waitBefore(attempt: number): number {
    return Math.min(longestWait, 250 * 2 ** Math.min(attempt, 10));
}

/** Codes of a close that a new attempt cannot mend: refused by policy or gone. */
const final = new Set([1000, 1008, 4000, 4001, 4003, 4004, 4029]);

/** A WebSocket of binary MessagePack frames that connects again by itself until closed. */
export class Connection {
    private socket: WebSocket | null = null;
    private timer: ReturnType<typeof setTimeout> | undefined;
    private attempt = 0;
    private done = false;
    private said = "";

    constructor(private readonly options: ConnectionOptions) {
        this.connect();
    }

    get isOpen(): boolean {
        return this.socket?.readyState === WebSocket.OPEN;
    }

    /** Sends a frame; false when there is no connection just now. */
    send(frame: Frame): boolean {
        if (!this.isOpen) return false;
        this.socket!.send(encode(frame));
        return true;
    }

    close(): void {
        this.done = true;
        clearTimeout(this.timer);
        this.socket?.close(1000);
    }

    private connect(): void {
        this.options.onLink("connecting", "");
        const url = new URL(this.options.path, location.href);
        url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
        const socket = new WebSocket(url);
        socket.binaryType = "arraybuffer";
        this.socket = socket;
        this.said = "";
        socket.onopen = () => {
            this.attempt = 0;
            this.options.onLink("open", "");
        };
        socket.onmessage = event => {
            if (!(event.data instanceof ArrayBuffer)) return;
            const frame = decode(event.data) as Frame;
            if (frame[0] === "error") this.said = String(frame[1]);
            this.options.onFrame(frame);
        };
        socket.onclose = event => {
            if (this.socket !== socket) return;
            this.socket = null;
            const reason = this.said || event.reason;
            if (this.done || final.has(event.code)) {
                this.done = true;
                this.options.onLink("closed", reason);
                return;
            }
            this.options.onLink("lost", reason);
            this.timer = setTimeout(() => this.connect(), waitBefore(this.attempt++));
        };
    }
}
