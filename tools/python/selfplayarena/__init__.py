"""Drives matches of a SelfPlayArena server from Python: :class:`ParallelEnv` for one match, :class:`BatchEnv` for many."""

from .batch import BatchEnv
from .connection import ArenaError, Outcome, State, Stepped
from .parallel import ParallelEnv
from .spec import Block, Feature, Head, RewardTerm, Spec
from .websocket import WebSocketError

__all__ = ["ArenaError", "BatchEnv", "Block", "Feature", "Head", "Outcome", "ParallelEnv", "RewardTerm", "Spec", "State", "Stepped", "WebSocketError"]
__version__ = "0.1.0"
