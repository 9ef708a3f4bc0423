"""The messages of ``/ws/env``: one batch of matches on a server, asked for and stepped over one connection."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import msgpack
import numpy as np

from .spec import Spec
from .websocket import WebSocket, WebSocketError

DEFAULT_URL = "http://127.0.0.1:5080"
PATH = "/ws/env"
PROTOCOL = 1


class ArenaError(Exception):
    """The server refused what was asked; the message says what was wrong and what is allowed. Nothing was stepped."""


@dataclass(frozen=True)
class Outcome:
    """How a match ended.

    Attributes:
        match: its place in the batch.
        seed: what it was started from.
        winner: team, or -1 for a draw.
        decisions: how many it took.
        reason: what ended it, for example ``ancient``.
        scores: one number a team, for reports.
    """

    match: int
    seed: int
    winner: int
    decisions: int
    reason: str
    scores: tuple[float, ...]


@dataclass(frozen=True)
class State:
    """What a ``state`` frame holds; shapes as in :class:`Stepped`."""

    observations: np.ndarray
    masks: np.ndarray
    full_state: np.ndarray | None


@dataclass(frozen=True)
class Stepped(State):
    """What a ``stepped`` frame holds: M matches, D driven agents in each. The arrays cannot be written to.

    Attributes:
        observations: uint8 [M, D, observation bytes]; of a match that ended, those of the next one when matches reset by themselves.
        masks: uint8 [M, D, mask bytes], 1 where an option is legal.
        full_state: uint8 [M, teams, full-state bytes], or ``None`` when it was not asked for.
        rewards: float32 [M, D, terms], unweighted.
        ended: bool [M]: matches that this step ended, or that are over and wait for a reset.
        illegal: bool [M, D]: actions that the masks did not allow; the agents did nothing instead.
        outcomes: one entry for each match that this step ended.
        seconds: what stepping took on the server.
    """

    rewards: np.ndarray
    ended: np.ndarray
    illegal: np.ndarray
    outcomes: tuple[Outcome, ...]
    seconds: float


class Connection:
    """A batch of matches on a server. :class:`BatchEnv` and :class:`ParallelEnv` are built on it.

    Args:
        url: the server, ``http://host:port``.
        request: what ``open`` takes, see the server's PROTOCOL.md.
        token: the server's token, where it demands one.
        timeout: seconds to wait for any answer.

    Raises:
        ArenaError: the request cannot be met.
        WebSocketError: nothing answers, or the server lets nobody in.
    """

    def __init__(self, url: str, request: dict, token: str | None = None, timeout: float | None = 60.0):
        parts = urlsplit(url)
        scheme = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}.get(parts.scheme)
        if scheme is None or not parts.netloc:
            raise ValueError(f"'{url}' is no server's address; allowed: http://host:port")
        address = urlunsplit((scheme, parts.netloc, parts.path.rstrip("/") + PATH, "", ""))
        self._socket = WebSocket(address, {} if token is None else {"Arena-Token": token}, timeout)
        try:
            self._send(["open", json.dumps(request)])
            (text,) = self._receive("opened")
            self.opened: dict = json.loads(text)
            if self.opened["protocol"] != PROTOCOL:
                raise ArenaError(f"the server speaks version {self.opened['protocol']} of the protocol, this client {PROTOCOL}")
        except BaseException:
            self._socket.close()
            raise
        self.spec = Spec(self.opened["spec"])
        self.matches: int = self.opened["matches"]
        self.driven_agents: int = self.opened["drivenAgents"]
        sizes = self.opened["bytes"]
        if (sizes["observation"], sizes["mask"]) != (self.spec.observation_bytes, self.spec.mask_bytes):
            raise ArenaError("the server's sizes are not those that its description adds up to")
        self._full_state_bytes: int = sizes["fullState"]

    def reset(self, seed: int | None = None, matches: list[int] | None = None) -> State:
        """Starts matches anew: all, or those given. Without a seed their sequence of seeds goes on."""
        self._send(["reset", seed, matches])
        return self._state(*self._receive("state"))

    def send_step(self, actions: np.ndarray) -> None:
        """Sends actions, int16 [M, D, heads]; :meth:`receive_step` takes the answer."""
        given = np.asarray(actions)
        wanted = (self.matches, self.driven_agents, len(self.spec.heads))
        if given.shape != wanted or not np.issubdtype(given.dtype, np.integer):
            raise ValueError(f"actions are {given.dtype} {list(given.shape)}; allowed: whole numbers {list(wanted)} [matches, driven agents, heads]")
        if given.dtype != np.int16:
            # What does not fit would come round as something else: no option has a number that large, so it stays illegal.
            given = np.clip(given, -1, np.iinfo(np.int16).max)
        self._send(["step", np.ascontiguousarray(given, "<i2").tobytes()])

    def receive_step(self) -> Stepped:
        """The answer to :meth:`send_step`."""
        observations, masks, full, rewards, status, illegal, outcomes, seconds = self._receive("stepped")
        state = self._state(observations, masks, full)
        rows = (self.matches, self.driven_agents)
        return Stepped(
            state.observations, state.masks, state.full_state,
            np.frombuffer(rewards, "<f4").reshape(*rows, len(self.spec.rewards)),
            np.frombuffer(status, np.uint8) != 0,
            np.frombuffer(illegal, np.uint8).reshape(rows) != 0,
            tuple(Outcome(*o[:5], tuple(o[5])) for o in outcomes), seconds)

    def close(self) -> None:
        """Ends the batch. May be called more than once."""
        self._socket.close()

    def _state(self, observations: bytes, masks: bytes, full: bytes) -> State:
        rows = (self.matches, self.driven_agents)
        return State(
            np.frombuffer(observations, np.uint8).reshape(*rows, self.spec.observation_bytes),
            np.frombuffer(masks, np.uint8).reshape(*rows, self.spec.mask_bytes),
            np.frombuffer(full, np.uint8).reshape(self.matches, self.spec.teams, -1) if self._full_state_bytes else None)

    def _send(self, message: list) -> None:
        self._socket.send(msgpack.packb(message))

    def _receive(self, expected: str) -> list:
        frame = self._socket.receive()
        if frame is None:
            raise WebSocketError("the server closed the connection")
        name, *rest = msgpack.unpackb(frame, max_bin_len=len(frame), max_str_len=len(frame))
        if name == "error":
            raise ArenaError(rest[0])
        if name != expected:
            raise WebSocketError(f"the server sent '{name}' where '{expected}' should come")
        return rest
