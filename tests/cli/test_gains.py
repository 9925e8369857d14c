"""Gains and costs in words, and quick plans that are said to be quick."""

from __future__ import annotations

from pathlib import Path

import pytest

from civdef.cli import main
from civdef.cli.evacuations._gains import SAME, earlier, less_walk, more_persons
from civdef.text import Text
from tests import toy_town


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_town.write(tmp_path_factory.mktemp("toy"))


def test_no_gain_needs_a_sign() -> None:
    assert earlier(90) == Text("早 1.5 分钟", "1.5 min earlier")
    assert earlier(-48) == Text("晚 0.8 分钟", "0.8 min later")
    assert earlier(-2) == SAME
    assert earlier(None) is None
    assert more_persons(1234) == Text("多 1,234 人", "1,234 more")
    assert more_persons(-410) == Text("少 410 人", "410 fewer")
    assert more_persons(0) == SAME
    assert less_walk(5.4) == Text("少 5 米", "5 m less")
    assert less_walk(-1.2) == Text("多 1 米", "1 m more")
    assert less_walk(-0.4) == SAME
    assert less_walk(None) is None


@pytest.mark.parametrize(
    ("effort", "lang", "words"),
    [("quick", "zh", "初排"), ("quick", "en", "first plans"), ("normal", "zh", ""), ("normal", "en", "")],
)
def test_a_comparison_says_which_plan_is_later_and_that_it_is_quick(
    toy: Path, capsys: pytest.CaptureFixture[str], effort: str, lang: str, words: str
) -> None:
    asked = ["--plan", "toy", "-C", str(toy), "--lang", lang, "--effort", effort]
    with pytest.raises(SystemExit):
        main(["evacuate", "compare", "more=--places south=9 --door south=3", "now=", *asked])
    out = capsys.readouterr().out
    assert (words in out) if words else ("初排" not in out and "first plans" not in out)
    late = next(x for x in out.splitlines() if "比基准晚" in x or "later than the first" in x)
    assert "-0" not in out
    assert float(late.split()[-1]) > 0
    assert late.split()[-2] == "-"
