#!/usr/bin/env python3
"""Measures how many decisions a second are stepped from Python, by the number of matches in a batch, and where the time goes.

    ./arena serve
    python3 examples/speed.py
    python3 examples/speed.py --mode 5v5 --matches 16 64 --seats client client
"""

from __future__ import annotations

import argparse
import os
import pathlib
import re
import sys
import time
import urllib.request

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from selfplayarena import ArenaError, BatchEnv, WebSocketError  # noqa: E402


def server_seconds(url: str, token: str | None) -> float:
    """Processor time that the server has taken so far, as its metrics tell it."""
    request = urllib.request.Request(url.rstrip("/") + "/metrics", headers={"Arena-Token": token} if token else {})
    with urllib.request.urlopen(request, timeout=20) as answer:
        found = re.search(r"^arena_process_cpu_seconds_total (\S+)$", answer.read().decode(), re.MULTILINE)
    return float(found.group(1)) if found else float("nan")


def measure(env: BatchEnv, url: str, seconds: float) -> dict[str, float]:
    """Steps with random legal actions. Simulation, transport and python are shares of the whole time."""
    token = os.environ.get("ARENA_TOKEN")
    rng = np.random.default_rng(1)
    masks = env.reset(seed=1).masks
    for _ in range(5):
        masks = env.step(env.spec.random_actions(masks, rng)).masks
    steps = illegal = 0
    choosing = stepping = waiting = 0.0
    server, own = server_seconds(url, token), time.process_time()
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
    server, own = server_seconds(url, token) - server, time.process_time() - own
    if illegal:
        raise AssertionError(f"{illegal} random legal actions were illegal")
    return {
        "steps": steps / total,
        "matches": steps * env.matches / total,
        "agents": steps * env.matches * env.driven_agents / total,
        "simulation": stepping / total,
        "transport": (waiting - stepping) / total,
        "python": (total - waiting) / total,
        "server": server * 1e6 / (steps * env.matches),
        "client": own * 1e6 / (steps * env.matches),
        "megabytes": (masks.nbytes + result.observations.nbytes) * steps / total / 1e6,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:5080", help="the server (default: %(default)s)")
    parser.add_argument("--environment", choices=["moba", "matching"], default="moba")
    parser.add_argument("--mode", default="1v1", help="of the MOBA (default: %(default)s)")
    parser.add_argument("--seats", nargs="+", default=["client", "scripted:hard"], help="who plays, one a team or one an agent (default: %(default)s)")
    parser.add_argument("--matches", type=int, nargs="+", default=[1, 16, 64, 256])
    parser.add_argument("--seconds", type=float, default=2.0, help="of each round (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="for each number of matches; the fastest is shown (default: %(default)s)")
    given = parser.parse_args()

    options = {"mode": given.mode} if given.environment == "moba" else {}
    print(f"{given.environment} {given.mode if options else ''}, seats {' '.join(given.seats)}, random legal actions")
    print("                     decisions/s of                  share of the time            processor, us a match's decision")
    print("matches   batches/s   matches    agents   MB/s   simulation  transport  python    server   python")
    for matches in given.matches:
        try:
            with BatchEnv(given.environment, options, matches=matches, seats=given.seats, url=given.url) as env:
                found = max((measure(env, given.url, given.seconds) for _ in range(given.rounds)), key=lambda round: round["steps"])
        except (ArenaError, WebSocketError) as error:
            print(error, file=sys.stderr)
            return 2
        print(f"{matches:7} {found['steps']:11,.0f} {found['matches']:9,.0f} {found['agents']:9,.0f} {found['megabytes']:6.0f}"
              f" {found['simulation']:12.0%} {found['transport']:10.0%} {found['python']:7.0%} {found['server']:9.1f} {found['client']:8.1f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
