"""Every rule finds what is planted, where it is planted, and nothing in a town without fault."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from civdef.audit.catalogue import catalogue
from civdef.audit.formats.text import render
from civdef.audit.rule import FAMILIES, PROFILES
from civdef.audit.runner import ALWAYS, run_audit
from civdef.model.workspace import Workspace
from tests.audit.town import cases, changed, files, load

CASES = cases()
ENTRIES = list(catalogue())


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return load(tmp_path_factory.mktemp("clean"), files())


@pytest.mark.parametrize(("code", "case"), CASES, ids=[f"{c}-{row['name']}" for c, row in CASES])
def test_finds_what_is_planted(code: str, case: dict[str, Any], tmp_path: Path) -> None:
    texts = changed(case)
    workspace = load(tmp_path, texts)
    audit = run_audit(workspace, only=[code])
    assert not audit.unanswered
    found = [f for f in audit.findings if f.code == code]
    assert [f for f in audit.findings if f.code in ALWAYS and f.code != code] == []
    expected = case["expect"]
    assert len(found) == len(expected), [f.message.en for f in found]
    for finding, wanted in zip(found, expected, strict=True):
        assert finding.place.file == wanted["file"]
        if "line" in wanted:
            assert finding.place.line is not None
            line = texts[wanted["file"]].splitlines()[finding.place.line - 1]
            assert wanted["line"] in line, f"line {finding.place.line}: {line}"
        if "field" in wanted:
            assert finding.place.field == wanted["field"]
        if "objects" in wanted:
            assert list(finding.objects) == wanted["objects"]
        assert wanted["zh"] in finding.message.zh
        assert wanted["en"] in finding.message.en


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.rule.code)
def test_is_silent_on_a_town_without_fault(entry: Any, clean: Workspace) -> None:
    assert [f.message.en for f in run_audit(clean, only=[entry.rule.code]).findings] == []


def test_every_rule_runs_on_the_town_without_fault(clean: Workspace) -> None:
    audit = run_audit(clean)
    assert audit.findings == ()
    assert set(audit.run) == {e.rule.code for e in ENTRIES}
    assert "没有发现问题" in render(audit, "zh")


def test_every_rule_has_a_case_that_fails_and_one_that_passes() -> None:
    failing = Counter(code for code, row in CASES if row["expect"])
    passing = Counter(code for code, row in CASES if not row["expect"])
    tested_elsewhere = {"AUD000", "AUD002"}  # need a broken rule: test_runner.py
    codes = {e.rule.code for e in ENTRIES} - tested_elsewhere
    assert sorted(codes - set(failing)) == []
    assert sorted(codes - set(passing)) == []
    assert sorted((set(failing) | set(passing)) - codes) == []
    names = Counter((code, row["name"]) for code, row in CASES)
    assert [key for key, n in names.items() if n > 1] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.rule.code)
def test_declares_what_people_need(entry: Any) -> None:
    rule = entry.rule
    assert rule.family in FAMILIES
    assert rule.profile in PROFILES
    for text in (rule.title, rule.why, rule.fix, *(s.text for s in rule.sources)):
        assert text.zh.strip()
        assert text.en.strip()
        assert any("\u4e00" <= c <= "\u9fff" for c in text.zh)
        assert not any("\u4e00" <= c <= "\u9fff" for c in text.en)
        text.zh.encode("gbk")
        text.en.encode("gbk")
    assert rule.wrong
    assert rule.right or rule.code in ALWAYS
    assert rule.sources
    for key in rule.settings:
        assert _known_setting(key), key


def _known_setting(key: str) -> bool:
    from civdef.model.settings import Settings

    model: Any = Settings
    for part in key.split("."):
        if part not in model.model_fields:
            return False
        model = model.model_fields[part].annotation
    return True
