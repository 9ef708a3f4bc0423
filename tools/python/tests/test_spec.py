import struct
import unittest

import numpy as np

from selfplayarena import Spec


def feature(name, kind, size=1, scale=1.0):
    return {"Name": name, "Kind": kind, "Size": size, "Scale": scale, "Unit": "cells"}


RAW = {
    "Name": "tiny", "ContentHash": "0", "Teams": 2, "AgentsPerTeam": 1, "SecondsPerDecision": 0.5,
    "Observation": [
        {"Name": "own", "EntityType": "own", "Slots": 1, "Features": [feature("hp", "Scalar8", scale=10)], "Offset": 0},
        {"Name": "near", "EntityType": "thing", "Slots": 2, "Offset": 2, "Features": [
            feature("x", "Half", scale=4), feature("type", "Categorical", 3), feature("flags", "BitSet", 10), feature("y", "Scalar8", scale=2)]},
    ],
    "FullState": [],
    "Heads": [
        {"Name": "verb", "Options": ["stay", "move", "hit"], "PointerBlocks": None, "MaskRows": [0]},
        {"Name": "way", "Options": ["a", "b", "c", "d"], "PointerBlocks": None, "MaskRows": [-1, 1, 0]},
        {"Name": "whom", "Options": ["near[0]", "near[1]"], "PointerBlocks": ["near"], "MaskRows": [-1, -1, 0]},
    ],
    "ValueHeads": ["win"], "Rewards": [{"Name": "win", "ValueHead": "win", "Weight": 3.0}], "ScriptedPlayers": [],
}

OBSERVATION = bytes([1, 0x81]) + bytes([0, 1]) + bytes(6) + struct.pack("<e", 0.5) + bytes([2, 0b00000101, 0b10, 127])
# verb, way's two rows (for hit, for move), whom's one
MASK = bytes([1, 1, 1]) + bytes([0, 0, 0, 1]) + bytes([1, 0, 1, 0]) + bytes([0, 0])


class SpecTests(unittest.TestCase):
    def setUp(self):
        self.spec = Spec(RAW)
        self.mask = np.frombuffer(MASK, np.uint8)

    def test_sizes_add_up(self):
        self.assertEqual((self.spec.observation_bytes, self.spec.mask_bytes, self.spec.agents), (len(OBSERVATION), len(MASK), 2))

    def test_every_kind_of_feature_is_decoded_also_in_arrays(self):
        one = np.frombuffer(OBSERVATION, np.uint8)
        for shape in [(), (3,), (2, 5)]:
            decoded = self.spec.decode(np.broadcast_to(one, (*shape, len(one))))
            self.assertEqual(decoded["own"]["hp"].shape, (*shape, 1))
            near = {name: value.reshape(-1, *value.shape[len(shape):])[0] for name, value in decoded["near"].items()}
            self.assertEqual(near["present"].tolist(), [False, True])
            self.assertEqual(near["x"].tolist(), [0.0, 2.0])
            self.assertEqual(near["type"].tolist(), [0, 2])
            self.assertEqual(np.flatnonzero(near["flags"][1]).tolist(), [0, 2, 9])
            self.assertEqual(near["y"].tolist(), [0.0, 2.0])
        self.assertAlmostEqual(float(self.spec.decode(one)["own"]["hp"][0]), -10.0, places=5)

    def test_inputs_are_what_networks_see(self):
        inputs, present = self.spec.inputs(np.frombuffer(OBSERVATION, np.uint8))["near"]
        self.assertEqual(inputs.shape, (2, 1 + 3 + 10 + 1))
        self.assertEqual(inputs.dtype, np.float32)
        self.assertEqual(inputs[1].tolist(), [0.5, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1.0])
        self.assertEqual(present.tolist(), [False, True])

    def test_masks_are_read_by_the_row_that_the_verb_uses(self):
        legal = lambda head, verb: self.spec.legal_options(self.mask, head, verb).tolist()
        self.assertEqual(legal(1, 0), [False] * 4)
        self.assertEqual(legal(1, 1), [True, False, True, False])
        self.assertEqual(legal(1, 2), [False, False, False, True])
        self.assertEqual(legal(2, 2), [False, False])
        several = self.spec.legal_options(np.tile(self.mask, (2, 3, 1)), 1, np.array([[0, 1, 2], [2, 1, 0]]))
        self.assertEqual(several.sum(axis=-1).tolist(), [[0, 2, 1], [1, 2, 0]])

    def test_legality_is_the_servers(self):
        check = lambda *action: bool(self.spec.is_legal(self.mask, np.array(action)))
        self.assertTrue(check(0, -1, -1))
        self.assertTrue(check(0, 99, -5))
        self.assertTrue(check(1, 2, 7))
        self.assertFalse(check(1, 1, -1))
        self.assertFalse(check(1, -1, -1))
        self.assertFalse(check(3, 0, 0))
        self.assertFalse(check(-1, 0, 0))
        self.assertTrue(check(2, 3, 0))

    def test_random_actions_are_legal_and_reach_everything_legal(self):
        actions = self.spec.random_actions(np.tile(self.mask, (4000, 1)), np.random.default_rng(5))
        self.assertTrue(self.spec.is_legal(np.tile(self.mask, (4000, 1)), actions).all())
        self.assertEqual({tuple(a) for a in actions.tolist()}, {(0, -1, -1), (1, 0, -1), (1, 2, -1), (2, 3, -1)})
        verbs = np.bincount(actions[:, 0])
        self.assertTrue((abs(verbs - 4000 / 3) < 150).all(), verbs)

    def test_a_block_that_is_not_there_is_named(self):
        with self.assertRaisesRegex(KeyError, "they have: own, near"):
            self.spec.block("far")


if __name__ == "__main__":
    unittest.main()
