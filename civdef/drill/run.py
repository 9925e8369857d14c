"""Running a drill: the command side and the people in one clock."""

from __future__ import annotations

import math

import numpy as np

from civdef.drill import command, injects, reports
from civdef.drill.evaluate import evaluate, grade_of
from civdef.drill.injects.absent import make_absent
from civdef.drill.measures import standing
from civdef.drill.prepare import Prepared
from civdef.drill.randomness import Streams
from civdef.drill.report import after_action
from civdef.drill.result import Both, Deviation, DrillResult, Failure
from civdef.drill.sirens import PATTERNS, audible_range_m, notice_days, sounding
from civdef.drill.summing_up import communities, moments_of_people, people, shelters, tasks
from civdef.drill.world import MIN_S, Steps, World
from civdef.model.organisation import ChannelKind
from civdef.model.scenario import Inject, SirenSignal
from civdef.text import Text

TICK_S = 600.0
"""How often the journal counts the people [s]; a choice of presentation."""


def run(prepared: Prepared, seed: int | None = None, replicate: int = 0) -> DrillResult:
    """Run a prepared drill once.

    The same arguments give the same result, byte for byte. Nothing in `prepared` is changed: it may be run again, also in
    another thread or process.

    Parameters
    ----------
    prepared
        From :func:`civdef.drill.prepare.prepare`.
    seed
        Default: the scenario's own.
    replicate
        Number of the replicate in an ensemble.
    """
    seed = prepared.drill.seed if seed is None else seed
    world = live(prepared, Streams(seed, replicate))
    return _result(world, seed)


def live(prepared: Prepared, streams: Streams) -> World:
    """Let a drill happen and return the world as it is at its end: an ensemble takes its measures from here."""
    crowd = None
    if prepared.town is not None:
        from civdef.drill.crowd import Crowd

        crowd = Crowd(prepared.town, prepared.drill.behaviour, streams)
    world = World(prepared, streams, crowd)
    _begin(world)
    _run_clock(world)
    _close(world)
    return world


def _begin(world: World) -> None:
    drill = world.drill
    for ref in drill.absent:
        make_absent(world, ref, 1)
    world.write(
        "start",
        Text(
            "演习开始：{name}，启动{plan}{level}级响应", "Exercise begins: {name}; {plan}, level {level}"
        ).format(name=drill, plan=world.plan, level=Text("一二三四"[drill.level - 1], str(drill.level))),
        what={"plan": world.plan.id, "level": drill.level, "day_part": drill.day_part.value},
    )
    _check_notice(world)
    for number, signal in enumerate(sorted(drill.sirens, key=lambda s: s.at_min)):
        world.env.process(_sound(world, signal, number))
    for inject in drill.injects:
        world.env.process(_inject(world, inject))
    command.start(world)
    reports.start(world)
    if world.crowd is not None:
        world.env.process(_count(world))


def _run_clock(world: World) -> None:
    """Step through the events of the command side; the people are moved to the time of each before it happens."""
    stop, env, crowd = world.prepared.stop_s, world.env, world.crowd
    while (following := env.peek()) <= stop:
        if crowd is not None:
            crowd.advance(following)
        env.step()
        if env.peek() > env.now and _over(world) and (crowd is None or crowd.quiet()):
            return
    if crowd is not None:
        crowd.advance(stop)
    _set_clock(world, stop)


def _over(world: World) -> bool:
    """Return whether every task and first report has ended and nothing of the scenario is still to come."""
    if world.now < world.prepared.last_script_s or world.now < max(
        world.external_arrival_s.values(), default=0.0
    ):
        return False
    ended = all(s.status in ("done", "partial", "failed", "blocked") for s in world.tasks.values())
    return ended and reports.sent(world)


def _set_clock(world: World, until_s: float) -> None:
    if until_s > world.now:
        world.env.run(until=until_s)


def _close(world: World) -> None:
    moments_of_people(world)
    world.write("end", Text("演习结束", "Exercise ends"), what={"t_min": round(world.now / MIN_S, 1)})


