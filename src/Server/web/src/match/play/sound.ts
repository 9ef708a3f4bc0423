import type { Match } from "../state/match";

type Note = readonly [frequency: number, seconds: number, shape: OscillatorType, loudness: number];

const notes: Record<string, readonly Note[]> = {
    kill: [
        [440, 0.09, "triangle", 0.2],
        [660, 0.16, "triangle", 0.2],
    ],
    death: [
        [330, 0.12, "sawtooth", 0.12],
        [196, 0.3, "sawtooth", 0.12],
    ],
    structure: [[110, 0.5, "triangle", 0.3]],
    epic: [[147, 0.5, "triangle", 0.3]],
    ping: [[880, 0.1, "sine", 0.2]],
    level: [
        [523, 0.08, "sine", 0.15],
        [784, 0.14, "sine", 0.15],
    ],
};

/** A few short tones for what matters, made on the spot. */
export class Sound {
    private context: AudioContext | null = null;
    private heard = 0;

    /** Plays what is new in the match's events. */
    follow(match: Match, own: number, on: boolean): void {
        const since = this.heard;
        this.heard = match.tick;
        if (!on || since === 0) return;
        for (const event of match.events) {
            if (event.tick <= since || event.tick > match.tick) continue;
            this.play(event.kind === "kill" && event.victim === own ? "death" : event.kind);
        }
    }

    close(): void {
        void this.context?.close();
    }

    private play(name: string): void {
        const tune = notes[name];
        if (!tune) return;
        this.context ??= new AudioContext();
        let at = this.context.currentTime;
        for (const [frequency, seconds, shape, loudness] of tune) {
            const tone = this.context.createOscillator();
            const volume = this.context.createGain();
            tone.type = shape;
            tone.frequency.value = frequency;
            volume.gain.setValueAtTime(loudness, at);
            volume.gain.exponentialRampToValueAtTime(0.001, at + seconds);
            tone.connect(volume).connect(this.context.destination);
            tone.start(at);
            tone.stop(at + seconds);
            at += seconds * 0.8;
        }
    }
}
