"""TXT006: a street without any plan."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import RESPONSE_LAW
from civdef.text import Text

RULE = Rule(
    code="TXT006",
    name="text.missing-plan",
    severity="error",
    profile="basic",
    title=Text("工作区没有任何预案", "The street has no plan at all"),
    why=Text(
        "没有预案，其他检查无从谈起：没有发现问题不等于没有问题。",
        "Without a plan there is nothing else to check: no finding does not mean that all is well.",
    ),
    fix=Text(
        "在 plans/general 或 plans/contingency 中写下第一个预案，可参照 civdef init 得到的样例。",
        "Write the first plan in plans/general or plans/contingency; civdef init gives a sample to follow.",
    ),
    wrong="plans/contingency/",
    right="plans/contingency/earthquake.yaml\nplans/contingency/earthquake.zh.md",
    sources=(RESPONSE_LAW.article(26),),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit if there is no general and no contingency plan."""
    if not audit.workspace.plans:
        yield Hit(
            "settings",
            (),
            Text(
                "工作区没有任何预案，其他检查无从谈起",
                "The workspace has no plan: there is nothing else to check",
            ),
            RULE.fix,
        )