def _count(world: World) -> Steps:
    assert world.crowd is not None
    while True:
        yield world.wait(TICK_S)
        c = world.crowd.counts()
        world.write(
            "people",
            Text(
                "已告知 {w:,} 人，在途 {m:,} 人，门口等候 {d:,} 人，已进入避难场所 {a:,} 人",
                "{w:,} people told, {m:,} on the way, {d:,} at doors, {a:,} in shelters",
            ).format(
                w=c["warned_persons"], m=c["walking_persons"], d=c["at_doors_persons"], a=c["arrived_persons"]
            ),
            what=dict(c),
        )


def _inject(world: World, inject: Inject) -> Steps:
    module = injects.module(inject.kind)
    yield world.wait(inject.at_min * MIN_S)
    target = Text("：{t}", ": {t}").format(t=world.name(inject.target)) if inject.target else Text("", "")
    said = Text("。{m}", ". {m}").format(m=inject.message) if inject.message else Text("", "")
    world.write(
        "inject",
        Text("情况注入——{k}{t}{m}", "Inject – {k}{t}{m}").format(k=module.LABEL, t=target, m=said),
        what={"inject": inject.id, "kind": inject.kind, "target": inject.target},
    )
    module.strike(world, inject)
    if inject.until_min is None:
        return
    yield world.wait(inject.until_min * MIN_S - world.now)
    module.lift(world, inject)
    world.write(
        "inject_over",
        Text("情况解除——{k}{t}", "Cleared – {k}{t}").format(k=module.LABEL, t=target),
        what={"inject": inject.id, "kind": inject.kind, "target": inject.target},
    )


# ------------------------------------------------------------------------------------------------ sirens


def _check_notice(world: World) -> None:
    """A test sounding needs a public notice some days before: without it the drill goes on, and says so."""
    if not world.drill.sirens:
        return
    needed = world.workspace.settings.intervals.siren_notice_days
    days = notice_days(world.drill.start, world.drill.notice_date)
    if days is not None and days >= needed:
        return
    given = (
        Text("没有公告", "no public notice was given")
        if days is None
        else Text(f"只提前 {days:g} 天公告", f"public notice was given only {days:g} days before")
    )
    message = Text(
        "警报鸣响前{given}，《人民防空法》第三十五条要求至少提前 {n} 日",
        "Before the sirens {given}; the Civil Air Defence Law, art. 35, asks for at least {n} days",
    ).format(given=given, n=needed)
    world.deviations.append(
        Deviation(
            t_s=0.0,
            kind="siren_notice",
            who=None,
            task=None,
            clause=None,
            breach=True,
            message=Both.of(message),
        )
    )
    place = world.workspace.place(world.drill.id, ("notice_date",)) or world.workspace.place(world.drill.id)
    world.failures.append(
        Failure(
            t_s=0.0,
            plan=world.plan.id,
            file=place.file if place else None,
            line=place.line if place else None,
            text=None,
            clause=None,
            task=None,
            name=Both(zh="警报试鸣公告", en="Public notice of the sirens"),
            why="siren_notice",
            message=Both.of(message),
        )
    )
    world.write("siren_notice", message, what={"notice_days": days, "needed_days": needed})


