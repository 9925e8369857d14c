"""What a person did wrong with a plan is told before the work, in one language, with names."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from civdef.cli import main
from tests import toy_town


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_town.write(tmp_path_factory.mktemp("toy"))


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as left:
        main(["--lang", "zh", *args])
    shown = capsys.readouterr()
    return left.value.code, shown.out, shown.err


def test_a_folder_that_cannot_be_written_is_told_before_the_plan_is_made(
    toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("planned in vain")

    monkeypatch.setattr("civdef.evacuate.solve.solve", never)
    taken = tmp_path / "taken"
    taken.write_text("", encoding="utf-8")
    code, _, err = run(capsys, "evacuate", "-C", str(toy), "--plan", "toy", "-o", str(taken / "below"))
    assert code == 2
    assert "无法写入" in err
    assert "下一步" in err
    code, _, err = run(capsys, "evacuate", "-C", str(toy), "--plan", "toy", "-o", str(taken))
    assert code == 2
    assert f"{taken} 是一个文件，这里要的是目录" in err


def test_workbooks_that_cannot_be_written_are_told_before_the_plan_is_made(
    toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("planned in vain")

    monkeypatch.setattr("civdef.evacuate.solve.solve", never)
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    code, _, err = run(capsys, "evacuate", "-C", str(toy), "--plan", "toy", "-o", str(tmp_path / "out"))
    assert code == 2
    assert "写出 Excel 需要安装附加组件" in err
    assert f'下一步：运行 {sys.executable} -m pip install "civdef[office]"' in err
    assert not (tmp_path / "out").exists()


def test_a_missing_value_is_told_in_the_language_of_the_run(
    toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "evacuate", "-C", str(toy), "--plan", "toy", "--closed")
    assert code == 2
    assert "选项 --closed 后面缺少取值" in err
    code, _, err = run(capsys, "drill", "run", "-C", str(toy), "toy", "once", "more")
    assert code == 2
    assert "多余的参数：once more" in err


def test_what_binds_is_told_by_name_with_its_id(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    streets = [x for r in ("main", "lane", "west", "middle", "east") for x in ("--closed", r)]
    code, out, _ = run(capsys, "evacuate", "-C", str(toy), "--plan", "toy", *streets)
    assert code == 3
    assert "后巷（road/lane）" in out


def test_a_street_is_found_by_the_name_it_bears(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "evacuate", "-C", str(toy), "--plan", "toy", "--closed", "后巷")
    assert code == 2
    assert "名称中有“后巷”的是：road/lane" in err
    code, _, err = run(capsys, "evacuate", "-C", str(toy), "--plan", "toy", "--one-way", "后巷:forward")
    assert code == 2
    assert "road/lane" in err


def test_where_there_is_no_hazard_area_the_way_to_one_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = toy_town.write(tmp_path)
    for old in (bare / "maps" / "hazards").glob("*.geojson"):
        old.unlink()
    plan = bare / "plans" / "contingency" / "toy.yaml"
    text = plan.read_text(encoding="utf-8")
    assert "footprint: [hazard/" not in text
    for more in (["--footprint", "flood"], ["--scope", "footprint"]):
        code, _, err = run(capsys, "evacuate", "-C", str(bare), "--plan", "toy", *more)
        assert code == 2
        assert "civdef import hazard" in err
        assert "maps/hazards/" in err


def test_wrong_arguments_are_told_apart_without_the_english_of_click(
    toy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "click.core",
        "click.parser",
        "click.exceptions",
        "click.types",
    ):  # as another click, or a translated one, might say it
        monkeypatch.setattr(f"{name}._", lambda text: "?" * len(text), raising=False)
        monkeypatch.setattr(f"{name}.ngettext", lambda one, _many, _n: "?" * len(one), raising=False)
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    for args, told in (
        (["evacuate", "--closed"], "选项 --closed 后面缺少取值"),
        (["evacuate", "--fetch=yes"], "选项 --fetch 后面不带取值"),
        (["drill", "run", "toy", "once", "more"], "多余的参数：once more"),
        (["check", "twice"], "多余的参数：twice"),
        (["evacuate", "compar"], "没有命令 compar；是否想写 compare？"),
        (["evacuate", "--colsed", "x"], "没有选项 --colsed；是否想写"),
        (["evacuate", "-o", str(file)], f"--output 的值不对：{file} 是一个文件，这里要的是目录"),
        (["map", "-o", str(tmp_path)], f"{tmp_path} 是一个目录，这里要的是文件"),
        (["evacuate", "-o", str(tmp_path / ("x" * 300))], "--output 的值不对：名称太长"),
        (["check", "-C", str(tmp_path / ("x" * 300))], "-C 的值不对：名称太长"),
    ):
        code, _, err = run(capsys, "-C", str(toy), *args)
        assert code == 2, err
        assert told in err
        assert "??" not in err
        assert "内部错误" not in err
