"""The demo: the main job from end to end, anywhere, again, and on a workspace that has little."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from civdef.cli import main
from civdef.errors import UsageError
from civdef.files import digest
from civdef.text import Text
from tests import toy_town
from tests.drill import street


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(list(argv))
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    code = left.value.code
    assert isinstance(code, int)
    return code, out, err


def test_the_demo_links_everything_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toy_town.write(tmp_path, {"drills/toy.yaml": toy_town.DRILL})
    code, out, _ = run(capsys, "demo", "-C", str(tmp_path), "--lang", "en")
    assert code == 0
    assert "Next: open" in out
    assert "14 persons to move at night" in out
    page = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    made = {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    assert {"map.html", "map-public.html", "evacuation.json", "drills/toy/journal.jsonl"} <= made
    for name in made - {"index.html"}:
        assert f'href="./{name}"' in page, name


def test_a_drill_of_the_same_question_follows_the_plan_just_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    night = street.scenario()
    other = night.replace("drill/toy", "drill/day").replace("day_part: night", "day_part: workday")
    assert other.count("day") > 1
    files = {
        "civdef.toml": street.SETTINGS, "drills/toy.yaml": night, "drills/day.yaml": other,
        "plans/contingency/toy.yaml": street.plan(
            street.ACTIVATE, street.CALL, street.MUSTER, street.WARN, street.task("lead", "evacuate", "post/commander", "warn")
        ),
    }  # fmt: skip
    toy_town.write(tmp_path, files)
    code, out, _ = run(capsys, "demo", "-C", str(tmp_path), "--lang", "en")
    assert code == 0
    assert "follows the plan of the step before: Toy drill\n" in out
    said = {
        d: json.loads((tmp_path / f"out/drills/{d}/result.json").read_text("utf-8")) for d in ("toy", "day")
    }
    plan = (tmp_path / "out/evacuation.json").read_bytes()
    assert (said["toy"]["evacuation_file"], said["toy"]["evacuation_hash"]) == (
        "evacuation.json",
        digest(plan),
    )
    assert said["day"]["evacuation_file"] is None
    assert said["day"]["people"] is not None

    def not_found(*_: object) -> None:
        raise UsageError(Text("对不上", "does not fit"))

    monkeypatch.setattr("civdef.drill.town.taken_up", not_found)
    code, out, _ = run(capsys, "demo", "-C", str(tmp_path), "--lang", "en")
    assert code == 0
    assert "follows" not in out
    assert "cannot be run" not in out


def test_outside_a_workspace_the_sample_is_copied_once_and_used_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = toy_town.write(tmp_path / "toy")
    monkeypatch.setattr("civdef.load.init.sample_root", lambda: toy)
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        code, out, _ = run(capsys, "demo", "--json")
        assert code == 0
        result = json.loads(out)
        assert (result["schema"], result["placed_persons"]) == ("civdef.demo/1", 14)
    assert (tmp_path / "civdef-demo/civdef.toml").is_file()


def test_a_plan_that_waits_for_itself_does_not_end_the_demo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = toy_town.PLAN.replace(
        "    channel: channel/phone\n    after: [activate]", "    channel: channel/phone\n    after: [warn]"
    )
    toy_town.write(tmp_path, {"plans/contingency/toy.yaml": plan, "drills/toy.yaml": toy_town.DRILL})
    code, out, _ = run(capsys, "demo", "-C", str(tmp_path), "--lang", "en")
    assert code == 0
    assert "cannot be run" in out


def test_a_workspace_without_plans_or_drills_still_gets_its_map(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toy_town.write(tmp_path, {"plans/contingency/toy.yaml": None})
    code, out, _ = run(capsys, "demo", "-C", str(tmp_path), "--lang", "zh")
    assert code == 0
    assert "没有任何预案" in out
    assert "跳过" in out
    assert (tmp_path / "out/map.html").is_file()
