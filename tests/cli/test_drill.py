"""``civdef drill`` as a user meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import toy_town
from tests.drill.street import ACTIVATE, CALL, MUSTER, OBJECTIVE, SETTINGS, WARN, plan, scenario, task

LEAD = task("lead", "evacuate", "post/commander", "warn")


def civdef(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2]), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "civdef", "-C", str(folder), *args]
    return subprocess.run(
        command, capture_output=True, check=False, text=True, encoding="utf-8", env=env, timeout=180
    )


@pytest.fixture
def town(tmp_path: Path) -> Path:
    files = {
        "civdef.toml": SETTINGS,
        "plans/contingency/toy.yaml": plan(ACTIVATE, CALL, MUSTER, WARN, LEAD),
        "drills/toy.yaml": scenario(),
    }
    return toy_town.write(tmp_path / "town", files)


def test_list_and_run(town: Path) -> None:
    listed = civdef(town, "drill", "list", "--json")
    assert listed.returncode == 0
    assert [(d["id"], d["plan"], d["title"]["en"]) for d in json.loads(listed.stdout)["drills"]] == [
        ("drill/toy", "plan/toy", "Toy drill")
    ]
    ran = civdef(town, "drill", "run", "toy", "--lang", "en")
    assert ran.returncode == 0, ran.stderr
    assert "Toy drill" in ran.stdout
    assert "Overall grade: excellent" in ran.stdout
    assert sorted(p.name for p in (town / "out/drills/toy").iterdir()) == [
        "journal.jsonl", "report.en.html", "report.en.md", "report.zh.html", "report.zh.md", "result.json",
    ]  # fmt: skip


def test_json_is_the_whole_stdout_and_a_missed_objective_leaves_with_1(town: Path) -> None:
    (town / "drills/toy.yaml").write_text(
        scenario(objectives=OBJECTIVE.replace("target: 5, limit: 10", "target: 1, limit: 1.5")),
        encoding="utf-8",
    )
    ran = civdef(town, "drill", "run", "toy", "--json", "--seed", "11", "-o", str(town / "else"))
    assert ran.returncode == 1
    document = json.loads(ran.stdout)
    assert document["seed"] == 11
    assert [(o["id"], o["target"], o["value"], o["rating"]) for o in document["objectives"]] == [
        ("started", 1, 2, "U")
    ]
    assert {"measures", "journal", "inputs", "plan", "first_failure"} <= set(document)
    assert (town / "else/result.json").read_text(encoding="utf-8") == ran.stdout


def test_the_journal_goes_where_it_is_sent(town: Path) -> None:
    ran = civdef(town, "drill", "run", "toy", "--lang", "en", "--journal", "-")
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert lines[0]["message"].startswith("Exercise begins")
    copy = town / "j.jsonl"
    assert civdef(town, "drill", "run", "toy", "--lang", "en", "--journal", str(copy)).returncode == 0
    assert copy.read_text(encoding="utf-8") == ran.stdout


def test_wrong_names_and_plans_that_cannot_run_end_with_2_and_no_traceback(town: Path) -> None:
    wrong = civdef(town, "drill", "run", "toi", "--lang", "en")
    assert wrong.returncode == 2
    assert "Did you mean toy?" in wrong.stderr
    circle = ACTIVATE.replace("duration_min: 2", "after: [lead], duration_min: 2")
    (town / "plans/contingency/toy.yaml").write_text(plan(circle, CALL, MUSTER, WARN, LEAD), encoding="utf-8")
    for lang, said in (("en", "wait for each other"), ("zh", "互相等待")):
        ran = civdef(town, "drill", "run", "toy", "--lang", lang)
        assert ran.returncode == 2
        assert said in ran.stderr
        assert "Traceback" not in ran.stderr
    assert not (town / "out").exists()


def test_an_output_folder_that_cannot_be_written(town: Path) -> None:
    (town / "out").write_text("in the way", encoding="utf-8")
    ran = civdef(town, "drill", "run", "toy", "--lang", "en")
    assert ran.returncode == 2
    assert "Cannot write" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_no_shelter_at_all_is_infeasible(town: Path) -> None:
    none = toy_town.collection([])
    (town / "maps/shelters.geojson").write_text(none, encoding="utf-8")
    (town / "maps/entrances.geojson").write_text(none, encoding="utf-8")
    ran = civdef(town, "drill", "run", "toy", "--lang", "en")
    assert ran.returncode == 3
    assert "Traceback" not in ran.stderr


def test_a_workspace_without_scenarios_says_what_to_do(town: Path) -> None:
    (town / "drills/toy.yaml").unlink()
    ran = civdef(town, "drill", "list", "--lang", "en")
    assert ran.returncode == 0
    assert "docs/drill.md" in ran.stdout


def test_a_drill_follows_the_plan_that_was_kept_and_says_so(town: Path) -> None:
    assert civdef(town, "evacuate", "--plan", "toy", "-o", str(town / "out/evacuation")).returncode == 0
    kept = town / "out/evacuation/result.json"
    alone = civdef(town, "drill", "run", "toy", "--json")
    followed = civdef(town, "drill", "run", "toy", "--evacuation", str(kept), "--json")
    assert alone.returncode == followed.returncode == 0, followed.stderr
    own, given = json.loads(alone.stdout), json.loads(followed.stdout)
    assert (own.pop("evacuation_file"), own.pop("evacuation_hash")) == (None, None)
    assert given.pop("evacuation_file") == "result.json"
    assert len(given.pop("evacuation_hash")) == 16
    assert own == given  # the same plan, found again
    page = (town / "out/drills/toy/report.zh.html").read_text(encoding="utf-8")
    assert "居民按事先编制的疏散方案 result.json" in page
    (town / "plans/households.csv").write_text(
        toy_town.HOUSEHOLDS.replace(",5,0,0", ",4,0,0"), encoding="utf-8"
    )
    stale = civdef(town, "drill", "run", "toy", "--evacuation", str(kept), "--lang", "en")
    assert stale.returncode == 2
    assert "out of date: plans/households.csv changed since" in stale.stderr
