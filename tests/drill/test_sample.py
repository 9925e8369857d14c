"""The shipped scenarios: they run, they tell the truth about everybody, and the same seed gives the same bytes."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from civdef.drill.journal import json_lines
from civdef.drill.prepare import Prepared, find_drill, prepare
from civdef.drill.run import run
from civdef.graph.roads import StreetNetwork, build_street_network
from civdef.load import load_workspace
from civdef.model.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(p.stem for p in (ROOT / "drills").glob("*.yaml"))


@pytest.fixture(scope="module")
def street() -> tuple[Workspace, StreetNetwork]:
    """Return the sample street; its evacuations are searched briefly, since how early they end is shown elsewhere."""
    ws = load_workspace(ROOT)
    brief = ws.settings.evacuation.model_copy(
        update={"search_rounds": 20, "polish_rounds": 5, "packing_rounds": 0}
    )
    ws = dataclasses.replace(ws, settings=ws.settings.model_copy(update={"evacuation": brief}))
    return ws, build_street_network(ws)


@pytest.fixture(scope="module")
def ready(street: tuple[Workspace, StreetNetwork]) -> dict[str, Prepared]:
    return {}


def _ready(street: tuple[Workspace, StreetNetwork], ready: dict[str, Prepared], name: str) -> Prepared:
    if name not in ready:
        ready[name] = prepare(street[0], find_drill(street[0], name), street[1])
    return ready[name]


def test_there_are_five_and_one_is_the_air_raid_alarm() -> None:
    assert len(NAMES) >= 5
    assert "air-raid-alarm" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_runs_twice_to_the_same_bytes(
    name: str, street: tuple[Workspace, StreetNetwork], ready: dict[str, Prepared]
) -> None:
    prepared = _ready(street, ready, name)
    begun = time.process_time()  # not the wall clock: other work on the machine is no fault of the drill
    first = run(prepared)
    took = time.process_time() - begun
    second = run(prepared)
    assert first.to_json() == second.to_json()
    assert took < 5.0
    people = first.people
    assert people is not None
    assert people.arrived_persons + people.left_over_persons == people.persons > 1000
    assert sum(r.persons for r in people.left_over) == people.left_over_persons
    assert all(s.persons <= s.places for s in first.shelters)
    assert str(ROOT) not in first.to_json()
    clauses = {c for (owner, _), t in street[0].texts.items() if owner == first.plan for c in t.clauses}
    for objective in first.objectives:
        assert objective.clause is None or objective.clause in clauses
    for failure in first.failures:
        assert failure.clause is None or failure.clause in clauses
        assert failure.line
    assert run(prepared, seed=1).to_json() != first.to_json()


def test_the_air_raid_alarm_is_announced_and_sounds_three_minutes_each(
    street: tuple[Workspace, StreetNetwork], ready: dict[str, Prepared]
) -> None:
    result = run(_ready(street, ready, "air-raid-alarm"))
    assert [(s.signal, s.end_s - s.start_s) for s in result.soundings] == [
        ("pre_alert", 180.0), ("air_raid", 180.0), ("all_clear", 180.0),
    ]  # fmt: skip
    assert (result.measures["siren_notice_days"] or 0) >= street[0].settings.intervals.siren_notice_days
    assert not [d for d in result.deviations if d.kind.startswith("siren")]


SCRIPT = """
import sys
from pathlib import Path
from civdef.drill.journal import json_lines
from civdef.drill.prepare import find_drill, prepare
from civdef.drill.run import run
from civdef.load import load_workspace
ws = load_workspace(Path(sys.argv[1]))
result = run(prepare(ws, find_drill(ws, "gas-leak-workday")))
sys.stdout.buffer.write((json_lines(result.journal, "zh") + result.to_json()).encode("utf-8"))
"""


def test_the_journal_does_not_depend_on_pythonhashseed() -> None:
    digests = set()
    for hash_seed in ("0", "4242"):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(ROOT)],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            cwd=ROOT,
            capture_output=True,
            check=True,
            timeout=300,
        )
        digests.add(hashlib.sha256(done.stdout).hexdigest())
    ws = load_workspace(ROOT)
    here = run(prepare(ws, find_drill(ws, "gas-leak-workday")))
    mine = (json_lines(here.journal, "zh") + here.to_json()).encode("utf-8")
    digests.add(hashlib.sha256(mine).hexdigest())
    assert len(digests) == 1
