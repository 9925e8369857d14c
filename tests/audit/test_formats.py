"""What is printed: text for people, SARIF and annotations for machines, on any console."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from civdef.audit.catalogue import catalogue
from civdef.audit.formats import formats, render
from civdef.audit.formats.github import _data, _property
from civdef.audit.result import Audit
from civdef.audit.runner import run_audit
from tests.audit.test_runner import BROKEN
from tests.audit.town import changed, files, load


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    return run_audit(load(tmp_path_factory.mktemp("broken"), changed(BROKEN)), profile="standard")


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    return run_audit(load(tmp_path_factory.mktemp("clean"), files()))


def test_formats_are_found() -> None:
    assert formats() == ["github", "json", "sarif", "text"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_says_where_what_and_how(broken: Audit, lang: str) -> None:
    printed = render(broken, "text", lang)  # type: ignore[arg-type]
    printed.encode("gbk")
    lines = printed.splitlines()
    at = lines.index("plans/organisation.yaml")
    word, fix = ("警告", "改法：") if lang == "zh" else ("warning", "fix: ")
    assert f"{word} ORG001" in lines[at + 1] or f"{word} ORG001" in printed
    assert fix in printed
    assert "TSK005" in printed  # not in this profile: said so
    assert lines[-1].endswith("。" if lang == "zh" else ".")
    assert "[31m" not in printed


def test_text_of_a_clean_town_is_short(clean: Audit) -> None:
    assert render(clean, "text", "en") == f"{len(clean.run)} rules ran and found nothing.\n"


def test_json_is_the_result(broken: Audit) -> None:
    assert render(broken, "json", "zh") == broken.result("zh").to_json()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sarif_has_what_readers_of_2_1_0_need(broken: Audit, lang: str) -> None:
    log = json.loads(render(broken, "sarif", lang))  # type: ignore[arg-type]
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [r["id"] for r in rules] == list(broken.run)
    assert len(run["results"]) == len(broken.findings)
    for result, finding in zip(run["results"], broken.findings, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.code
        assert result["level"] in ("error", "warning", "note")
        (location,) = result["locations"]
        place = location["physicalLocation"]
        base = place["artifactLocation"]["uriBaseId"]
        assert base in run["originalUriBaseIds"]
        assert not place["artifactLocation"]["uri"].startswith("/")
        assert place["region"]["startLine"] == finding.place.line
        assert re.fullmatch(r"[0-9a-f]{16}", result["partialFingerprints"]["civdef/v1"])
    assert run["properties"]["rulesOff"]["TSK005"] == "profile"


def test_annotations_are_one_line_each_and_escaped(broken: Audit, clean: Audit) -> None:
    lines = render(broken, "github", "zh").splitlines()
    assert len(lines) == len(broken.findings)
    shape = r"::(error|warning|notice) file=[^,:]+,line=\d+(,col=\d+)?,title=[A-Z]{3}\d{3} [a-z.-]+::.+%0A.+"
    assert all(re.fullmatch(shape, line) for line in lines)
    assert render(clean, "github", "zh") == ""
    assert _data("100%\r\n: ,") == "100%25%0D%0A: ,"
    assert _property("a:b,c\n%") == "a%3Ab%2Cc%0A%25"


def test_every_message_template_is_filled_in_both_languages(tmp_path: Path) -> None:
    """All cases together: no braces left over, no Chinese in English sentences but names that have no English."""
    from tests.audit.town import cases

    seen = set()
    for code, case in cases():
        if not case["expect"] or code in seen:
            continue
        seen.add(code)
        folder = tmp_path / code
        for finding in run_audit(load(folder, changed(case)), only=[code]).findings:
            for text in (finding.message, finding.fix):
                for half in (text.zh, text.en):
                    assert not re.search(r"\{[a-z]?(:[^}]*)?\}", half), half
                    half.encode("gbk")
    assert seen | {"AUD000", "AUD002"} == {e.rule.code for e in catalogue()}
