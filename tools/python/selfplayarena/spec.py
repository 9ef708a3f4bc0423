"""What an environment's observations, masks, actions and rewards are made of, as the server describes them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

_HALF_STEPS = 127.0


@dataclass(frozen=True)
class Feature:
    """One named feature of a block.

    Attributes:
        name: unique within its block.
        kind: ``Scalar8``, ``Half``, ``Categorical`` or ``BitSet``.
        size: 1 for numbers; how many categories or bits otherwise.
        scale: what 1.0 stands for in ``unit`` (numbers only).
        unit: unit of the value, ``1`` for ratios and flags.
        offset: byte within a slot's row.
    """

    name: str
    kind: str
    size: int
    scale: float
    unit: str
    offset: int

    @property
    def bytes(self) -> int:
        return 2 if self.kind == "Half" else (self.size + 7) // 8 if self.kind == "BitSet" else 1

    @property
    def width(self) -> int:
        """Numbers that the feature becomes in :meth:`Block.inputs`."""
        return 1 if self.kind in ("Scalar8", "Half") else self.size

    def normalised(self, rows: np.ndarray) -> np.ndarray:
        """What a network sees: float32 [..., width], numbers in about [-1, 1], one-hot categories, bits as 0 and 1."""
        part = rows[..., self.offset:self.offset + self.bytes]
        if self.kind == "Scalar8":
            return part.view(np.int8).astype(np.float32) / np.float32(_HALF_STEPS)
        if self.kind == "Half":
            return np.ascontiguousarray(part).view("<f2").astype(np.float32)
        if self.kind == "BitSet":
            return np.unpackbits(part, axis=-1, count=self.size, bitorder="little").astype(np.float32)
        return (part == np.arange(self.size, dtype=np.uint8)).astype(np.float32)

    def values(self, rows: np.ndarray) -> np.ndarray:
        """The feature in its unit: float32 [...] for numbers, uint8 [...] for categories, bool [..., size] for bits."""
        if self.kind == "Categorical":
            return rows[..., self.offset]
        found = self.normalised(rows)
        return found > 0 if self.kind == "BitSet" else found[..., 0] * np.float32(self.scale)


@dataclass(frozen=True)
class Block:
    """A block of entities: ``slots`` presence bytes, then as many rows of features. Rows of absent slots are zero."""

    name: str
    entity_type: str
    slots: int
    features: tuple[Feature, ...]
    offset: int

    @property
    def slot_bytes(self) -> int:
        return sum(f.bytes for f in self.features)

    @property
    def bytes(self) -> int:
        return self.slots * (1 + self.slot_bytes)

    @property
    def width(self) -> int:
        """Numbers of one slot in :meth:`inputs`."""
        return sum(f.width for f in self.features)

    def present(self, observation: np.ndarray) -> np.ndarray:
        """bool [..., slots] of uint8 [..., bytes]."""
        return observation[..., self.offset:self.offset + self.slots] != 0

    def rows(self, observation: np.ndarray) -> np.ndarray:
        """uint8 [..., slots, slot_bytes] of uint8 [..., bytes]."""
        start = self.offset + self.slots
        part = observation[..., start:start + self.slots * self.slot_bytes]
        return part.reshape(*observation.shape[:-1], self.slots, self.slot_bytes)

    def inputs(self, observation: np.ndarray) -> np.ndarray:
        """float32 [..., slots, width]: all features as networks see them, in order."""
        rows = self.rows(observation)
        return np.concatenate([f.normalised(rows) for f in self.features], axis=-1)

    def decode(self, observation: np.ndarray) -> dict[str, np.ndarray]:
        """Features by name in their units, and ``present``.

        Shapes: ``present`` bool [..., slots]; numbers float32 [..., slots]; categories uint8 [..., slots]; bits bool [..., slots, size].
        """
        rows = self.rows(observation)
        decoded = {f.name: f.values(rows) for f in self.features}
        decoded["present"] = self.present(observation)
        return decoded


@dataclass(frozen=True)
class Head:
    """One part of an action. Head 0 is the verb.

    Attributes:
        options: names of the options, in order.
        pointer_blocks: the blocks whose slots the options are, or ``None``.
        mask_rows: for each verb the row of this head's mask that applies, -1 where the verb does not use the head.
        mask_row_count: rows of this head in a mask.
        mask_offset: byte of the first row within a mask.
    """

    name: str
    options: tuple[str, ...]
    pointer_blocks: tuple[str, ...] | None
    mask_rows: tuple[int, ...]
    mask_row_count: int
    mask_offset: int

    @property
    def size(self) -> int:
        return len(self.options)


@dataclass(frozen=True)
class RewardTerm:
    """A named part of the reward, the value head that learns it, and its default weight."""

    name: str
    value_head: str
    weight: float


class Spec:
    """An environment's interface. ``raw`` is the server's description as it came.

    Attributes:
        name: environment and mode, for example ``moba/1v1``.
        teams, agents_per_team, agents: agents are numbered team by team.
        observation: blocks of an observation, in order.
        full_state: blocks of the privileged state of one team, in order.
        heads: parts of an action, in order.
        rewards: terms, in order.
        observation_bytes, mask_bytes, full_state_bytes: sizes of one of each.
        scripted_players: names, each with its version.
        seconds_per_decision: game time between two decisions.
    """

    def __init__(self, raw: dict):
        self.raw = raw
        self.name: str = raw["Name"]
        self.content_hash: str = raw["ContentHash"]
        self.teams: int = raw["Teams"]
        self.agents_per_team: int = raw["AgentsPerTeam"]
        self.seconds_per_decision: float = raw["SecondsPerDecision"]
        self.observation = _blocks(raw["Observation"])
        self.full_state = _blocks(raw["FullState"])
        self.heads = _heads(raw["Heads"])
        self.value_heads = tuple(raw["ValueHeads"])
        self.rewards = tuple(RewardTerm(r["Name"], r["ValueHead"], r["Weight"]) for r in raw["Rewards"])
        self.scripted_players = tuple(raw["ScriptedPlayers"])

    @property
    def agents(self) -> int:
        return self.teams * self.agents_per_team

    @cached_property
    def observation_bytes(self) -> int:
        return sum(b.bytes for b in self.observation)

    @cached_property
    def full_state_bytes(self) -> int:
        return sum(b.bytes for b in self.full_state)

    @cached_property
    def mask_bytes(self) -> int:
        return sum(h.mask_row_count * h.size for h in self.heads)

    @cached_property
    def reward_weights(self) -> np.ndarray:
        """float32 [terms]: the default weights."""
        return np.array([r.weight for r in self.rewards], np.float32)

    def block(self, name: str) -> Block:
        """The block of the observation of that name."""
        for block in self.observation:
            if block.name == name:
                return block
        raise KeyError(f"observations have no block '{name}'; they have: {', '.join(b.name for b in self.observation)}")

    def decode(self, observation: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
        """An observation, or any array of them, by block and feature; see :meth:`Block.decode`.

        Args:
            observation: uint8 [..., observation_bytes].
        """
        return {block.name: block.decode(observation) for block in self.observation}

    def inputs(self, observation: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """What a network sees of an observation: by block, features float32 [..., slots, width] and presence bool [..., slots]."""
        return {block.name: (block.inputs(observation), block.present(observation)) for block in self.observation}

    def legal_verbs(self, mask: np.ndarray) -> np.ndarray:
        """bool [..., verbs] of uint8 [..., mask_bytes]."""
        head = self.heads[0]
        return mask[..., head.mask_offset:head.mask_offset + head.size] != 0

    def legal_options(self, mask: np.ndarray, head: int, verb: np.ndarray) -> np.ndarray:
        """bool [..., options] of a head, given the verb of each agent; nothing is legal where the verb does not use the head.

        Args:
            mask: uint8 [..., mask_bytes].
            head: 1 and up.
            verb: whole numbers [...].
        """
        part = self.heads[head]
        flat = mask.reshape(-1, mask.shape[-1])
        # Splitting the last axis copies nothing: only the rows that apply are.
        rows = flat[:, part.mask_offset:part.mask_offset + part.mask_row_count * part.size].reshape(len(flat), part.mask_row_count, part.size)
        row = np.asarray(part.mask_rows)[np.asarray(verb).reshape(-1)]
        chosen = (rows[np.arange(len(flat)), np.maximum(row, 0)] != 0) & (row >= 0)[:, None]
        return chosen.reshape(*mask.shape[:-1], part.size)

    def random_actions(self, mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A legal action for each agent: uniform over verbs, then over the options of each head that the verb uses.

        Args:
            mask: uint8 [..., mask_bytes].

        Returns:
            int16 [..., heads], -1 where the verb does not use the head.
        """
        actions = np.empty((*mask.shape[:-1], len(self.heads)), np.int16)
        actions[..., 0] = _draw(self.legal_verbs(mask), rng)
        verb = np.maximum(actions[..., 0], 0)
        for head in range(1, len(self.heads)):
            actions[..., head] = _draw(self.legal_options(mask, head, verb), rng)
        return actions

    def is_legal(self, mask: np.ndarray, actions: np.ndarray) -> np.ndarray:
        """bool [...]: whether the server will play each action [..., heads] as it is. Heads that the verb does not use do not count."""
        verb = np.asarray(actions)[..., 0].astype(np.int64)
        legal = _holds(self.legal_verbs(mask), verb)
        for head in range(1, len(self.heads)):
            options = self.legal_options(mask, head, np.clip(verb, 0, self.heads[0].size - 1))
            legal &= _holds(options, np.asarray(actions)[..., head].astype(np.int64)) | ~options.any(axis=-1)
        return legal


