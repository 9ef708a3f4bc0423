import assert from "node:assert/strict";
import { test } from "node:test";
import type { Content } from "../src/api/types";
import { Camera } from "../src/match/draw/camera";
import { atLevel, costOf } from "../src/match/hud/facts";
import { canLearn, nextPurchase, recommended } from "../src/match/play/abilities";
import { loadSettings, usual } from "../src/match/play/settings";

const content = {
    items: [
        { name: "sword", price: 350, stats: {}, text: "" },
        { name: "gloves", price: 300, stats: {}, text: "" },
        { name: "blade", price: 1200, from: ["sword", "gloves"], stats: {}, text: "" },
        { name: "great", price: 3000, from: [2, 0], stats: {}, text: "" },
    ],
} as unknown as Content;

test("an item costs its price less that of its parts at hand, each handed in once", () => {
    assert.equal(costOf(content, 2, []), 1200);
    assert.equal(costOf(content, 2, [0]), 850);
    assert.equal(costOf(content, 3, [0]), 2650);
    assert.equal(costOf(content, 3, [2, 0]), 1450);
    assert.equal(costOf(content, 3, [0, 0, 1]), 2000);
    assert.equal(costOf(content, 0, [0]), 350);
});

test("a list by level goes on with its last entry", () => {
    assert.equal(atLevel([10, 9], 1), 10);
    assert.equal(atLevel([10, 9], 4), 9);
    assert.equal(atLevel(7, 3), 7);
    assert.equal(atLevel([], 3), 0);
});

test("zooming keeps the place under the pointer, and the screen's up is the world's", () => {
    const camera = new Camera(128, 128);
    camera.resize(1366, 768);
    camera.zoomTo(26);
    camera.lookAt(5, 7);
    const x = camera.worldX(300);
    const y = camera.worldY(200);
    camera.zoomAt(1.3, 300, 200);
    assert.ok(Math.abs(camera.worldX(300) - x) < 1e-9 && Math.abs(camera.worldY(200) - y) < 1e-9);
    assert.ok(camera.worldY(100) > camera.worldY(200));
    assert.ok(Math.abs(camera.screenX(camera.worldX(640)) - 640) < 1e-9);
});

test("the picture never leaves the map", () => {
    const camera = new Camera(128, 128);
    camera.resize(1000, 700);
    camera.zoomTo(30);
    camera.lookAt(1e6, -1e6);
    assert.ok(camera.x < 70 && camera.y > -70);
    camera.zoomTo(0.001);
    assert.ok(camera.zoom >= 700 / 140);
});

test("a skill's next level needs a point and a hero's level", () => {
    assert.equal(canLearn(0, 0, 1, 1), true);
    assert.equal(canLearn(0, 1, 2, 1), false);
    assert.equal(canLearn(0, 1, 3, 1), true);
    assert.equal(canLearn(3, 0, 5, 1), false);
    assert.equal(canLearn(3, 0, 6, 1), true);
    assert.equal(canLearn(0, 4, 15, 1), false);
    assert.equal(canLearn(0, 0, 1, 0), false);
});

test("the recommended purchase is the next item of the build, or a missing part of it that can be paid", () => {
    const known = { ...content, heroes: [{ build: ["blade", "great", "sword"] }] } as unknown as Content;
    assert.deepEqual(recommended(known, 0, [0]), [2, 3]);
    assert.equal(nextPurchase(known, 0, [], 1200), 2);
    assert.equal(nextPurchase(known, 0, [], 500), 0);
    assert.equal(nextPurchase(known, 0, [0], 320), 1);
    assert.equal(nextPurchase(known, 0, [0], 100), -1);
    assert.equal(nextPurchase(known, 0, [2], 400), 0);
});

test("settings that were kept come back; what is damaged or of another kind is the usual", () => {
    const store = (kept: string | null) => ({ getItem: () => kept });
    assert.deepEqual(loadSettings(store(null)), usual);
    assert.deepEqual(loadSettings(store("{")), usual);
    assert.deepEqual(loadSettings(store('{"quickCast": true, "zoom": "far"}')), { ...usual, quickCast: true });
});
