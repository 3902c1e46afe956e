"""Who sends: connections that send again at once, and visitors who come by chance."""

import random
from collections.abc import Callable, Sequence
from typing import Final

import simpy

from bench.simulation.service import Steps, Submission, Worker

# A connection that was refused is not read for so long (feedback/http/server.py).
HOLD: Final = 0.5
_TICK: Final = 0.002

Site = Callable[[], int]


def connections(env: simpy.Environment, workers: Sequence[Worker], count: int, site: Site) -> None:
    """So many connections, spread over the workers, each of which sends again once it has its answer."""

    def connect(worker: Worker) -> None:
        def send() -> None:
            worker.take(Submission(env.now, site(), done))

        def done(stored: bool) -> None:
            if stored:
                send()
            else:
                _later(env, send)

        send()

    for number in range(count):
        connect(workers[number % len(workers)])


def by_the_clock(
    env: simpy.Environment, workers: Sequence[Worker], count: int, rate: float, site: Site
) -> None:
    """So many connections that together want `rate` a second; who still waits for an answer sends no more."""
    idle: list[Callable[[], None]] = []
    for number in range(count):
        worker = workers[number % len(workers)]

        def send(worker: Worker = worker) -> None:
            def done(stored: bool) -> None:
                if stored:
                    idle.append(send)
                else:
                    _later(env, lambda: idle.append(send))

            worker.take(Submission(env.now, site(), done))

        idle.append(send)

    def clock() -> Steps:
        due = 0.0
        while True:
            due += rate * _TICK
            while due >= 1:
                due -= 1
                if idle:
                    idle.pop()()
            yield env.timeout(_TICK)

    env.process(clock())


def visitors(
    env: simpy.Environment,
    workers: Sequence[Worker],
    rate: float,
    site: Site,
    rng: random.Random,
) -> None:
    """Visitors who know nothing of each other, `rate` a second, each to any worker."""

    def come() -> Steps:
        while True:
            yield env.timeout(rng.expovariate(rate))
            rng.choice(workers).take(Submission(env.now, site(), lambda _stored: None))

    env.process(come())


def _later(env: simpy.Environment, call: Callable[[], None]) -> None:
    def wait() -> Steps:
        yield env.timeout(HOLD)
        call()

    env.process(wait())
