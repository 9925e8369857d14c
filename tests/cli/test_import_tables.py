"""``civdef export``, ``import people`` and ``import merge`` as commands: what they print, how they leave."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from civdef.cli.main import main
from tests import toy_town

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    root = tmp_path / "town"
    toy_town.write(root)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(["-C", str(root), *arguments])
        return int(left.value.code or 0), *capsys.readouterr()

    return call


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "town"


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_out_and_back(run: Run, root: Path, lang: str) -> None:
    before = (root / "plans/roster.csv").read_bytes()
    code, out, err = run("--lang", lang, "--json", "export", "roster")
    assert code == 0, err
    said = json.loads(out)
    assert said["schema"] == "civdef.export/1"
    assert [t["file"] for t in said["tables"]] == ["out/tables/roster.xlsx"]
    code, out, err = run("--lang", lang, "--json", "import", "roster", str(root / "out/tables/roster.xlsx"))
    assert code == 0, err
    assert (json.loads(out)["changed"], json.loads(out)["added"]) == (0, 0)
    text = (root / "plans/roster.csv").read_bytes().removeprefix(b"\xef\xbb\xbf")
    assert text.replace(b"\r\n", b"\n") == before.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")


def test_export_all_into_one_workbook_or_a_folder(run: Run, root: Path, tmp_path: Path) -> None:
    code, out, _ = run("export", "--all", "-o", str(tmp_path / "all.xlsx"))
    assert code == 0
    assert out.count("all.xlsx") == 6
    assert str(tmp_path) not in out, "no absolute paths"
    assert run("export", "--all", "-o", str(tmp_path / "forms"))[0] == 0
    assert len(list((tmp_path / "forms").glob("*.xlsx"))) == 6


@pytest.mark.parametrize("arguments", [(), ("roster", "--all"), ("nope",)])
def test_export_says_which_tables_there_are(run: Run, arguments: tuple[str, ...]) -> None:
    code, _, err = run("export", *arguments)
    assert code == 2
    assert "households" in err


def test_totals_become_households(run: Run, root: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "p.csv", "社区,户数,常住人口\n玩具社区,8,20\n")
    code, _, err = run("import", "people", path)
    assert code == 3, "every house of the toy town is registered"
    assert "玩具社区" in err
    assert "Traceback" not in err
    (root / "plans/households.csv").unlink()
    (root / "plans/assistance.csv").unlink(missing_ok=True)
    code, out, err = run("--json", "import", "people", path)
    assert code == 0, err
    said = json.loads(out)
    assert said["communities"][0]["at_home"]["night"]["adult"] == 20
    code, out, _ = run("import", "people", path)
    assert code == 0
    assert "未变 8" in out


def test_a_rename_is_told_before_it_is_done(run: Run, root: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", "old id,new id,new name\ncommunity/toy,community/lake,湖滨社区\n")
    before = (root / "maps/buildings.geojson").read_bytes()
    code, out, _ = run("import", "merge", path, "--dry-run")
    assert code == 0
    assert "尚未写入" in out
    assert (root / "maps/buildings.geojson").read_bytes() == before
    code, out, err = run("import", "merge", path, "--as-of", "2026")
    assert code == 0, err
    assert "没有悬空引用" in out
    code, out, _ = run("--json", "check")
    assert json.loads(out)["faults"] == []
    code, _, err = run("import", "merge", path, "--as-of", "soon")
    assert (code, "--as-of" in err) == (2, True)


def test_what_lists_do_not_tell_is_a_finding(run: Run, root: Path, tmp_path: Path) -> None:
    layer = root / "maps/communities.geojson"
    text = layer.read_text(encoding="utf-8").replace(
        '"community/toy",', '"community/toy", "code": "210202003001",', 1
    )
    layer.write_text(text, encoding="utf-8")
    old = write(tmp_path / "old.csv", "代码,名称\n210202003001,玩具社区居委会\n210202003002,南社区居委会\n")
    new = write(tmp_path / "new.csv", "代码,名称\n210202003002,南社区居委会\n")
    code, out, err = run("import", "merge", "--from", old, "--to", new)
    assert code == 1, err
    assert "玩具社区" in out
    assert layer.read_text(encoding="utf-8") == text