def _holds(legal: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    inside = (chosen >= 0) & (chosen < legal.shape[-1])
    return inside & np.take_along_axis(legal, np.where(inside, chosen, 0)[..., None], axis=-1)[..., 0]


def _draw(legal: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    # The k-th legal option, k uniform: one number a row instead of one an option.
    count = np.cumsum(legal, axis=-1, dtype=np.int16)
    total = count[..., -1]
    k = (rng.random(total.shape, np.float32) * total).astype(np.int16)
    return np.where(total > 0, (count > np.minimum(k, total - 1)[..., None]).argmax(axis=-1), -1).astype(np.int16)


def _blocks(raw: list[dict]) -> tuple[Block, ...]:
    blocks = []
    for block in raw:
        offset = 0
        features = []
        for f in block["Features"]:
            features.append(Feature(f["Name"], f["Kind"], f["Size"], f["Scale"], f["Unit"], offset))
            offset += features[-1].bytes
        blocks.append(Block(block["Name"], block["EntityType"], block["Slots"], tuple(features), block["Offset"]))
    return tuple(blocks)


def _heads(raw: list[dict]) -> tuple[Head, ...]:
    heads = []
    offset = 0
    for h in raw:
        pointers = h["PointerBlocks"]
        rows = tuple(h["MaskRows"])
        count = max(rows, default=-1) + 1
        heads.append(Head(h["Name"], tuple(h["Options"]), None if pointers is None else tuple(pointers), rows, count, offset))
        offset += count * heads[-1].size
    return tuple(heads)
