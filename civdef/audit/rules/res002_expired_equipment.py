"""RES002: equipment or supplies are past their date."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import RESPONSE_LAW
from civdef.text import Text

RULE = Rule(
    code="RES002",
    name="resource.expired-equipment",
    severity="warning",
    profile="basic",
    title=Text("物资装备已过期", "Equipment or supplies are past their date"),
    why=Text(
        "过期的药品、滤毒罐、灭火器不能用，清单上的数量是虚的。",
        "Medicines, filters and extinguishers past their date cannot be used; the number on the list is not real.",
    ),
    fix=Text(
        "更换并更新 plans/equipment.csv 的 expires。",
        "Replace it and bring `expires` in plans/equipment.csv up to date.",
    ),
    wrong="expires: 2026-05-01   # as_of 2026-11-01",
    right="expires: 2028-05-01",
    sources=(RESPONSE_LAW.article(28),),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every item that was past its date on the as-of date."""
    for item in audit.workspace.equipment.values():
        if item.expires is not None and item.expires < audit.as_of:
            yield Hit(
                item.id,
                ("expires",),
                Text("{e}已于 {d} 到期（共 {q}{u}）", "{e} expired on {d} ({q} {u})").format(
                    e=item, d=item.expires, q=item.quantity, u=Text(item.unit_zh, item.unit_en)
                ),
                RULE.fix,
                (item.store,),
            )
