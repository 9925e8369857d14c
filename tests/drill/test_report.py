"""The after-action report: every kind has its remedy, both languages read, text from data stays text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from civdef.drill.journal import json_lines
from civdef.drill.measures import MEASURES
from civdef.drill.remedies import REMEDIES
from civdef.drill.report import with_unit
from civdef.drill.result import DrillResult
from civdef.drill.summing_up import REASONS
from civdef.errors import OutputError
from civdef.render.blocks import Table
from civdef.render.drill_report import report_blocks, report_markdown, report_page, write_drill
from civdef.text import LANGS
from tests.drill.street import ACTIVATE, CALL, MUSTER, WARN, plan, play, scenario, task

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> DrillResult:
    objectives = (
        "  - {id: a, name: {zh: 启动, en: 'Start | <b>now</b>'}, measure: activated_min, target: 1, limit: 3, clause: \"4.1\"}\n"
        "  - {id: b, name: {zh: 叫应, en: Calls}, measure: groups_reached_min, target: 30, limit: 40}\n"
        "  - {id: c, name: {zh: 到达, en: Arrivals}, measure: p95_arrival_min, target: 1, limit: 2}\n"
    )
    text = plan(
        ACTIVATE, CALL, MUSTER, WARN, task("lead", "evacuate", "post/commander", "warn", due_min="4"),
    )  # fmt: skip
    drill = scenario(objectives=objectives, extra="absent: [person/bo]\n")
    return play(tmp_path_factory.mktemp("r"), text, drill)


@pytest.mark.parametrize(
    ("value", "said"), [(1.0, "100%"), (0.9997, "99.97%"), (0.95, "95%"), (0.123, "12.3%"), (0.0, "0%")]
)
def test_a_share_is_100_only_if_nobody_is_missing(value: float, said: str) -> None:
    text = with_unit(value, "share")
    assert (text.zh, text.en) == (said, said)


def test_every_kind_of_failure_and_deviation_has_its_remedy() -> None:
    source = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "civdef/drill").rglob("*.py")))
    made = set(re.findall(r'world\.deviate\(\s*"(\w+)"', source))
    made |= set(re.findall(r'world\.fail(?:_evacuation)?\(\s*"(\w+)"', source))
    made |= set(re.findall(r'Outcome\(\s*"(?:failed|partial)",\s*"(\w+)"', source))
    made |= set(re.findall(r'Lacking\(\s*"(\w+)"', source))
    made |= {"unreached", "not_opened", "late", "backup_channel", "siren_notice"}
    assert made <= set(REMEDIES), made - set(REMEDIES)
    assert set(REMEDIES) <= made, set(REMEDIES) - made


def test_every_column_of_every_table_has_a_heading(result: DrillResult) -> None:
    for lang in LANGS:
        heads = [b.head for b in report_blocks(result, lang) if isinstance(b, Table)]
        assert len(heads) >= 4
        assert all(cell.strip() for head in heads for cell in head)


def test_reasons_for_those_left_over_cover_engine_and_plan() -> None:
    from civdef.evacuate.result import LeftReason

    assert {r.value for r in LeftReason if r is not LeftReason.NO_BUILDING} <= set(REASONS)


def test_the_report_says_where_the_time_went(result: DrillResult) -> None:
    review = result.report.reviews[0]
    assert [o.rating for o in result.objectives] == ["M", "S", "U"]
    (finding,) = review.improvements
    assert finding.reference == "4.1"
    assert finding.analysis.en == "the time went into: Activate 2 min"
    last = result.report.reviews[2].improvements[0]
    assert (
        last.analysis.en
        == "the time went into: Activate 2 min → Broadcast 11 min, 8 of them waiting for people"
    )
    assert result.report.improvements[0].due == "2026-12-05"
    owners = {row.issue.en.split(":")[0]: row.owner for row in result.report.improvements}
    assert owners["Task lead"] == "post/commander"


def test_markdown_in_both_languages_without_markup_from_data(result: DrillResult) -> None:
    zh, en = report_markdown(result, "zh"), report_markdown(result, "en")
    assert "【演习】" in zh
    assert "EXERCISE" in en
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"`[^`]*`", "", en).replace("玩具", ""))
    assert r"Start \| \<b\>now\</b\>" in en
    for text in (zh, en):
        for block in re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE):
            widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
            assert len(widths) == 1, block
    assert "第 4\\.1 条" in zh or "第 4.1 条" in zh


def test_the_page_says_the_same_and_nothing_from_data_is_markup(result: DrillResult) -> None:
    for lang in ("zh", "en"):
        page = report_page(result, lang)
        assert "Start | &lt;b&gt;now&lt;/b&gt;" in page or lang == "zh"
        assert "<b>" not in page
        assert "<script" not in page
        assert "default-src 'none'; style-src 'unsafe-inline'" in page
        assert not re.search(r"(?:src|href)=|https?:", page)
        assert page.count("<h2>") == report_markdown(result, lang).count("\n## ")
        assert page.count('class="rating ') == len(result.objectives)
        assert page == report_page(result, lang)


def test_files_are_written_whole_and_a_folder_that_is_a_file_is_an_error(
    result: DrillResult, tmp_path: Path
) -> None:
    made = write_drill(result, tmp_path / "out", journal_lang="en")
    assert [p.name for p in made] == [
        "report.zh.html", "report.en.html", "report.zh.md", "report.en.md", "journal.jsonl", "result.json",
    ]  # fmt: skip
    lines = (tmp_path / "out/journal.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    assert len(entries) == len(result.journal)
    assert list(entries[0]) == ["t_s", "time", "kind", "who", "what", "task", "clause", "message"]
    assert entries[0]["message"].startswith("Exercise begins")
    assert json_lines(result.journal, "zh") != json_lines(result.journal, "en")
    document = json.loads((tmp_path / "out/result.json").read_text(encoding="utf-8"))
    assert document["schema"] == "civdef.drill/1"
    assert DrillResult.model_validate(document) == result
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        write_drill(result, tmp_path / "file")


def test_every_measure_speaks_both_languages_and_stands_in_the_docs() -> None:
    page = (ROOT / "docs/drill.md").read_text(encoding="utf-8")
    for name, measure in MEASURES.items():
        assert measure.label.zh
        assert measure.label.en
        assert f"`{name}`" in page, name


def test_every_inject_stands_in_the_docs() -> None:
    from civdef.drill import injects

    page = (ROOT / "docs/drill.md").read_text(encoding="utf-8")
    for kind in injects.kinds():
        assert f"`{kind}`" in page, kind
