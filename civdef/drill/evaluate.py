"""Objectives rated P, S, M or U, and the national grade of the whole drill.

The letters are those of the exercise programme HSEEP; in our words:

* **P** performed without challenges: the target was met, as the plan says;
* **S** performed with some challenges: the target was met, but a stand-in, a backup channel, missing hands or a late task was
  needed on the way;
* **M** performed with major challenges: the target was missed though the limit held, or it was met but a law was broken or
  people were put at risk;
* **U** unable to be performed: the limit was passed, or it never came about.

The grades are those of the national evaluation practice: excellent (no error), good (few errors, the aim met), medium (clear
flaws, the aim still met), poor (a major error, the aim harmed).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from civdef.drill.measures import MEASURES
from civdef.drill.result import Both, Deviation, Failure, Grade, ObjectiveOutcome, Rating
from civdef.model.scenario import Objective
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.drill.world import World

MEANING: dict[Rating, Text] = {
    "P": Text("顺利完成", "performed without challenges"),
    "S": Text("基本完成", "performed with some challenges"),
    "M": Text("勉强完成", "performed with major challenges"),
    "U": Text("未能完成", "unable to be performed"),
}
GRADES: dict[Grade, Text] = {
    "excellent": Text("优秀", "excellent"),
    "good": Text("良好", "good"),
    "medium": Text("中等", "medium"),
    "poor": Text("差", "poor"),
}
_WARNED = ("siren_notice_days", "warned_share", "warned_share_min", "all_communities_warned_min")
_ARRIVED = ("first_arrival_min", "p50_arrival_min", "p90_arrival_min", "p95_arrival_min", "clearance_min")
TOUCHES: dict[str, tuple[str, ...]] = {
    "siren_notice": _WARNED,
    "siren_silent": _WARNED,
    "rerouted": _ARRIVED,
    "redirected": _ARRIVED,
    "waited_at_door": (*_ARRIVED, "all_shelters_open_min", "shelter_open_min"),
    "no_place": ("placed_share", *_ARRIVED[1:-1]),
    "left_behind": ("placed_share", "assisted_placed_share", "clearance_min"),
}
"""Deviation or failure that belongs to no task → the measures it touches."""


def rate(value: float | None, objective: Objective, deviations: int, breaches: int) -> Rating:
    """Return the rating of a value.

    Parameters
    ----------
    value
        What was measured; None: never came about.
    objective
        Target, limit, and which side is better.
    deviations, breaches
        How many deviations touch it, and how many of them broke a law or put people at risk.
    """
    if value is None:
        return "U"
    sign = 1.0 if objective.better == "less" else -1.0
    if sign * value > sign * objective.limit:
        return "U"
    if sign * value > sign * objective.target or breaches:
        return "M"
    return "S" if deviations else "P"


def grade_of(ratings: list[Rating], failures: int, deviations: int) -> Grade:
    """Return the national grade: the worst rating sets it, and no drill with a failed clause or a deviation is excellent."""
    if "U" in ratings:
        return "poor"
    if "M" in ratings:
        return "medium"
    return "good" if "S" in ratings or failures or deviations else "excellent"


def evaluate(world: World) -> list[ObjectiveOutcome]:
    """Rate every objective of the scenario."""
    return [_one(world, objective) for objective in world.drill.objectives]


def _one(world: World, objective: Objective) -> ObjectiveOutcome:
    measure = MEASURES[objective.measure]
    value = measure.find(world, objective.of, objective.task)
    direct = frozenset(measure.feeds(world, objective.of, objective.task))
    tasks = world.prepared.schedule.feeders(direct)
    touching = [i for i, d in enumerate(world.deviations) if _touches(d, objective, direct, tasks)]
    failed = failures_touching(world, objective.measure, tasks)
    breaches = [i for i in touching if world.deviations[i].breach]
    rating = rate(value, objective, len(touching) + len(failed), len(breaches))
    return ObjectiveOutcome(
        id=objective.id,
        name=Both.of(objective.name.text),
        measure=objective.measure,
        of=objective.of,
        task=objective.task,
        unit=measure.unit,
        better=objective.better,
        target=objective.target,
        limit=objective.limit,
        value=value,
        met=rating in ("P", "S"),
        rating=rating,
        clause=objective.clause,
        why=Both.of(_why(world, objective, value, rating, touching, breaches, failed)),
        deviations=touching,
    )


def failures_touching(world: World, measure: str, tasks: frozenset[str]) -> list[Failure]:
    """Return the failed clauses of `tasks`, and those that touch a measure without belonging to a task, in order of time."""
    return [
        f
        for f in sorted(world.failures, key=lambda f: f.t_s)
        if f.task in tasks or (f.task is None and measure in TOUCHES.get(f.why, ()))
    ]


def _touches(
    deviation: Deviation, objective: Objective, direct: frozenset[str], tasks: frozenset[str]
) -> bool:
    """Return whether a deviation touches an objective: it happened in a task that leads to it.

    A task that took longer than the plan reckons with touches only what it measures itself: if that was in time all the
    same, nothing was lost.
    """
    if deviation.kind in TOUCHES:
        return objective.measure in TOUCHES[deviation.kind]
    if deviation.kind == "slower_than_planned":
        return deviation.task in direct
    return deviation.task is not None and deviation.task in tasks


def _why(
    world: World,
    objective: Objective,
    value: float | None,
    rating: Rating,
    touching: list[int],
    breaches: list[int],
    failed: list[Failure],
) -> Text:
    if value is None:
        return Text("直到演练结束也没有实现", "it never came about before the drill ended")
    if rating == "U":
        return Text("超出了可以接受的限度", "beyond the limit")
    sign = 1.0 if objective.better == "less" else -1.0
    if sign * value > sign * objective.target:
        return Text("未达到目标，但没有超出限度", "the target was missed, the limit held")
    if breaches:
        return Text("达到目标，但有违规或危及人员的情况：{d}", "met, but against law or safety: {d}").format(
            d=world.deviations[breaches[0]].message
        )
    said = [world.deviations[i].message for i in touching] + [f.message for f in failed]
    if said:
        more = len(said) - 1
        rest = Text(f"，另有 {more} 处偏差", f", and {more} more deviations") if more else Text("", "")
        return Text(
            "达到目标，但过程不完全照预案：{d}{rest}", "met, but not quite as planned: {d}{rest}"
        ).format(d=said[0], rest=rest)
    return Text("按预案达到目标", "met as planned")
