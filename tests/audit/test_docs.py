"""The pages about the audit are true."""

from __future__ import annotations

import re
from pathlib import Path

from civdef.audit.catalogue import catalogue
from civdef.audit.result import AuditResult, FindingRecord
from civdef.audit.rule import FAMILIES, NEEDS
from tools.make_rules_page import page

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_index_is_that_of_the_rules() -> None:
    written = (DOCS / "rules.md").read_text(encoding="utf-8")
    assert written == page(), "run python -m tools.make_rules_page"
    for entry in catalogue():
        assert written.count(f"| {entry.rule.code} |") == 2
        assert entry.rule.title.zh in written
        assert entry.rule.title.en in written


def test_the_guide_names_every_family_need_and_key() -> None:
    guide = (DOCS / "audit.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| ([A-Z]{3}) \|", guide, flags=re.MULTILINE)) == set(FAMILIES)
    for need in NEEDS:
        assert f"`{need}`" in guide
    for key in AuditResult.model_fields:
        if key not in ("schema_", "seed"):
            assert key in guide
    for key in FindingRecord.model_fields:
        assert key in guide
