"""TXT005: a plan lacks an annex that people will reach for."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.contents import answers_an_event
from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule, Source
from civdef.audit.standards import TOWNSHIP_PLAN
from civdef.model.plan import AnnexKind, Plan
from civdef.text import Text, listing

NAMES: dict[AnnexKind, Text] = {
    AnnexKind.CONTACTS: Text("通讯录", "contact list"),
    AnnexKind.ORGANISATION_CHART: Text("组织指挥体系图", "organisation chart"),
    AnnexKind.REPORT_FLOW: Text("信息报告流程图", "reporting flow chart"),
    AnnexKind.RESPONSE_FLOW: Text("响应流程图", "response flow chart"),
    AnnexKind.RISK_LIST: Text("风险清单", "risk list"),
    AnnexKind.SUPPLIES: Text("物资装备清单", "list of supplies and equipment"),
    AnnexKind.SHELTERS: Text("避难场所表", "list of shelters"),
    AnnexKind.ROUTE_MAP: Text("疏散路线图", "map of evacuation routes"),
    AnnexKind.VULNERABLE_PEOPLE: Text("需协助转移人员名册", "register of people who need assistance"),
}
ALWAYS = (
    AnnexKind.CONTACTS,
    AnnexKind.ORGANISATION_CHART,
    AnnexKind.REPORT_FLOW,
    AnnexKind.RESPONSE_FLOW,
    AnnexKind.RISK_LIST,
    AnnexKind.SUPPLIES,
)
MOVING = (AnnexKind.SHELTERS, AnnexKind.ROUTE_MAP, AnnexKind.VULNERABLE_PEOPLE)

RULE = Rule(
    code="TXT005",
    name="text.missing-annex",
    severity="warning",
    profile="standard",
    title=Text("缺少应有的附件", "A plan lacks an annex that people will reach for"),
    why=Text(
        "到了现场，人们翻的是附件：找谁、东西在哪里、往哪里撤。正文写得再全，缺了附件也用不上。",
        "On the day people turn to the annexes: whom to call, where things are, which way to go. The best text is of little use without them.",
    ),
    fix=Text(
        "在 annexes 中补上；多数附件可由数据自动生成。",
        "Add it under `annexes`; most are generated from the data.",
    ),
    wrong="annexes: []",
    right="annexes:\n  - kind: contacts\n    title: {zh: 应急通讯录, en: Contact list}",
    sources=(
        Source(
            Text(TOWNSHIP_PLAN.zh, TOWNSHIP_PLAN.en), Text("附录 A 至 D", "annexes A to D"), confirmed=False
        ),
    ),
)


def wanted(plan: Plan) -> tuple[AnnexKind, ...]:
    """Return the annexes that a plan needs: fewer for a support scheme, more where people are moved."""
    if not answers_an_event(plan):
        return (AnnexKind.CONTACTS, AnnexKind.SUPPLIES)
    return (*ALWAYS, *(MOVING if plan.evacuation is not None else ()))


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit for every plan that lacks annexes."""
    for plan in audit.workspace.plans.values():
        present = {a.kind for a in plan.annexes}
        missing = [k for k in wanted(plan) if k not in present]
        if missing:
            yield Hit(
                plan.id,
                ("annexes",),
                Text("{p}缺少附件：{m}", "{p} lacks annexes: {m}").format(
                    p=plan, m=listing(NAMES[k] for k in missing)
                ),
                Text("在 annexes 中补上 kind：{k}。", "Add to `annexes` the kinds {k}.").format(
                    k=listing((k.value for k in missing), 9)
                ),
            )
