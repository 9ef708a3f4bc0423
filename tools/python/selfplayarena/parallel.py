"""One match with PettingZoo's parallel API."""

from __future__ import annotations

import numpy as np

from .batch import CLIENT, BatchEnv
from .connection import DEFAULT_URL, State, Stepped
from .spaces import ActionSpace, ObservationSpace


class ParallelEnv:
    """One match: every agent that is driven from here acts at each step, as in PettingZoo's ``ParallelEnv``.

    Agents are named ``home_0`` … and ``away_0`` …, ``team2_0`` … in environments with more than two teams. An agent's observation is
    ``{"observation": uint8 [observation_bytes], "action_mask": uint8 [mask_bytes]}``, its action whole numbers [heads]. All agents terminate
    together; nothing is ever truncated, as the time limit is a rule of the game.

    An agent's ``info``: ``reward_terms`` (float32 [terms], unweighted), ``illegal`` (whether its last action was, and it did nothing instead) and,
    at the end, ``outcome`` (:class:`Outcome`) and ``won`` (1, 0 or -1).

    Args:
        seats: as in :class:`BatchEnv`, one list for the one match.
        reward_weights: float32 [terms]; ``None`` for the environment's own.
        gymnasium_spaces: whether spaces are gymnasium's, which must be installed: some wrappers insist on them.

    The other arguments are those of :class:`BatchEnv`.
    """

    metadata = {"name": "selfplayarena_v1", "is_parallelizable": True, "render_modes": []}
    render_mode = None

    def __init__(
        self, environment: str = "moba", options: dict | None = None, *, run: str | None = None, seats=(CLIENT, "scripted:hard"),
        reward_weights: np.ndarray | None = None, temperature: float = 1.0, full_state: bool = False, gymnasium_spaces: bool = False,
        url: str = DEFAULT_URL, token: str | None = None, timeout: float | None = 60.0,
    ):
        self._batch = BatchEnv(
            environment, options, run=run, matches=1, seats=seats, temperature=temperature, full_state=full_state, auto_reset=False,
            url=url, token=token, timeout=timeout)
        self.spec = self._batch.spec
        self._weights = self.spec.reward_weights if reward_weights is None else np.asarray(reward_weights, np.float32)
        if self._weights.shape != (len(self.spec.rewards),):
            self._batch.close()
            raise ValueError(f"reward_weights have the shape {self._weights.shape}; allowed: ({len(self.spec.rewards)},), one a term: {', '.join(r.name for r in self.spec.rewards)}")
        self._teams = [int(a) // self.spec.agents_per_team for a in self._batch.driven[0]]
        self.possible_agents = [self._name(int(a)) for a in self._batch.driven[0]]
        self.agents: list[str] = []
        self._actions = {agent: ActionSpace(self.spec) for agent in self.possible_agents}
        self._observations = {agent: ObservationSpace(self.spec) for agent in self.possible_agents}
        if gymnasium_spaces:
            self._actions = {agent: space.to_gymnasium() for agent, space in self._actions.items()}
            self._observations = {agent: space.to_gymnasium() for agent, space in self._observations.items()}
        self._state: State | None = None

    def reset(self, seed: int | None = None, options: dict | None = None) -> tuple[dict, dict]:
        """Starts the next match.

        Args:
            seed: the same seed gives the same matches, from this one on; ``None`` goes on with the sequence of seeds.
            options: disregarded; PettingZoo passes them.

        Returns:
            observations and infos by agent.
        """
        self._state = self._batch.reset(seed)
        self.agents = list(self.possible_agents)
        return self._seen(self._state), {agent: {} for agent in self.agents}

    def step(self, actions: dict) -> tuple[dict, dict, dict, dict, dict]:
        """Plays one decision.

        Args:
            actions: whole numbers [heads] by agent, one for each of :attr:`agents`.

        Returns:
            observations, rewards (weighted sums), terminations, truncations and infos, each by agent.
        """
        if not self.agents:
            # PettingZoo's own environments answer so when everybody has finished.
            return {}, {}, {}, {}, {}
        if actions.keys() != set(self.agents):
            raise ValueError(f"actions are for {', '.join(map(str, actions)) or 'nobody'}; allowed: one for each of {', '.join(self.agents)}")
        result = self._batch.step(np.stack([np.asarray(actions[agent]) for agent in self.agents])[None])
        self._state = result
        over = bool(result.ended[0])
        live = self.agents
        weighted = result.rewards[0] @ self._weights
        rewards = {agent: float(weighted[i]) for i, agent in enumerate(live)}
        infos = {agent: self._info(result, i) for i, agent in enumerate(live)}
        self.agents = [] if over else live
        return self._seen(result), rewards, dict.fromkeys(live, over), dict.fromkeys(live, False), infos

    def observation_space(self, agent: str) -> ObservationSpace:
        return self._observations[agent]

    def action_space(self, agent: str) -> ActionSpace:
        return self._actions[agent]

    @property
    def observation_spaces(self) -> dict:
        return self._observations

    @property
    def action_spaces(self) -> dict:
        return self._actions

    def state(self) -> np.ndarray:
        """The privileged state, uint8 [teams, full_state_bytes], each team's as seen from its side; see ``spec.full_state``."""
        if self._state is None or self._state.full_state is None:
            raise NotImplementedError("the privileged state was not asked for, or no match has begun; allowed: full_state=True, then reset()")
        return self._state.full_state[0]

    def render(self) -> None:
        """Nothing is drawn here: the server shows matches in a browser."""

    def close(self) -> None:
        self._batch.close()

    @property
    def num_agents(self) -> int:
        return len(self.agents)

    @property
    def max_num_agents(self) -> int:
        return len(self.possible_agents)

    @property
    def unwrapped(self) -> ParallelEnv:
        return self

    def __str__(self) -> str:
        return self.metadata["name"]

    def __enter__(self) -> ParallelEnv:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _name(self, agent: int) -> str:
        team, place = divmod(agent, self.spec.agents_per_team)
        return f"{('home', 'away')[team]}_{place}" if self.spec.teams == 2 else f"team{team}_{place}"

    def _seen(self, state: State) -> dict:
        return {agent: {"observation": state.observations[0, i], "action_mask": state.masks[0, i]} for i, agent in enumerate(self.possible_agents)}

    def _info(self, result: Stepped, i: int) -> dict:
        info = {"reward_terms": result.rewards[0, i], "illegal": bool(result.illegal[0, i])}
        for outcome in result.outcomes:
            info["outcome"] = outcome
            info["won"] = 0 if outcome.winner < 0 else 1 if outcome.winner == self._teams[i] else -1
        return info
