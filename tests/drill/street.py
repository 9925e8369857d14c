"""The toy town with a plan and a scenario whose every minute is worked out by hand: no estimate has a spread."""

from __future__ import annotations

from pathlib import Path

from civdef.drill.prepare import find_drill, prepare
from civdef.drill.result import DrillResult
from civdef.drill.run import run
from civdef.load import load_workspace
from civdef.model.workspace import Workspace
from tests import toy_town

SETTINGS = (
    toy_town.SETTINGS
    + """
[response]
ready_min = 5
travel_factor = 1
"""
)

HEAD = """\
id: plan/toy
name: {zh: 玩具预案, en: Toy plan}
kind: contingency
version: "1"
issued: 2026-01-05
approved_by: post/commander
text: {zh: toy.zh.md, en: toy.en.md}
hazards: [earthquake]
hazard_class: natural
lead: group/evacuation
"""

TAIL = """\
evacuation:
  shelter_classes: [emergency]
  clause: "4.3"
"""

ACTIVATE = '  - {id: activate, name: {zh: 启动, en: Activate}, action: activate, who: post/commander, duration_min: 2, clause: "4.1"}\n'
CALL = '  - {id: call, name: {zh: 通知疏散组, en: Call the group}, action: call, who: post/commander, to: [group/evacuation], channel: channel/phone, after: [activate], duration_min: 9, clause: "4.2"}\n'
MUSTER = '  - {id: muster, name: {zh: 集结, en: Muster}, action: muster, who: group/evacuation, after: [call], duration_min: 60, clause: "4.2"}\n'
WARN = '  - {id: warn, name: {zh: 广播, en: Broadcast}, action: warn, who: post/commander, where: [community/toy], channel: channel/loudspeaker, after: [activate], duration_min: 3, clause: "4.3"}\n'
EVACUATE = '  - {id: evacuate, name: {zh: 引导, en: Lead}, action: evacuate, who: group/evacuation, where: [community/toy], after: [muster, warn], duration_min: 1, clause: "4.3"}\n'

OBJECTIVE = "  - {id: started, name: {zh: 启动, en: Started}, measure: activated_min, target: 5, limit: 10}\n"


def task(local_id: str, action: str, who: str, after: str = "", **more: str) -> str:
    """Return one task, five minutes long unless told otherwise."""
    fields = {"duration_min": "5", "clause": '"4.3"', **more}
    rest = "".join(f", {k}: {v}" for k, v in fields.items())
    wait = f", after: [{after}]" if after else ""
    return f"  - {{id: {local_id}, name: {{zh: 任务{local_id}, en: Task {local_id}}}, action: {action}, who: {who}{wait}{rest}}}\n"


def plan(*tasks: str, tail: str = TAIL) -> str:
    """Return a plan file with these tasks."""
    return HEAD + "tasks:\n" + "".join(tasks) + tail


def scenario(
    *, objectives: str = OBJECTIVE, injects: str = "", level: int = 2, extra: str = "", stop_min: float = 240
) -> str:
    """Return a scenario file: people leave exactly one minute after they are told."""
    return (
        "id: drill/toy\nname: {zh: 玩具演练, en: Toy drill}\nplan: plan/toy\n"
        f"level: {level}\nstart: 2026-11-05T02:00:00\nday_part: night\n"
        "behaviour: {departure_median_min: 1, departure_sigma: 0}\n"
        + (f"injects:\n{injects}" if injects else "")
        + extra
        + f"objectives:\n{objectives}seed: 7\nstop_min: {stop_min}\n"
    )


def workspace(root: Path, plan_text: str, drill_text: str, **changed: str) -> Workspace:
    """Write and read the toy town with this plan and scenario; `changed` replaces files by their names' last part."""
    names = {Path(name).stem: name for name in toy_town.files()}
    files = {
        "civdef.toml": SETTINGS,
        "plans/contingency/toy.yaml": plan_text,
        "drills/toy.yaml": drill_text,
        **{names.get(k, k): v for k, v in changed.items()},
    }
    return load_workspace(toy_town.write(root, files))


def play(root: Path, plan_text: str, drill_text: str, seed: int | None = None, **changed: str) -> DrillResult:
    """Run the toy drill."""
    ws = workspace(root, plan_text, drill_text, **changed)
    return run(prepare(ws, find_drill(ws, "toy")), seed)


def done(result: DrillResult) -> dict[str, float | None]:
    """Return when each task was done [min]."""
    return {t.id: t.done_min for t in result.tasks}


def kinds(result: DrillResult, kind: str) -> list[tuple[float, dict[str, object]]]:
    """Return (minute, figures) of every journal entry of a kind."""
    return [(round(e.t_s / 60, 3), dict(e.what)) for e in result.journal if e.kind == kind]
