"""AUD002: what a rule asks has no answer in this workspace."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import CIVDEF
from civdef.errors import CivdefError
from civdef.text import Text

RULE = Rule(
    code="AUD002",
    name="audit.unanswerable-rule",
    severity="info",
    profile="basic",
    title=Text("检查项在本工作区无从判断", "A rule has no answer in this workspace"),
    why=Text(
        "缺少所需的数据（如街巷、避难场所或人口），这一项没有查；没有查不等于没有问题。",
        "Data that the rule needs (streets, shelters, people) is missing, so nothing was judged; that is not the same as good.",
    ),
    fix=Text("按所列原因补充数据后再审查。", "Add the data named, then audit again."),
    wrong="maps/roads.geojson: no features",
    right="maps/roads.geojson: the street's roads",
    sources=(CIVDEF.whole,),
    needs=("run",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every rule whose question has no answer."""
    for failure in audit.run.failures:
        if not isinstance(failure.error, CivdefError):
            continue
        rule = failure.rule
        yield Hit(
            "settings",
            ("audit", rule.code),
            Text("{c}（{t}）没有查：{w}", "{c} ({t}) was not judged: {w}").format(
                c=rule.code, t=rule.title, w=failure.error.message
            ),
            failure.error.hint or RULE.fix,
        )
