"""Spaces in gymnasium's manner without gymnasium: what PettingZoo's parallel API asks of them, and a way to the real ones."""

from __future__ import annotations

import numpy as np

from .spec import Spec


class ActionSpace:
    """One agent's actions: whole numbers int16 [heads], each below its head's number of options.

    Attributes:
        nvec: int64 [heads]: options of each head.
        shape, dtype: of one action.
    """

    def __init__(self, spec: Spec):
        self._spec = spec
        self._rng = np.random.default_rng()
        self.nvec = np.array([h.size for h in spec.heads], np.int64)
        self.shape = (len(spec.heads),)
        self.dtype = np.dtype(np.int16)

    def seed(self, seed: int | None = None) -> None:
        self._rng = np.random.default_rng(seed)

    def sample(self, mask: np.ndarray | None = None) -> np.ndarray:
        """An action at random: a legal one if the agent's mask is given, uint8 [mask_bytes]; else most likely an illegal one."""
        if mask is None:
            return self._rng.integers(self.nvec).astype(np.int16)
        return self._spec.random_actions(np.asarray(mask, np.uint8), self._rng)

    def contains(self, action) -> bool:
        """Whether it is an action; -1 stands for nothing in heads that the verb does not use."""
        action = np.asarray(action)
        return action.shape == self.shape and np.issubdtype(action.dtype, np.integer) and bool(((action >= -1) & (action < self.nvec)).all() and action[0] >= 0)

    __contains__ = contains

    def to_gymnasium(self):
        """``gymnasium.spaces.MultiDiscrete`` of the same actions; its heads have no -1, the server disregards those that a verb does not use."""
        from gymnasium.spaces import MultiDiscrete

        return MultiDiscrete(self.nvec)

    def __repr__(self) -> str:
        return f"ActionSpace({self.nvec.tolist()})"


class Bytes:
    """Arrays uint8 of a shape with values up to ``high``."""

    def __init__(self, shape: tuple[int, ...], high: int = 255):
        self.shape = shape
        self.high = high
        self.dtype = np.dtype(np.uint8)
        self._rng = np.random.default_rng()

    def seed(self, seed: int | None = None) -> None:
        self._rng = np.random.default_rng(seed)

    def sample(self) -> np.ndarray:
        return self._rng.integers(self.high + 1, size=self.shape, dtype=np.uint8)

    def contains(self, value) -> bool:
        value = np.asarray(value)
        return value.shape == self.shape and value.dtype == self.dtype and bool((value <= self.high).all())

    __contains__ = contains

    def to_gymnasium(self):
        from gymnasium.spaces import Box

        return Box(0, self.high, self.shape, np.uint8)

    def __repr__(self) -> str:
        return f"Bytes({self.shape}, high={self.high})"


class ObservationSpace:
    """One agent's ``{"observation": uint8 [observation_bytes], "action_mask": uint8 [mask_bytes]}``."""

    def __init__(self, spec: Spec):
        self.spaces = {"observation": Bytes((spec.observation_bytes,)), "action_mask": Bytes((spec.mask_bytes,), high=1)}

    def __getitem__(self, name: str) -> Bytes:
        return self.spaces[name]

    def seed(self, seed: int | None = None) -> None:
        for i, space in enumerate(self.spaces.values()):
            space.seed(None if seed is None else seed + i)

    def sample(self) -> dict[str, np.ndarray]:
        return {name: space.sample() for name, space in self.spaces.items()}

    def contains(self, value) -> bool:
        return isinstance(value, dict) and value.keys() == self.spaces.keys() and all(space.contains(value[name]) for name, space in self.spaces.items())

    __contains__ = contains

    def to_gymnasium(self):
        from gymnasium.spaces import Dict

        return Dict({name: space.to_gymnasium() for name, space in self.spaces.items()})

    def __repr__(self) -> str:
        return f"ObservationSpace({self.spaces})"
