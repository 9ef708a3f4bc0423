"""Against a real server, whose address is in ``$ARENA_URL``; it must offer the matching game and the MOBA."""

import os
import unittest

import numpy as np

from selfplayarena import ArenaError, BatchEnv, ParallelEnv, WebSocketError

URL = os.environ["ARENA_URL"]
ROUNDS = int(os.environ.get("ARENA_TEST_DECISIONS", "40"))


def batch(**given) -> BatchEnv:
    return BatchEnv(**{"environment": "matching", "matches": 4, "seats": ("client", "random"), "url": URL, **given})


class BatchTests(unittest.TestCase):
    def test_shapes_are_as_documented(self):
        with batch(full_state=True) as env:
            spec, rows = env.spec, (env.matches, env.driven_agents)
            state = env.reset(seed=1)
            self.assertEqual(env.driven.tolist(), [list(range(spec.agents_per_team))] * 4)
            self.assertEqual(env.seats[0], ("client",) * spec.agents_per_team + ("random",) * spec.agents_per_team)
            result = env.step(spec.random_actions(state.masks, np.random.default_rng(1)))
            for seen in (state, result):
                self.assertEqual(seen.observations.shape, (*rows, spec.observation_bytes))
                self.assertEqual(seen.masks.shape, (*rows, spec.mask_bytes))
                self.assertEqual(seen.full_state.shape, (env.matches, spec.teams, spec.full_state_bytes))
            self.assertEqual((result.rewards.shape, result.rewards.dtype), ((*rows, len(spec.rewards)), np.dtype(np.float32)))
            self.assertEqual((result.ended.shape, result.illegal.shape), ((env.matches,), rows))
            self.assertGreater(result.seconds, 0)

    def test_random_legal_actions_are_never_illegal_and_matches_follow_each_other(self):
        for environment, seats in [("matching", ("client", "scripted:perfect@1")), ("moba", ("client", "client"))]:
            options = {"mode": "1v1"} if environment == "moba" else None
            with self.subTest(environment), batch(environment=environment, options=options, seats=seats, matches=3) as env:
                rng = np.random.default_rng(2)
                masks = env.reset(seed=2).masks
                outcomes = []
                for _ in range(ROUNDS):
                    actions = env.spec.random_actions(masks, rng)
                    self.assertTrue(env.spec.is_legal(masks, actions).all())
                    result = env.step(actions)
                    self.assertFalse(result.illegal.any())
                    self.assertEqual(int(result.ended.sum()), len(result.outcomes))
                    outcomes += result.outcomes
                    masks = result.masks
                if environment == "matching":
                    self.assertGreater(len(outcomes), 3)
                    self.assertTrue(all(o.winner == 1 for o in outcomes))
                    self.assertEqual(len({o.seed for o in outcomes}), len(outcomes))

    def test_the_same_seed_gives_the_same_matches(self):
        def play(env):
            rng = np.random.default_rng(3)
            masks = env.reset(seed=7).masks
            seen = []
            for _ in range(ROUNDS):
                result = env.step(env.spec.random_actions(masks, rng))
                masks = result.masks
                seen.append(result.observations.tobytes() + result.rewards.tobytes())
            return seen

        with batch() as one, batch() as two:
            first = play(one)
            self.assertEqual(first, play(one))
            self.assertEqual(first, play(two))

    def test_illegal_actions_are_counted_and_large_numbers_stay_illegal(self):
        with batch() as env:
            state = env.reset(seed=1)
            actions = env.spec.random_actions(state.masks, np.random.default_rng(1)).astype(np.int64)
            actions[1, 0] = 1 << 16
            actions[2, 1] = -1
            result = env.step(actions)
            self.assertEqual(np.argwhere(result.illegal).tolist(), [[1, 0], [2, 1]])
            self.assertEqual((~env.spec.is_legal(state.masks, actions)).tolist(), result.illegal.tolist())

    def test_sides_may_differ_by_match(self):
        with batch(matches=3, seats=[(1, ("client", "random")), (2, ("random", "client"))]) as env:
            per = env.spec.agents_per_team
            self.assertEqual(env.driven[:, 0].tolist(), [0, per, per])
            self.assertEqual(env.reset(seed=1).observations.shape[:2], (3, per))

    def test_without_auto_reset_a_match_waits_for_its_reset(self):
        with batch(matches=2, auto_reset=False) as env:
            masks = env.reset(seed=1).masks
            rng = np.random.default_rng(1)
            while not (result := env.step(env.spec.random_actions(masks, rng))).ended.any():
                masks = result.masks
            (over,) = np.flatnonzero(result.ended)[:1]
            again = env.step(np.zeros((2, env.driven_agents, len(env.spec.heads)), np.int16))
            self.assertTrue(again.ended[over])
            self.assertEqual(float(abs(again.rewards[over]).sum()), 0.0)
            env.reset(matches=[over])
            self.assertFalse(env.step(np.zeros((2, env.driven_agents, len(env.spec.heads)), np.int16)).ended[over])

    def test_a_step_can_be_sent_and_fetched_later(self):
        with batch() as env, batch() as other:
            masks = env.reset(seed=1).masks
            other.reset(seed=1)
            actions = env.spec.random_actions(masks, np.random.default_rng(1))
            env.step_async(actions)
            self.assertEqual(env.step_wait().observations.tobytes(), other.step(actions).observations.tobytes())

    def test_what_is_wrong_is_said_with_what_is_allowed(self):
        for why, given in [
            ("no player|no scripted player", {"seats": ("client", "scripted:perfct@1")}), ("allowed: 1 to", {"matches": 0}), ("unknown environment", {"environment": "chess"}),
            ("one a team, or", {"seats": ("client",)}), ("at least one", {"seats": ("random", "random")}), ("no run 'gone'", {"run": "gone"}),
            ("allowed: 0 to 10", {"temperature": -1.0}),
        ]:
            with self.subTest(why), self.assertRaisesRegex(ArenaError, why):
                batch(**given)
        with self.assertRaisesRegex(ValueError, "no server's address"):
            batch(url="somewhere")

    def test_wrong_actions_are_refused_and_the_batch_goes_on(self):
        with batch() as env:
            with self.assertRaisesRegex(ArenaError, "'reset' first"):
                env.step(np.zeros((4, env.driven_agents, len(env.spec.heads)), np.int16))
            env.reset(seed=1)
            for wrong in [np.zeros((4, env.driven_agents), np.int16), np.zeros((4, env.driven_agents, len(env.spec.heads)), np.float32)]:
                with self.assertRaisesRegex(ValueError, "allowed: whole numbers"):
                    env.step(wrong)
            with self.assertRaisesRegex(ArenaError, "not of this batch"):
                env.reset(matches=[4])
            env.step(np.zeros((4, env.driven_agents, len(env.spec.heads)), np.int16))

    def test_a_batch_that_is_closed_says_so(self):
        env = batch()
        env.close()
        env.close()
        with self.assertRaises(WebSocketError):
            env.reset()


