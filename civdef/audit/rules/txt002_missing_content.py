"""TXT002: a plan's text lacks something that a street's plan must speak of."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import PLAN_MEASURES, RESPONSE_LAW
from civdef.text import Text

RULE = Rule(
    code="TXT002",
    name="text.missing-content",
    severity="warning",
    profile="standard",
    title=Text("正文缺少应有的内容", "The text lacks something it must speak of"),
    why=Text(
        "法律规定了预案起码要写清的五项内容，国务院办公厅又规定了街道预案应当侧重的内容；缺一项，到时就没有依据可循。",
        "The law lists five things that every plan sets out, and the State Council's measures those that a street's plan centres on; where one is missing, nobody has anything to go by on the day.",
    ),
    fix=Text(
        "为缺少的内容单列一章或一节，标题写明内容。",
        "Give it a chapter or section of its own, and name it in the heading.",
    ),
    wrong="## 4 应急响应\n### 4.1 信息报告",
    right="## 4 应急响应\n### 4.1 信息报告\n### 4.2 人员疏散与安置",
    sources=(RESPONSE_LAW.article(28), PLAN_MEASURES.article(15)),
    needs=("texts", "contents"),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every content that no heading of the official text names; Chinese is the official one."""
    for plan in audit.workspace.plans.values():
        text = audit.texts.get((plan.id, "zh")) or audit.texts.get((plan.id, "en"))
        if text is None:
            continue
        for content in audit.contents:
            if not content.wanted(plan) or content.found(text):
                continue
            yield Hit(
                plan.id,
                ("text",),
                Text("{p}的正文没有“{c}”的章节（{s}）", '{p} has no section on "{c}" ({s})').format(
                    p=plan, c=content.name, s=content.source.text
                ),
                Text("在 {f} 中增写“{c}”一节。", 'Add a section on "{c}" to {f}.').format(
                    f=text.file, c=content.name
                ),
                file=text.file,
                line=1,
                key=content.id,
            )
