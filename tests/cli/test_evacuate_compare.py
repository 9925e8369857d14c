"""``civdef evacuate compare``: named plans in one table, kept results, wrong uses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from civdef.cli import main
from tests import toy_town


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_town.write(tmp_path_factory.mktemp("toy"))


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(list(argv))
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    assert "Internal error" not in out + err
    assert isinstance(left.value.code, int)
    return left.value.code, out, err


def test_each_column_is_the_plan_run_by_itself(
    capsys: pytest.CaptureFixture[str], toy: Path, tmp_path: Path
) -> None:
    base = ("--plan", "toy", "-C", str(toy))
    variants = {
        "now": (),
        "west closed": ("--closed", "west"),
        "more": ("--places", "south=9", "--door", "south=3"),
        "main one-way": ("--one-way", "main:backward"),
    }
    alone = {}
    for name, options in variants.items():
        code, out, _ = run(capsys, "evacuate", *base, *options, "--json")
        assert code == 0
        alone[name] = json.loads(out)
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps(alone["more"]), encoding="utf-8")
    given = [f"{n}={' '.join(o)}" for n, o in variants.items()]
    code, out, _ = run(capsys, "evacuate", "compare", *base, *given, str(kept), "--json")
    assert code == 0
    data = json.loads(out)
    assert data["schema"] == "civdef.evacuation-comparison/1"
    assert [p["name"] for p in data["plans"]] == [*variants, "kept"]
    first = alone["now"]
    for row, whole in zip(data["plans"], [*alone.values(), alone["more"]], strict=True):
        for key in (
            "clearance_s",
            "simulated_clearance_s",
            "bound_s",
            "mean_walk_m",
            "longest_walk_m",
            "changes",
        ):
            assert row[key] == whole[key], key
        assert row["walking_person_km"] == pytest.approx(whole["person_m"] / 1000, abs=0.06)
        assert row["clearance_gain_s"] == first["clearance_s"] - whole["clearance_s"]
        assert [c["persons"] for c in row["communities"]] == [14]
    assert data["same_inputs"] is True
    assert data["same_people"] is True


def test_options_of_all_and_of_one_are_joined(capsys: pytest.CaptureFixture[str], toy: Path) -> None:
    _, out, _ = run(
        capsys, "evacuate", "compare", "-C", str(toy), "--plan", "toy", "--closed", "west", "--json",
        "a=", "b=--closed middle --time workday",
    )  # fmt: skip
    a, b = json.loads(out)["plans"]
    assert a["closed_roads"] == ["road/west"]
    assert b["closed_roads"] == ["road/middle", "road/west"]
    assert (a["time"], b["time"]) == ("night", "workday")
    assert json.loads(out)["same_people"] is False


def test_a_plan_that_leaves_somebody_over_is_named_and_exits_3(
    capsys: pytest.CaptureFixture[str], toy: Path
) -> None:
    args = ("evacuate", "compare", "-C", str(toy), "--plan", "toy", "全部=", "少一处=--without south")
    code, out, _ = run(capsys, *args, "--lang", "zh")
    assert code == 3
    assert "还有人没有去处的方案：少一处" in out
    code, out, _ = run(capsys, *args, "--lang", "en")
    assert code == 3
    assert "Somebody is left over in: 少一处" in out


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("x",), "NAME=OPTIONS"),
        (("x=y",), "NAME=OPTIONS"),
        (("=--closed west",), "NAME=OPTIONS"),
        (("x=--wihtout south",), "--without"),
        (("x=--closed 'west",), "quotes"),
        (("x=", "x=--closed west"), "Two plans"),
        (("nowhere.json",), "nowhere.json"),
        (("x=--closed wets",), "road/west"),
    ],
)
def test_wrong_uses_exit_2_and_say_what_to_write(
    capsys: pytest.CaptureFixture[str], toy: Path, given: tuple[str, ...], words: str
) -> None:
    code, out, err = run(
        capsys, "evacuate", "compare", "-C", str(toy), "--plan", "toy", *given, "--lang", "en"
    )
    assert (code, out) == (2, "")
    assert words in err


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "civdef.audit/1"}', "\udcff"])
def test_files_that_are_no_plan_are_refused(
    capsys: pytest.CaptureFixture[str], toy: Path, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    code, out, err = run(capsys, "evacuate", "compare", "-C", str(toy), str(file), "--lang", "en")
    assert (code, out) == (2, "")
    assert "x.json" in err


def test_a_question_before_the_command_is_refused(capsys: pytest.CaptureFixture[str], toy: Path) -> None:
    code, _, err = run(capsys, "evacuate", "--plan", "toy", "compare", "-C", str(toy), "a=", "--lang", "en")
    assert code == 2
    assert "--plan stands before compare" in err
    assert "civdef evacuate compare --plan" in err
