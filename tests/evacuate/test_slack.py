"""How many a queue bears until somebody behind is late: against one queue in which persons stand in line."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from civdef.evacuate.carrying import NEVER, carry
from civdef.evacuate.search import reach
from civdef.evacuate.search import slack as kernels
from civdef.evacuate.search.records import Draft, Slack, Town
from civdef.evacuate.search.slack import MANY, new_slack
from civdef.movement.compiled import kernel

STEPS = 60


def _asked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let Python call a function that only kernels may call."""

    def asked(*given: Any) -> Any:
        return function(*given)

    return kernel(asked)


harmful, come_between, note_slack = (
    _asked(f) for f in (kernels.harmful, kernels.come_between, kernels.note_slack)
)
occupy = _asked(reach.occupy)


@dataclass(frozen=True)
class Line:
    """Rows that come to one door: their steps and people, how many pass a step, and by when they should be inside."""

    start: tuple[int, ...]
    people: tuple[int, ...]
    units: int
    goal: int

    def late(self, *groups: tuple[int, int]) -> int:
        """Return how many of the rows' people are late if groups, (step, people), come before whoever comes in their step."""
        coming: dict[int, list[tuple[bool, int]]] = {}
        for step, amount in groups:
            coming.setdefault(step, []).append((False, amount))
        for step, amount in zip(self.start, self.people, strict=True):
            coming.setdefault(step, []).append((True, amount))
        line: deque[bool] = deque()
        late = step = 0
        while line or step <= max(coming):
            for ours, amount in coming.get(step, []):
                line.extend([ours] * amount)
            for _ in range(min(self.units, len(line))):
                late += line.popleft() and step + 1 > self.goal
            step += 1
        return late

    def slack(self) -> tuple[Slack, np.ndarray, np.ndarray]:
        """Return the slack of the rows' plan, the units of the door and what stands before it."""
        none, rows = np.zeros(0, np.int64), len(self.start)
        empty = np.zeros(0)
        zero, one = np.zeros(rows, np.int64), np.zeros(1, np.int64)
        units, start = np.array([self.units]), np.array(self.start, np.int64)
        people = np.array(self.people, np.int64)
        town = Town(
            one, none, none, none, empty, none, empty, empty, none, units, none, none, one, none, none, one,
            np.zeros(1), one,
        )  # fmt: skip
        plan = Draft(zero, start, zero, np.zeros((rows, 0), np.int64), zero, zero, np.zeros(rows), one)
        content, dirty = np.zeros((1, STEPS), np.int32), np.zeros(1, np.bool_)
        gone = np.zeros((rows, 2), np.int32)
        done = carry(
            one,
            none,
            units,
            one,
            zero,
            start,
            people,
            zero,
            zero,
            none,
            zero,
            NEVER,
            self.goal,
            content,
            dirty,
            gone,
        )[0]
        slack = new_slack(1, STEPS)
        note_slack(np.arange(rows), people, done, self.goal, town, plan, gone, units, content, slack)
        return slack, units, content


@st.composite
def lines(draw: st.DrawFn) -> Line:
    rows = draw(st.integers(1, 5))
    start = tuple(draw(st.integers(0, 12)) for _ in range(rows))
    people = tuple(draw(st.integers(1, 9)) for _ in range(rows))
    line = Line(start, people, draw(st.integers(1, 4)), STEPS)
    earliest = next(goal for goal in range(STEPS) if not Line(start, people, line.units, goal).late())
    return Line(start, people, line.units, earliest + draw(st.integers(0, 6)))


@given(lines(), st.integers(0, 20))
@settings(max_examples=300, deadline=None)
def test_as_many_as_a_queue_bears_make_nobody_late_and_a_step_more_of_them_does(
    line: Line, step: int
) -> None:
    slack, units, _ = line.slack()
    bears = int(slack.spare[0, step])
    if bears == MANY:  # nobody comes from then on
        assert step > max(line.start)
        assert line.late((step, 200)) == 0
        return
    assert line.late((step, bears)) == 0
    assert harmful(0, step, bears, NEVER, units, slack) == 0.0
    assert line.late((step, bears + line.units)) > 0
    assert harmful(0, step, bears + line.units, NEVER, units, slack) == 1.0


@given(lines(), st.integers(0, 20), st.integers(0, 20), st.integers(1, 12))
@settings(max_examples=300, deadline=None)
def test_who_has_come_in_between_is_counted_for_those_who_come_next(
    line: Line, first: int, second: int, amount: int
) -> None:
    """A second group that the queue bears after the first makes nobody late whom the first has not made late."""
    slack, units, content = line.slack()
    before = slack.spare.copy()
    occupy(0, first, amount, NEVER, units, content, np.ones(1, np.bool_))
    come_between(0, first, amount, NEVER, STEPS, units, content, slack)
    assert (slack.spare <= before).all() or first > max(line.start)
    bears = int(slack.spare[0, second])
    if line.late((first, amount)) == 0 and bears < MANY:
        assert line.late((first, amount), (second, bears)) == 0


def test_whoever_comes_at_a_narrow_pace_is_spread_over_the_steps_before() -> None:
    """Six people, two a step, the last at step 5: the first of them stands there from step 3 on."""
    line = Line((4,), (4,), 2, 6)  # inside by step 6 exactly: nothing can come in between
    slack, units, _ = line.slack()
    assert slack.spare[0, :6].tolist() == [8, 6, 4, 2, 0, MANY]
    assert harmful(0, 5, 6, NEVER, units, slack) == 0.0
    assert harmful(0, 5, 6, 2, units, slack) == 2.0  # (6 - 2) / 2 steps: two fit in step 3


def test_a_queue_nobody_has_to_stand_in_bears_everybody() -> None:
    nobody = new_slack(1, 0)
    assert harmful(0, 3, 500, NEVER, np.array([1]), nobody) == 0.0
