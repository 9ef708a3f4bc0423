#!/usr/bin/env python3
"""Plays 1v1 matches of the MOBA against a player on the server, by a few lines of rules or at random, and prints how they went.

    ./arena serve
    python3 examples/play_against_member.py --opponent scripted:easy
    python3 examples/play_against_member.py --opponent run:quick-1v1@latest --side away --matches 3
"""

from __future__ import annotations

import argparse
import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from selfplayarena import ArenaError, ParallelEnv, Spec, WebSocketError  # noqa: E402

RETREAT, RETURN = 0.35, 0.7


class Rules:
    """Walks along the lane behind its creeps, hits what it can, and goes home when it is hurt. Everything it knows is in the observation."""

    def __init__(self, spec: Spec):
        self.spec = spec
        self.verbs = {name: i for i, name in enumerate(spec.heads[0].options)}
        self.targets = np.array([name.split("[")[0] for name in spec.heads[3].options])
        # Option d walks at the angle 2 pi d / 16 in the hero's own frame, in which its lane always leads away from its base.
        angles = 2 * np.pi * np.arange(spec.heads[1].size) / spec.heads[1].size
        self.directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        self.retreats = False

    def __call__(self, seen: dict[str, np.ndarray]) -> np.ndarray:
        observation, mask = seen["observation"], seen["action_mask"]
        blocks = self.spec.decode(observation)
        hp = blocks["own"]["hp"][0]
        self.retreats = hp < (RETURN if self.retreats else RETREAT)
        tower = blocks["structure"]
        in_danger = bool((tower["present"] & (tower["enemy"] > 0) & (tower["targets_me"] > 0)).any())
        if self.retreats or in_danger:
            return self._act(mask, "recall") if not in_danger and self._is_calm(blocks) else self._walk(mask, blocks, -1)
        for verb in ("ultimate", "skill1", "skill2", "skill3"):
            found = self._aim(mask, verb, blocks, ("enemy",))
            if found is not None:
                return found
        found = self._aim(mask, "attack", blocks, ("enemy", "creep", "structure"))
        if found is not None:
            return found
        creeps = blocks["creep"]
        is_alone = not (creeps["present"] & (creeps["enemy"] == 0)).any()
        return self._act(mask, "stay") if is_alone and self._is_near(tower) else self._walk(mask, blocks, 1)

    @staticmethod
    def _is_calm(blocks: dict) -> bool:
        creeps = blocks["creep"]
        return not blocks["enemy"]["visible"].any() and not (creeps["present"] & (creeps["enemy"] > 0)).any()

    @staticmethod
    def _is_near(structures: dict) -> bool:
        return bool((structures["present"] & (structures["enemy"] > 0) & (structures["in_its_range"] > 0)).any())

    def _walk(self, mask: np.ndarray, blocks: dict, sign: int) -> np.ndarray:
        world = blocks["global"]
        lane = sign * np.array([world["lane_dx_middle"][0], world["lane_dy_middle"][0]])
        legal = self._legal(mask, 1, "move")
        return self._act(mask, "move", direction=int(np.where(legal, self.directions @ lane, -9).argmax())) if legal.any() else self._act(mask, "stay")

    def _aim(self, mask: np.ndarray, verb: str, blocks: dict, kinds: tuple[str, ...]) -> np.ndarray | None:
        if not self.spec.legal_verbs(mask)[self.verbs[verb]]:
            return None
        legal = self._legal(mask, 3, verb)
        for kind in kinds:
            rows = np.flatnonzero(legal & (self.targets == kind))
            if len(rows) == 0:
                continue
            block = blocks[kind]
            slots = rows - int(np.flatnonzero(self.targets == kind)[0])
            near = block["in_my_range"][slots] > 0
            if near.any():
                return self._act(mask, verb, target=int(rows[near][block["hp_ratio"][slots][near].argmin()]))
        return None

    def _legal(self, mask: np.ndarray, head: int, verb: str) -> np.ndarray:
        return self.spec.legal_options(mask, head, np.int64(self.verbs[verb]))

    def _act(self, mask: np.ndarray, verb: str, **chosen: int) -> np.ndarray:
        """A whole action: what is not chosen is the first legal option."""
        if not self.spec.legal_verbs(mask)[self.verbs[verb]]:
            verb, chosen = "stay", {}
        action = [self.verbs[verb]]
        for head, part in enumerate(self.spec.heads[1:], 1):
            legal = self._legal(mask, head, verb)
            action.append(chosen.get(part.name, int(legal.argmax()) if legal.any() else -1))
        return np.array(action, np.int16)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:5080", help="the server (default: %(default)s)")
    parser.add_argument("--opponent", default="scripted:hard", help="random, scripted:NAME, run:NAME@VERSION or run:NAME@latest (default: %(default)s)")
    parser.add_argument("--side", choices=["home", "away"], default="home")
    parser.add_argument("--player", choices=["rules", "random"], default="rules", help="who plays here (default: %(default)s)")
    parser.add_argument("--rules", choices=["quick", "full"], default="quick", help="rule set of the match")
    parser.add_argument("--matches", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()

    seats = ("client", given.opponent) if given.side == "home" else (given.opponent, "client")
    try:
        env = ParallelEnv("moba", {"mode": "1v1", "rules": given.rules}, seats=seats, url=given.url)
    except (ArenaError, WebSocketError) as error:
        print(error, file=sys.stderr)
        return 2
    with env:
        (agent,) = env.possible_agents
        env.action_space(agent).seed(given.seed)
        tally = {1: 0, 0: 0, -1: 0}
        for match in range(given.matches):
            rules = Rules(env.spec)
            observations, infos = env.reset(seed=given.seed if match == 0 else None)
            earned, illegal = 0.0, 0
            while env.agents:
                seen = observations[agent]
                action = rules(seen) if given.player == "rules" else env.action_space(agent).sample(seen["action_mask"])
                observations, rewards, _, _, infos = env.step({agent: action})
                earned += rewards[agent]
                illegal += infos[agent]["illegal"]
            outcome = infos[agent]["outcome"]
            won = infos[agent]["won"]
            gold = outcome.scores if given.side == "home" else outcome.scores[::-1]
            tally[won] += 1
            seconds = round(outcome.decisions * env.spec.seconds_per_decision)
            print(f"match {match + 1}: {given.player} ({given.side}) {['drew with', 'won against', 'lost to'][won]} {given.opponent} after {seconds // 60}:{seconds % 60:02} "
                  f"({outcome.reason}); gold {gold[0]:.0f} to {gold[1]:.0f}, reward {earned:.2f}, {illegal} illegal actions, seed {outcome.seed}")
        print(f"{tally[1]} won, {tally[0]} drawn, {tally[-1]} lost")
    return 0


if __name__ == "__main__":
    sys.exit(main())
