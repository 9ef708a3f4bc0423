"""Many matches stepped together as arrays."""

from __future__ import annotations

import os
from typing import Sequence

import numpy as np

from .connection import DEFAULT_URL, Connection, State, Stepped
from .spec import Spec

CLIENT = "client"


def request_of(environment: str, options: dict | None, run: str | None, matches: int, seats, temperature: float, full_state: bool, auto_reset: bool) -> dict:
    """The request that opens a batch, from the arguments that environments take."""
    several = len(seats) > 0 and not isinstance(seats[0], str)
    request = {
        "matches": matches,
        "seatings": [{"matches": count, "seats": list(who)} for count, who in seats] if several else [{"seats": list(seats)}],
        "temperature": temperature,
        "fullState": full_state,
        "autoReset": auto_reset,
    }
    if run is not None:
        return request | {"run": run}
    return request | {"environment": environment, "options": options or {}}


class BatchEnv:
    """M matches of one environment, stepped together. D agents of each match are driven from here, the others by players on the server.

    Args:
        environment: ``moba``, ``matching``.
        options: the environment's options, for example ``{"mode": "1v1", "rules": "quick"}``.
        run: a run on the server whose environment it shall be, instead of ``environment`` and ``options``.
        matches: M.
        seats: who plays: one entry a team or one an agent, ``client`` for what is driven from here, else a player: ``random``, ``scripted:hard``,
            ``run:NAME@latest``, ``run:NAME@7`` or ``file:PATH`` (a file of the server's, and only from the server's own machine). Or a list of
            ``(matches, seats)`` when not all matches are seated alike; D must be the same in all.
        temperature: how policies on the server draw: 1 as in training, 0 the likeliest action.
        full_state: whether the privileged state is sent as well.
        auto_reset: whether a match that ended is followed by the next at once.
        url, token, timeout: of the server, see :class:`Connection`. ``$ARENA_TOKEN`` stands in for a token that is not given.

    Attributes:
        spec: what observations, masks, actions and rewards are made of.
        matches, driven_agents: M and D.
        seats: for each match the players of all agents, as the server understood them.
        driven: int64 [M, D]: numbers of the agents that are driven from here.
    """

    def __init__(
        self, environment: str = "moba", options: dict | None = None, *, run: str | None = None, matches: int = 1,
        seats: Sequence = (CLIENT, "scripted:hard"), temperature: float = 1.0, full_state: bool = False, auto_reset: bool = True,
        url: str = DEFAULT_URL, token: str | None = None, timeout: float | None = 60.0,
    ):
        request = request_of(environment, options, run, matches, seats, temperature, full_state, auto_reset)
        self._connection = Connection(url, request, token or os.environ.get("ARENA_TOKEN"), timeout)
        self.spec: Spec = self._connection.spec
        self.matches = self._connection.matches
        self.driven_agents = self._connection.driven_agents
        self.seats = [tuple(s["seats"]) for s in self._connection.opened["seatings"] for _ in range(s["matches"])]
        self.driven = np.array([[a for a, who in enumerate(seat) if who == CLIENT] for seat in self.seats], np.int64)

    def reset(self, seed: int | None = None, matches: Sequence[int] | None = None) -> State:
        """Starts matches anew.

        Args:
            seed: everything that follows derives from it and the actions; the same seed gives the same matches, on any machine. ``None`` goes on
                with the sequence of seeds.
            matches: which; ``None`` for all (the first time it must be all).
        """
        return self._connection.reset(seed, None if matches is None else [int(m) for m in matches])

    def step(self, actions: np.ndarray) -> Stepped:
        """Plays one decision of every match.

        Args:
            actions: whole numbers [M, D, heads]; what stands in heads that the verb does not use does not matter.
        """
        self._connection.send_step(actions)
        return self._connection.receive_step()

    def step_async(self, actions: np.ndarray) -> None:
        """Sends actions and returns at once, so that something else can be computed while the server steps; then :meth:`step_wait`."""
        self._connection.send_step(actions)

    def step_wait(self) -> Stepped:
        """The result of :meth:`step_async`."""
        return self._connection.receive_step()

    def close(self) -> None:
        """Ends the matches. May be called more than once."""
        self._connection.close()

    def __enter__(self) -> BatchEnv:
        return self

    def __exit__(self, *_) -> None:
        self.close()
