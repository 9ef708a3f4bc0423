import assert from "node:assert/strict";
import { test } from "node:test";
import { advance, emptyRoom, stageOf } from "../src/lobby/frames";
import { type Frame, waitBefore } from "../src/wire/connection";
import { FrameTap } from "../src/wire/tap";

test("a view that comes late gets the newest whole state and what follows, in order and once", () => {
    const tap = new FrameTap();
    const frames: Frame[] = [
        ["hello", 1],
        ["full", 1],
        ["delta", 2],
        ["hello", 2],
        ["full", 3],
        ["delta", 4],
        ["full", 5],
        ["events", 5],
        ["delta", 6],
    ];
    for (const frame of frames) tap.push(frame);
    const seen: Frame[] = [];
    const end = tap.take(frame => seen.push(frame));
    assert.deepEqual(seen, [
        ["hello", 2],
        ["full", 5],
        ["events", 5],
        ["delta", 6],
    ]);
    tap.push(["delta", 7]);
    assert.equal(seen.length, 5);
    end();
    tap.push(["delta", 8]);
    assert.equal(seen.length, 5);
});

test("who listens beside the view hears every frame until it stops", () => {
    const tap = new FrameTap();
    const heard: Frame[] = [];
    const end = tap.listen(frame => heard.push(frame));
    tap.push(["ack", 1, true]);
    end();
    tap.push(["ack", 2, true]);
    assert.deepEqual(heard, [["ack", 1, true]]);
});

test("attempts to connect come soon at first and never more than five seconds apart", () => {
    const waits = Array.from({ length: 2000 }, (_, i) => waitBefore(i));
    assert.ok(waits[0]! <= 500);
    assert.ok(waits.every((wait, i) => wait <= 5_000 && (i === 0 || wait >= waits[i - 1]!)));
});

test("a room goes from lobby over draft and match to its result", () => {
    const hello = (stage: string): Frame => ["hello", { stage, seat: null, seats: [] }];
    let room = emptyRoom;
    assert.equal(stageOf(room), null);
    const steps: [Frame, string][] = [
        [hello("lobby"), "lobby"],
        [["lobby", { seats: [] }], "lobby"],
        [["draft", { team: 0 }], "draft"],
        [hello("playing"), "playing"],
        [["delta", 3, []], "playing"],
        [["end", { winner: 1 }], "over"],
    ];
    for (const [frame, stage] of steps) {
        room = advance(room, frame);
        assert.equal(stageOf(room), stage);
    }
});
