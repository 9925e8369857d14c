"""The first after-action report, as data: overview, key moments, strengths and areas for improvement, improvement plan."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

from civdef.drill.evaluate import GRADES, MEANING, failures_touching
from civdef.drill.measures import MEASURES
from civdef.drill.remedies import REMEDIES
from civdef.drill.result import (
    Both,
    Deviation,
    Failure,
    Finding,
    Grade,
    Improvement,
    Moment,
    ObjectiveOutcome,
    ObjectiveReview,
    Report,
)
from civdef.drill.summing_up import people
from civdef.model.plan import Action
from civdef.text import Text, percent

if TYPE_CHECKING:
    from civdef.drill.world import TaskState, World

FIX_DAYS = 30
"""Days after the drill by which an improvement is due unless the street sets another date; a planning choice."""
MOST_MOMENTS = 40

KEY_KINDS = frozenset(
    {
        "start", "inject", "inject_over", "mustered", "arrived", "shelter_opened", "siren_notice", "first_departure",
        "first_arrival", "half_arrived", "most_arrived", "all_arrived", "external_arrived", "left_behind", "siren_end",
        "warned", "end",
    }
)  # fmt: skip
"""Kinds of journal entries that always count as key moments; besides them, the first of some kinds."""
FIRST_KINDS = frozenset(
    {"call_answered", "clause_failed", "stand_in", "forced_entry", "report_sent", "siren_on"}
)


def after_action(world: World, objectives: list[ObjectiveOutcome], grade: Grade) -> Report:
    """Return the report's data."""
    return Report(
        overview=[Both.of(t) for t in _overview(world, objectives, grade)],
        moments=_moments(world),
        reviews=[_review(world, o) for o in objectives],
        improvements=_improvements(world),
    )


def _overview(world: World, objectives: list[ObjectiveOutcome], grade: Grade) -> list[Text]:
    drill = world.drill
    level = ("一", "二", "三", "四")[drill.level - 1]
    found = [
        Text(
            f"本次演练于{drill.start.year}年{drill.start.month}月{drill.start.day}日{drill.start:%H:%M}开始，检验{{plan}}{level}级响应。",
            f"The exercise began on {drill.start:%d %B %Y at %H:%M} and tested {{plan}} at level {drill.level}.",
        ).format(plan=world.plan)
    ]
    counted = people(world)
    if counted is not None and counted.persons:
        found.append(
            Text(
                "应疏散 {n:,} 人，通知到 {t:,} 人，进入避难场所 {a:,} 人，未到位 {left:,} 人。",
                "Of {n:,} people to be moved, {t:,} were told and {a:,} reached a shelter; {left:,} did not.",
            ).format(
                n=counted.persons,
                t=counted.told_persons,
                a=counted.arrived_persons,
                left=counted.left_over_persons,
            )
        )
    met = sum(o.met for o in objectives)
    found.append(
        Text(
            "{n} 项目标达成 {m} 项，总体评定为“{g}”（取最低一项：有 U 为差，有 M 为中等）。",
            "{m} of {n} objectives were met; overall grade: {g} (the worst rating sets it: any U is poor, any M medium).",
        ).format(n=len(objectives), m=met, g=GRADES[grade])
    )
    failures = sorted(world.failures, key=lambda f: f.t_s)
    if failures:
        first = failures[0]
        clause = (
            Text(f"第 {first.clause} 条——", f"clause {first.clause} – ") if first.clause else Text("", "")
        )
        found.append(
            Text("最先落空的条款：{c}{m}。", "The first clause that failed: {c}{m}.").format(
                c=clause, m=first.message
            )
        )
    else:
        found.append(Text("预案各条款均得到落实。", "Every clause of the plan held."))
    return found


def _moments(world: World) -> list[Moment]:
    seen: set[str] = set()
    found = []
    done_mustering: set[str] = set()
    for entry in world.journal.entries():
        if entry.kind in FIRST_KINDS and entry.kind not in seen:
            seen.add(entry.kind)
        elif entry.kind == "mustered":
            if entry.who in done_mustering:
                continue
            done_mustering.add(entry.who or "")
        elif entry.kind not in KEY_KINDS:
            continue
        found.append(Moment(t_s=entry.t_s, time=entry.time, message=entry.message))
    if len(found) > MOST_MOMENTS:  # many shelters and teams: keep the ends of the list of each kind
        found = _thinned(world, found)
    return found


def _thinned(world: World, moments: list[Moment]) -> list[Moment]:
    """Keep the first and last opening, muster and warning, and everything else."""
    crowded = {"mustered", "shelter_opened", "warned", "arrived", "external_arrived", "siren_end"}
    by_kind: dict[str, list[tuple[float, str]]] = {}
    for entry in world.journal.entries():
        if entry.kind in crowded:
            by_kind.setdefault(entry.kind, []).append((entry.t_s, entry.message.zh))
    drop = {row for rows in by_kind.values() for row in rows[1:-1]}
    return [m for m in moments if (m.t_s, m.message.zh) not in drop]


def measured(outcome: ObjectiveOutcome) -> Text:
    """Say the value of an objective with its unit."""
    return Text("未实现", "never") if outcome.value is None else with_unit(outcome.value, outcome.unit)


