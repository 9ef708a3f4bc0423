import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameCost } from "../src/match/draw/cost";

test("a frame's cost is told of the newest frames alone, with its rare slow ones", () => {
    const cost = new FrameCost();
    assert.deepEqual(cost.summary(), { frames: 0, mean: 0, median: 0, p99: 0 });
    cost.add(3);
    assert.deepEqual(cost.summary(), { frames: 1, mean: 3, median: 3, p99: 3 });
    for (let i = 0; i < 3000; i++) cost.add(i % 50 === 0 ? 20 : 1);
    const { frames, mean, median, p99 } = cost.summary();
    assert.equal(frames, 1024);
    assert.ok(mean > 1.3 && mean < 1.5);
    assert.equal(median, 1);
    assert.equal(p99, 20);
});
