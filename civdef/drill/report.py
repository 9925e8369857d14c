"""The first after-action report, as data: overview, key moments, strengths and areas for improvement, improvement plan."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from civdef.drill.evaluate import GRADES, MEANING
from civdef.drill.measures import MEASURES
from civdef.drill.remedies import REMEDIES
from civdef.drill.result import (
    Both,
    Finding,
    Grade,
    Improvement,
    Moment,
    ObjectiveOutcome,
    ObjectiveReview,
    Report,
)
from civdef.drill.summing_up import people
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.drill.world import World

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
            f"本次演练于{drill.start:%Y年%m月%d日%H:%M}开始，检验{{plan}}{level}级响应。",
            f"The exercise began on {drill.start:%d %B %Y at %H:%M} and tested {{plan}} at level {drill.level}.",
        ).format(plan=world.plan)
    ]
    counted = people(world)
    if counted is not None and counted.persons:
        found.append(
            Text(
                "应疏散 {n} 人，通知到 {t} 人，进入避难场所 {a} 人，未到位 {left} 人。",
                "Of {n} people to be moved, {t} were told and {a} reached a shelter; {left} did not.",
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
            "{n} 项目标达成 {m} 项，总体评定为“{g}”。", "{m} of {n} objectives were met; overall grade: {g}."
        ).format(n=len(objectives), m=met, g=GRADES[grade])
    )
    failures = sorted(world.failures, key=lambda f: f.t_s)
    if failures:
        first = failures[0]
        clause = Text(f"第 {first.clause} 条", f"clause {first.clause}") if first.clause else Text("", "")
        found.append(
            Text("最先落空的条款：{c}{m}。", "The first clause that failed: {c} {m}.").format(
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
        return Text(f"{100 * value:.1f}%", f"{100 * value:.1f} %")
    if unit == "min":
        return Text(f"{value:.1f} 分钟", f"{value:.1f} min")
    names = {"persons": Text("人", "people"), "days": Text("天", "days"), "tasks": Text("项", "tasks")}
    return Text("{v} {u}", "{v} {u}").format(v=f"{value:g}", u=names[unit])


def _review(world: World, outcome: ObjectiveOutcome) -> ObjectiveReview:
    label = MEASURES[outcome.measure].label
    fact = Text("{l}：{v}（目标 {t}）", "{l}: {v} (target {t})").format(
        l=label, v=measured(outcome), t=with_unit(outcome.target, outcome.unit)
    )
    strengths: list[Both] = []
    improvements: list[Finding] = []
    if outcome.met:
        strengths.append(Both.of(fact))
    else:
        improvements.append(
            Finding(
                observation=Both.of(
                    Text("{f}，评定为 {r}（{m}）", "{f}, rated {r} ({m})").format(
                        f=fact, r=outcome.rating, m=MEANING[outcome.rating]
                    )
                ),
                reference=outcome.clause,
                analysis=outcome.why,
            )
        )
    tasks = world.prepared.schedule.feeders(MEASURES[outcome.measure].feeds(world, outcome.of, outcome.task))
    seen: set[str] = set()
    for failure in sorted(world.failures, key=lambda f: f.t_s):
        if failure.task in tasks and failure.why not in seen:
            seen.add(failure.why)
            improvements.append(
                Finding(
                    observation=failure.message,
                    reference=failure.clause,
                    analysis=Both.of(REMEDIES[failure.why].analysis),
                )
            )
    for i in outcome.deviations:
        deviation = world.deviations[i]
        if deviation.kind not in seen:
            seen.add(deviation.kind)
            improvements.append(
                Finding(
                    observation=deviation.message,
                    reference=deviation.clause,
                    analysis=Both.of(REMEDIES[deviation.kind].analysis),
                )
            )
    if not outcome.deviations and outcome.met:
        strengths.append(
            Both.of(Text("各环节按预案完成，没有动用替补", "every step went as planned, without stand-ins"))
        )
    return ObjectiveReview(objective=outcome.id, strengths=strengths, improvements=improvements)


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