def with_unit(value: float, unit: str) -> Text:
    """Say a value with its unit."""
    if unit == "share":
        said = percent(100 * value)
        return Text(said, said)
    if unit == "min":
        said = f"{value:.1f}".removesuffix(".0")
        return Text(f"{said} 分钟", f"{said} min")
    names = {"persons": Text("人", "people"), "days": Text("天", "days"), "tasks": Text("项", "tasks")}
    return Text("{v} {u}", "{v} {u}").format(v=f"{value:g}", u=names[unit])


def _review(world: World, outcome: ObjectiveOutcome) -> ObjectiveReview:
    measure = MEASURES[outcome.measure]
    fact = Text("{l}：{v}（目标 {t}）", "{l}: {v} (target {t})").format(
        l=measure.label, v=measured(outcome), t=with_unit(outcome.target, outcome.unit)
    )
    strengths: list[Both] = []
    improvements: list[Finding] = []
    direct = frozenset(measure.feeds(world, outcome.of, outcome.task))
    tasks = world.prepared.schedule.feeders(direct)
    failures = failures_touching(world, outcome.measure, tasks)
    if outcome.met:
        strengths.append(Both.of(fact))
        if not outcome.deviations and not failures:
            plain = Text("各环节按预案完成，未由他人代行", "every step went as planned, without stand-ins")
            strengths.append(Both.of(plain))
    else:
        observed = Text("{f}，评定为 {r}（{m}）", "{f}, rated {r} ({m})").format(
            f=fact, r=outcome.rating, m=MEANING[outcome.rating]
        )
        cause = _critical_chain(world, direct, outcome.value) if outcome.unit == "min" else None
        improvements.append(
            Finding(
                observation=Both.of(observed),
                reference=outcome.clause,
                analysis=Both.of(cause) if cause is not None else outcome.why,
            )
        )
    seen: set[str] = set()
    wrong: list[Failure | Deviation] = [*failures, *(world.deviations[i] for i in outcome.deviations)]
    for found in wrong:
        kind = found.why if isinstance(found, Failure) else found.kind
        if kind in seen:
            continue
        seen.add(kind)
        improvements.append(
            Finding(
                observation=found.message,
                reference=found.clause,
                analysis=Both.of(REMEDIES[kind].analysis),
            )
        )
    return ObjectiveReview(objective=outcome.id, strengths=strengths, improvements=improvements)


def _critical_chain(world: World, direct: frozenset[str], value_min: float | None) -> Text | None:
    """Say where the time went: the last task that led to a measure, what it waited for longest, and so on back.

    Leading people is left out: how long they walk is what is measured.
    """
    value_s = math.inf if value_min is None else value_min * 60.0
    states = [world.tasks[t] for t in sorted(direct) if t in world.tasks]
    states = [s for s in states if s.task.action is not Action.EVACUATE] or states
    begun = [s for s in states if s.started_s is not None and s.started_s <= value_s]
    last = max(begun or states, key=lambda s: _weight(s, value_s), default=None)
    if last is None:
        return None
    chain = [last]
    while before := [world.tasks[t] for t in world.prepared.schedule.before[chain[-1].task.id]]:
        chain.append(max(before, key=lambda s: (s.done_s is None, s.done_s or 0.0, s.task.id)))
    steps = []
    for state, earlier in zip(chain, [*chain[1:], None], strict=True):
        ready = (earlier.done_s or 0.0) if earlier is not None else 0.0
        if state.done_s is None:
            steps.append(Text("{n}（未完成）", "{n} (not done)").format(n=state.task.name))
            continue
        wait = ((state.started_s or ready) - ready) / 60.0
        took = (state.done_s - ready) / 60.0
        held = (
            Text("，其中等人 {w} 分钟", ", {w} of them waiting for people").format(w=f"{wait:.0f}")
            if wait >= 1.0
            else Text("", "")
        )
        steps.append(
            Text("{n} {t} 分钟{h}", "{n} {t} min{h}").format(n=state.task.name, t=f"{took:.0f}", h=held)
        )
    steps.reverse()
    return Text(
        "时间花在：" + " → ".join(s.zh for s in steps),
        "the time went into: " + " → ".join(s.en for s in steps),
    )


def _weight(state: TaskState, value_s: float) -> tuple[float, bool, float, str]:
    done = math.inf if state.done_s is None else state.done_s
    opening = state.task.action is Action.OPEN_SHELTER
    return (min(done, value_s), opening, state.started_s or 0.0, state.task.id)


def _improvements(world: World) -> list[Improvement]:
    """Return one row per clause and kind of failure, then per kind of deviation and body, in order of time."""
    due = (world.drill.start.date() + dt.timedelta(days=FIX_DAYS)).isoformat()
    rows: dict[tuple[str, str | None], Improvement] = {}
    tasks = {s.task.id: s.task for s in world.tasks.values()}

    def add(kind: str, issue: Both, task: str | None, clause: str | None, who: str | None) -> None:
        key = (kind, clause if clause is not None else who)
        owner = tasks[task].who if task in tasks else world.plan.lead
        if key in rows:
            return
        remedy = REMEDIES[kind]
        rows[key] = Improvement(
            issue=issue,
            action=Both.of(remedy.action),
            element=remedy.element,
            owner=owner,
            owner_name=Both.of(world.name(owner).text),
            due=due,
            clause=clause,
        )

    for failure in sorted(world.failures, key=lambda f: f.t_s):
        add(failure.why, failure.message, failure.task, failure.clause, None)
    for deviation in world.deviations:
        add(deviation.kind, deviation.message, deviation.task, deviation.clause, deviation.who)
    return list(rows.values())
