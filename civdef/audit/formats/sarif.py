"""SARIF 2.1.0, which code-review tools read."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from civdef import __version__
from civdef.audit.result import Audit, Finding
from civdef.audit.rule import Rule, Severity
from civdef.result import dump_json
from civdef.text import Lang

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def render(audit: Audit, lang: Lang) -> str:
    """Return the log: one run, every rule that ran, and a result for each finding."""
    rules = [audit.rules[code] for code in audit.run]
    index = {rule.code: i for i, rule in enumerate(rules)}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "civdef",
                "semanticVersion": __version__,
                "language": "zh-CN" if lang == "zh" else "en",
                "rules": [_rule(rule, lang) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            "WORKSPACE": {"description": {"text": "the workspace: the folder of civdef.toml"}}
        },
        "results": [_result(f, index[f.code], lang) for f in audit.findings],
        "properties": {
            "profile": audit.profile,
            "rulesOff": dict(audit.off),
            "rulesUnanswered": sorted(audit.unanswered),
            "plans": list(audit.plans),
            "outsidePlans": audit.outside,
        },
    }
    return dump_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: Rule, lang: Lang) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.title.in_(lang)},
        "fullDescription": {"text": rule.why.in_(lang)},
        "help": {"text": rule.fix.in_(lang)},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"profile": rule.profile, "sources": [s.text.in_(lang) for s in rule.sources]},
    }


def _result(finding: Finding, rule: int, lang: Lang) -> dict[str, Any]:
    place = finding.place
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(place.file), "uriBaseId": "WORKSPACE"}}
    if place.line is not None:
        region = {"startLine": place.line}
        if place.column is not None:
            region["startColumn"] = place.column
        location["region"] = region
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": LEVELS[finding.severity],
        "message": {"text": f"{finding.message.in_(lang)}\n{finding.fix.in_(lang)}"},
        "locations": [
            {
                "physicalLocation": location,
                "logicalLocations": [{"name": i, "kind": "object"} for i in finding.objects[:1]],
            }
        ],
        "partialFingerprints": {"civdef/v1": finding.fingerprint},
        "properties": {"objects": list(finding.objects), "path": [str(p) for p in finding.path]},
    }
