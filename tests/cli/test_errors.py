"""Whatever goes wrong: a clear message in the chosen language, the right exit code, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from civdef.cli import main
from tests import toy_town

EVERY = ("check", "graph", "audit", "coverage", "evacuate", "drill list", "map")
"""Commands that read the workspace."""


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """Run the program in this process; return exit code, stdout, stderr."""
    with pytest.raises(SystemExit) as left:
        main(list(argv))
    out, err = capsys.readouterr()
    code = left.value.code
    assert isinstance(code, int)
    assert "Traceback" not in out + err
    assert "内部错误" not in out + err
    assert "Internal error" not in out + err
    return code, out, err


@pytest.mark.parametrize("command", EVERY)
@pytest.mark.parametrize(("lang", "words"), [("zh", "不是工作区"), ("en", "not a workspace")])
def test_no_workspace_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, lang: str, words: str
) -> None:
    code, out, err = run(capsys, *command.split(), "-C", str(tmp_path), "--lang", lang)
    assert (code, out) == (2, "")
    assert words in err
    assert "civdef init" in err


BROKEN = {
    "yaml": ("plans/contingency/toy.yaml", "id: plan/toy\n  name: [", "plans/contingency/toy.yaml:2"),
    "duplicate key": (
        "plans/organisation.yaml",
        toy_town.ORGANISATION + "teams: []\n",
        "plans/organisation.yaml:30:1",
    ),
    "geojson": ("maps/roads.geojson", '{"type": "FeatureCollection", "features": [', "maps/roads.geojson:1"),
    "csv": ("plans/roster.csv", 'id,name_zh\n"person/an,x\n', "plans/roster.csv"),
    "toml": ("civdef.toml", "name = {", "civdef.toml"),
}


@pytest.mark.parametrize("command", EVERY)
@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_named_by_every_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str, command: str
) -> None:
    file, text, place = BROKEN[what]
    toy_town.write(tmp_path, {file: text})
    code, out, err = run(capsys, *command.split(), "-C", str(tmp_path), "--lang", "zh")
    assert code == 2
    assert place in out + err


@pytest.mark.parametrize("command", EVERY)
def test_json_is_one_document_even_when_it_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    toy_town.write(tmp_path, {"maps/roads.geojson": "{"})
    code, out, _ = run(capsys, *command.split(), "-C", str(tmp_path), "--json")
    assert code == 2
    document = json.loads(out)
    assert document["schema"].startswith("civdef.")
    assert document["faults"][0]["file"] == "maps/roads.geojson"


@pytest.mark.parametrize("before", [True, False])
def test_shared_options_stand_before_or_after_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], before: bool
) -> None:
    toy_town.write(tmp_path)
    options = ["-C", str(tmp_path), "--json", "--lang", "en", "--quiet"]
    code, out, _ = run(capsys, *(options if before else []), "check", *([] if before else options))
    assert code == 0
    assert json.loads(out)["totals"]["residents"] == 14


@pytest.mark.parametrize(
    ("argv", "zh", "en"),
    [
        (["evacuat"], "是否想写 evacuate", "Did you mean evacuate"),
        (["check", "--jsn"], "没有选项 --jsn", "no option --jsn"),
        (
            ["evacuate", "--time", "noon"],
            "可用：night、workday、holiday",
            "choose one of night, workday, holiday",
        ),
        (["drill", "run", "x", "--seed", "-1"], "应为不小于 0 的整数", "give a whole number of at least 0"),
        (["evacuate", "--step", "0"], "应为 1 到 600 之间的整数", "give a whole number from 1 to 600"),
        (["evacuate", "--step", "1.5"], "应为 1 到 600 之间的整数", "give a whole number from 1 to 600"),
        (
            ["import", "bounds", __file__, "--gap", "-1"],
            "应为 0 到 200 之间的数",
            "give a number from 0 to 200",
        ),
        (["import", "roads"], "缺少参数", "Missing"),
        (["init"], "缺少参数", "Missing"),
    ],
)
def test_a_wrong_argument_is_explained_in_the_language_of_the_run(
    capsys: pytest.CaptureFixture[str], argv: list[str], zh: str, en: str
) -> None:
    for lang, words in (("zh", zh), ("en", en)):
        code, out, err = run(capsys, *argv, "--lang", lang)
        assert (code, out) == (2, "")
        assert words in err


@pytest.mark.parametrize(("lang", "words"), [("zh", "[1 至 600]"), ("en", "[1 to 600]")])
def test_help_says_which_numbers_are_allowed_in_words(
    capsys: pytest.CaptureFixture[str], lang: str, words: str
) -> None:
    code, out, _ = run(capsys, "evacuate", "--help", "--lang", lang)
    assert code == 0
    assert words in " ".join(out.split())
    code, more, _ = run(capsys, "drill", "run", "--help", "--lang", lang)
    assert code == 0
    assert "--seed N" in more
    assert "<=" not in out + more
    assert "RANGE" not in out + more


def test_unknown_names_get_the_nearest_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toy_town.write(tmp_path)
    code, _, err = run(capsys, "evacuate", "--plan", "toi", "-C", str(tmp_path), "--lang", "en")
    assert code == 2
    assert "plan/toy" in err
    code, _, err = run(capsys, "graph", "--about", "team/tyo", "-C", str(tmp_path), "--lang", "en")
    assert code == 2
    assert "team/toy" in err


def empty(*layers: str) -> dict[str, str | None]:
    """Return layers without features."""
    return {f"maps/{name}.geojson": toy_town.collection([]) for name in layers}


def test_a_disconnected_street_network_names_who_is_cut_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roads = [
        r
        for r in toy_town.maps()["maps/roads.geojson"]
        if r["properties"]["id"] in ("road/main", "road/lane")
    ]
    entrances = [toy_town.maps()["maps/entrances.geojson"][0]]
    shelters = [toy_town.maps()["maps/shelters.geojson"][0]]
    changed: dict[str, str | None] = {
        "maps/roads.geojson": toy_town.collection(roads),
        "maps/shelters.geojson": toy_town.collection(shelters),
        "maps/entrances.geojson": toy_town.collection(entrances),
    }
    toy_town.write(tmp_path, changed)
    code, out, _ = run(capsys, "evacuate", "--plan", "toy", "-C", str(tmp_path), "--json")
    assert code == 3
    result = json.loads(out)
    assert {r["building"] for r in result["left_over"]} == {"building/h3", "building/h4"}
    assert result["placed_persons"] + sum(r["persons"] for r in result["left_over"]) == 14
    code, out, err = run(capsys, "evacuate", "--plan", "toy", "-C", str(tmp_path), "--lang", "en")
    assert code == 3
    assert "7" in out + err


@pytest.mark.parametrize("command", ["coverage", "evacuate --plan toy"])
def test_zero_shelters_is_infeasible_not_a_crash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    toy_town.write(tmp_path, empty("shelters", "entrances"))
    for lang, words in (("zh", "避难场所"), ("en", "shelter")):
        code, out, err = run(capsys, *command.split(), "-C", str(tmp_path), "--lang", lang)
        assert code == 3
        assert words in out + err


def test_a_map_without_shelters_is_still_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toy_town.write(tmp_path, empty("shelters", "entrances"))
    code, _, _ = run(capsys, "map", "-C", str(tmp_path))
    assert code in (0, 3)
    assert (tmp_path / "out" / "map.html").stat().st_size > 10_000


def test_a_plan_that_waits_for_itself_is_refused_by_the_drill_and_found_by_the_audit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = toy_town.PLAN.replace(
        "    channel: channel/phone\n    after: [activate]", "    channel: channel/phone\n    after: [warn]"
    )
    assert plan != toy_town.PLAN
    toy_town.write(tmp_path, {"plans/contingency/toy.yaml": plan, "drills/toy.yaml": toy_town.DRILL})
    for lang in ("zh", "en"):
        code, out, err = run(capsys, "drill", "run", "toy", "-C", str(tmp_path), "--lang", lang)
        assert code in (2, 3)
        assert "call" in out + err
        assert "warn" in out + err
    code, out, _ = run(capsys, "audit", "-C", str(tmp_path), "--json")
    assert code == 1
    assert any(f["file"] == "plans/contingency/toy.yaml" and f["line"] for f in json.loads(out)["findings"])


@pytest.mark.parametrize("command", ["map", "drill run toy"])
def test_an_output_folder_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    toy_town.write(tmp_path, {"drills/toy.yaml": toy_town.DRILL})
    (tmp_path / "out").write_text("in the way", encoding="utf-8")
    for lang, words in (("zh", "无法写入"), ("en", "Cannot write")):
        code, _, err = run(capsys, *command.split(), "-C", str(tmp_path), "--lang", lang)
        assert code == 2
        assert words in err
    assert (tmp_path / "out").read_text(encoding="utf-8") == "in the way"


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits are POSIX")
def test_a_read_only_output_folder_is_named(tmp_path: Path) -> None:
    """As an ordinary user; root may write anywhere, so a child process drops its rights, once all is imported."""
    toy_town.write(tmp_path)
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(0o555)
    code = (
        "import contextlib, os\n"
        "from civdef.cli import main\n"
        f"argv = ['map', '-C', {str(tmp_path)!r}, '--lang', 'en', '-o']\n"
        f"with contextlib.suppress(SystemExit): main([*argv, {str(tmp_path / 'first.html')!r}])\n"
        "if os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        f"main([*argv, {str(out / 'map.html')!r}])\n"
    )
    parents = [p for p in tmp_path.parents if p.stat().st_uid == os.getuid() and not p.stat().st_mode & 0o001]
    for parent in parents:
        parent.chmod(parent.stat().st_mode | 0o011)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False, cwd="/",
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert done.returncode == 2, done.stderr
    assert "Cannot write" in done.stderr


@pytest.mark.parametrize(
    "command", ["check", "audit", "coverage", "evacuate --plan toy", "drill run toy", "--help"]
)
def test_a_gbk_console_never_crashes(tmp_path: Path, command: str) -> None:
    rare = toy_town.ORGANISATION.replace("zh: 玩具队", "zh: 䶮𠀀队✓")
    toy_town.write(tmp_path, {"plans/organisation.yaml": rare, "drills/toy.yaml": toy_town.DRILL})
    done = subprocess.run(
        [sys.executable, "-m", "civdef", *command.split(), "-C", str(tmp_path), "--lang", "zh"],
        capture_output=True, timeout=120, check=False, env={**os.environ, "PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert done.returncode in (0, 1, 3), done.stderr.decode("gbk", "replace")
    assert done.stdout.decode("gbk")
    assert b"Traceback" not in done.stderr


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "civdef", "--help"],
        capture_output=True, text=True, timeout=60, check=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    loaded = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if "|" in line
    }
    heavy = {
        "pandas",
        "geopandas",
        "folium",
        "numpy",
        "scipy",
        "numba",
        "networkx",
        "shapely",
        "ortools",
        "pydantic",
        "rich",
    }
    assert not loaded & heavy


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_said_not_called_a_defect(tmp_path: Path) -> None:
    toy_town.write(tmp_path)
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "civdef", "check", "-C", str(tmp_path), "--lang", "en"],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert "disk is full" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_interrupt_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_self: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("civdef.cli.common.App.root", interrupted)
    code, _, err = run(capsys, "check", "-C", str(tmp_path), "--lang", "zh")
    assert code == 130
    assert "已中断" in err
    assert "下一步：再运行一次同一条命令" in err
