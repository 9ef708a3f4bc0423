#!/usr/bin/env python3
"""Measures how many decisions a second are stepped from Python, by the number of matches in a batch, and where the time goes.

    ./arena serve
    python3 examples/speed.py
    python3 examples/speed.py --mode 5v5 --matches 16 64 --seats client client
"""

from __future__ import annotations

import argparse
import pathlib
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from selfplayarena import ArenaError, BatchEnv, WebSocketError  # noqa: E402


def measure(env: BatchEnv, seconds: float) -> dict[str, float]:
    """Steps with random legal actions; all times are shares of the whole."""
    rng = np.random.default_rng(1)
    masks = env.reset(seed=1).masks
    for _ in range(5):
        masks = env.step(env.spec.random_actions(masks, rng)).masks
    steps = illegal = 0
    choosing = stepping = waiting = 0.0
    start = time.perf_counter()
    while (before := time.perf_counter()) - start < seconds:
        actions = env.spec.random_actions(masks, rng)
        chosen = time.perf_counter()
        result = env.step(actions)
        waiting += time.perf_counter() - chosen
        choosing += chosen - before
        stepping += result.seconds
        masks = result.masks
        illegal += int(result.illegal.sum())
        steps += 1
    total = time.perf_counter() - start
    if illegal:
        raise AssertionError(f"{illegal} random legal actions were illegal")
    return {
        "steps": steps / total,
        "matches": steps * env.matches / total,
        "agents": steps * env.matches * env.driven_agents / total,
        "simulation": stepping / total,
        "transport": (waiting - stepping) / total,
        "python": (total - waiting) / total,
        "megabytes": (masks.nbytes + result.observations.nbytes) * steps / total / 1e6,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:5080", help="the server (default: %(default)s)")
    parser.add_argument("--environment", choices=["moba", "matching"], default="moba")
    parser.add_argument("--mode", default="1v1", help="of the MOBA (default: %(default)s)")
    parser.add_argument("--seats", nargs="+", default=["client", "scripted:hard"], help="who plays, one a team or one an agent (default: %(default)s)")
    parser.add_argument("--matches", type=int, nargs="+", default=[1, 16, 64, 256])
    parser.add_argument("--seconds", type=float, default=5.0, help="for each number of matches (default: %(default)s)")
    given = parser.parse_args()

    options = {"mode": given.mode} if given.environment == "moba" else {}
    print(f"{given.environment} {given.mode if options else ''}, seats {' '.join(given.seats)}, random legal actions")
    print("matches   batches/s   matches' decisions/s   agents' decisions/s   MB/s   simulation   transport   python")
    for matches in given.matches:
        try:
            with BatchEnv(given.environment, options, matches=matches, seats=given.seats, url=given.url) as env:
                found = measure(env, given.seconds)
        except (ArenaError, WebSocketError) as error:
            print(error, file=sys.stderr)
            return 2
        print(f"{matches:7} {found['steps']:11,.0f} {found['matches']:22,.0f} {found['agents']:21,.0f} {found['megabytes']:6.0f}"
              f" {found['simulation']:11.0%} {found['transport']:11.0%} {found['python']:8.0%}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
