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