class ParallelTests(unittest.TestCase):
    """What PettingZoo's parallel_api_test asks of an environment, and what its documentation promises to those who use one."""

    def env(self, **given) -> ParallelEnv:
        env = ParallelEnv(**{"environment": "matching", "seats": ("client", "random"), "url": URL, **given})
        self.addCleanup(env.close)
        return env

    def test_agents_are_named_by_side(self):
        self.assertEqual(self.env(seats=("random", "client")).possible_agents, ["away_0", "away_1"])
        self.assertEqual(self.env(environment="moba", options={"mode": "1v1"}, seats=("client", "client")).possible_agents, ["home_0", "away_0"])
        env = self.env()
        self.assertEqual((env.agents, env.num_agents, env.max_num_agents, str(env)), ([], 0, 2, "selfplayarena_v1"))
        self.assertIs(env.unwrapped, env)

    def test_reset_and_step_speak_of_the_agents_that_live(self):
        env = self.env()
        env.reset(seed=0, options={"options": 1})
        for _ in range(3):
            observations, infos = env.reset()
            live = set(env.agents)
            self.assertEqual(live, set(env.possible_agents))
            self.assertEqual((set(observations), set(infos)), (live, live))
            over = False
            while not over:
                for agent in live:
                    self.assertIn(observations[agent], env.observation_space(agent))
                actions = {agent: env.action_space(agent).sample(mask=observations[agent]["action_mask"]) for agent in env.agents}
                self.assertTrue(all(actions[agent] in env.action_space(agent) for agent in live))
                observations, rewards, terminations, truncations, infos = env.step(actions)
                for told in (observations, rewards, terminations, truncations, infos):
                    self.assertIsInstance(told, dict)
                    self.assertEqual(set(told), live)
                self.assertTrue(all(isinstance(r, float) for r in rewards.values()))
                self.assertFalse(any(truncations.values()) or any(i["illegal"] for i in infos.values()))
                over = all(terminations.values())
                self.assertEqual(over, any(terminations.values()))
                self.assertEqual(set(env.agents), set() if over else live)
            self.assertTrue(all(i["won"] == (0 if i["outcome"].winner < 0 else 1 - 2 * i["outcome"].winner) for i in infos.values()))
            self.assertEqual(env.step({}), ({}, {}, {}, {}, {}))

    def test_spaces_are_the_same_objects_each_time_and_can_be_seeded(self):
        env = self.env()
        agent = env.possible_agents[0]
        self.assertIs(env.observation_space(agent), env.observation_space(agent))
        self.assertIs(env.action_space(agent), env.action_space(agent))
        self.assertIs(env.action_spaces[agent], env.action_space(agent))
        observations, _ = env.reset(seed=4)
        drawn = []
        for _ in range(2):
            env.action_space(agent).seed(9)
            drawn.append([env.action_space(agent).sample(mask=observations[agent]["action_mask"]).tolist() for _ in range(5)])
        self.assertEqual(drawn[0], drawn[1])
        self.assertIn(env.observation_space(agent).sample(), env.observation_space(agent))
        self.assertEqual(env.action_space(agent).sample().shape, (len(env.spec.heads),))

    def test_the_same_seed_gives_the_same_match_and_another_another(self):
        env = self.env()
        first = env.reset(seed=5)[0]["home_0"]["observation"].tobytes()
        other = [env.reset()[0]["home_0"]["observation"].tobytes() for _ in range(8)]
        self.assertTrue(any(o != first for o in other))
        self.assertEqual(env.reset(seed=5)[0]["home_0"]["observation"].tobytes(), first)

    def test_rewards_are_weighted_sums_of_the_terms(self):
        env = self.env(seats=("client", "client"), reward_weights=np.array([2.0, -1.0][:len(self.env().spec.rewards)]))
        observations, _ = env.reset(seed=1)
        for _ in range(5):
            actions = {a: env.action_space(a).sample(observations[a]["action_mask"]) for a in env.agents}
            observations, rewards, _, _, infos = env.step(actions)
            for agent, reward in rewards.items():
                self.assertAlmostEqual(reward, float(infos[agent]["reward_terms"] @ np.array([2.0, -1.0])), places=5)
        with self.assertRaisesRegex(ValueError, "one a term"):
            self.env(reward_weights=np.zeros(99))

    def test_actions_must_be_for_those_who_live(self):
        env = self.env()
        env.reset(seed=1)
        with self.assertRaisesRegex(ValueError, "one for each of home_0, home_1"):
            env.step({"home_0": np.zeros(len(env.spec.heads), np.int16)})

    def test_the_privileged_state_comes_where_it_was_asked_for(self):
        env = self.env(full_state=True)
        env.reset(seed=1)
        self.assertEqual(env.state().shape, (env.spec.teams, env.spec.full_state_bytes))
        with self.assertRaisesRegex(NotImplementedError, "full_state=True"):
            self.env().state()

    def test_pettingzoos_own_test_passes(self):
        try:
            from pettingzoo.test import parallel_api_test
        except ImportError:
            self.skipTest("PettingZoo is not installed")
        parallel_api_test(self.env(gymnasium_spaces=False), num_cycles=100)
        parallel_api_test(self.env(seats=("client", "client")), num_cycles=100)


if __name__ == "__main__":
    unittest.main()