def _sound(world: World, signal: SirenSignal, number: int) -> Steps:
    yield world.wait(signal.at_min * MIN_S)
    pattern = PATTERNS[signal.signal]
    channels = [c for c in world.workspace.channels.values() if c.kind is ChannelKind.SIREN]
    dead = bool(channels) and all(world.down.get(c.id, 0) for c in channels)
    if dead or not world.workspace.sirens:
        world.deviate(
            "siren_silent",
            Text("{s}未能鸣响", "The {s} does not sound").format(s=pattern.name),
            what={"signal": signal.signal},
        )
        world.sounding_over[number].succeed(False)
        return
    made = sounding(signal.signal, world.now)
    world.soundings.append(made)
    hears = max((c.answer_share for c in channels), default=1.0)
    heard_s = made.on_s[0][1]
    for blast, (on, off) in enumerate(made.on_s, start=1):
        yield world.wait(on - world.now)
        world.write(
            "siren_on",
            Text("{s}第 {k} 声起", "{s}: blast {k} begins").format(s=pattern.name, k=blast),
            what={"signal": signal.signal, "blast": blast},
        )
        yield world.wait(off - world.now)
        world.write(
            "siren_off",
            Text("{s}第 {k} 声止", "{s}: blast {k} ends").format(s=pattern.name, k=blast),
            what={"signal": signal.signal, "blast": blast},
        )
        if world.now == heard_s and world.crowd is not None:
            _heard(world, signal, hears)
    yield world.wait(made.end_s - world.now)
    world.sounding_over[number].succeed(True)
    world.write(
        "siren_end",
        Text("{s}结束，历时 {n} 秒", "{s} over after {n} s").format(
            s=pattern.name, n=f"{pattern.length_s:g}"
        ),
        what={"signal": signal.signal, "length_s": pattern.length_s},
    )


def _heard(world: World, signal: SirenSignal, share: float) -> None:
    """People within the range of a siren hear its first blast; after the all-clear nobody leaves any more."""
    crowd = world.crowd
    assert crowd is not None
    if signal.signal == "all_clear":
        crowd.stop(world.now)
        return
    settings = world.settings
    town = crowd.town
    near = np.zeros(len(town.building_xy_m), dtype=np.bool_)
    for siren in world.workspace.sirens.values():
        reach = audible_range_m(siren.level_dbc, settings.siren_audible_dbc, settings.siren_loss_db)
        at = siren.shape_m.centroid
        near |= np.hypot(town.building_xy_m[:, 0] - at.x, town.building_xy_m[:, 1] - at.y) <= reach
    draw = world.streams.of(f"hear/{signal.signal}/{signal.at_min:g}").random(len(crowd.warned_s))
    hears = near[town.group_building] & (draw < share)
    crowd.warn(np.arange(len(hears)), np.where(hears, world.now, math.inf))
    world.write(
        "warned",
        Text("警报覆盖 {n:,} 人中的 {m:,} 人", "{m:,} of {n:,} people hear the sirens").format(
            n=int(town.group_persons.sum()), m=int(town.group_persons[hears].sum())
        ),
        what={"signal": signal.signal, "persons": int(town.group_persons[hears].sum())},
    )


# ------------------------------------------------------------------------------------------------ result


def _result(world: World, seed: int) -> DrillResult:
    drill, plan = world.drill, world.plan
    objectives = evaluate(world)
    failures = sorted(world.failures, key=lambda f: f.t_s)
    grade = grade_of([o.rating for o in objectives], len(failures), len(world.deviations))
    return DrillResult(
        inputs=dict(world.workspace.inputs),
        seed=seed,
        drill=drill.id,
        name=Both.of(drill.name.text),
        plan=plan.id,
        plan_name=Both.of(plan.name.text),
        plan_version=plan.version,
        street=Both.of(world.workspace.settings.name.text),
        level=drill.level,
        start=drill.start.isoformat(timespec="seconds"),
        day_part=drill.day_part.value,
        type_form=drill.type_form,
        stopped_s=round(world.now, 1),
        objectives=objectives,
        grade=grade,
        first_failure=failures[0] if failures else None,
        failures=failures,
        deviations=list(world.deviations),
        measures=standing(world),
        tasks=tasks(world),
        evacuation_file=world.prepared.kept.file if world.prepared.kept else None,
        evacuation_hash=world.prepared.kept.digest if world.prepared.kept else None,
        people=people(world),
        communities=communities(world),
        shelters=shelters(world),
        soundings=sorted(world.soundings, key=lambda s: s.start_s),
        report=after_action(world, objectives, grade),
        journal=world.journal.entries(),
    )
