"""GEO008: from some homes no shelter can be reached on foot."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import SHELTER_DESIGN
from civdef.text import Text, listing

RULE = Rule(
    code="GEO008",
    name="place.cut-off-building",
    severity="error",
    profile="basic",
    title=Text("有住户步行到不了任何避难场所", "From some homes no shelter can be reached on foot"),
    why=Text(
        "街巷在图上没有接通，或者唯一的大门锁着；无论发生什么，这些人都走不到。",
        "The streets do not join, or the only gate is locked; whatever happens, these people cannot get there.",
    ),
    fix=Text(
        "接通 maps/roads.geojson 中断开的街巷，打开锁着的大门（locked），或另开出口。",
        "Join the streets in maps/roads.geojson, unlock the gate (`locked`), or open another way out.",
    ),
    wrong="gate/south: locked true, the only gate of compound/fenglin",
    right="gate/south: locked false",
    sources=(SHELTER_DESIGN.whole,),
    needs=("coverage",),
)


def check(audit: View) -> Iterator[Hit]:
    """Yield one hit, at the first building; a workspace without any shelter is left to other rules."""
    ws = audit.workspace
    if not ws.shelters or not ws.buildings:
        return
    lost = [b for b in audit.coverage.anywhere.buildings if b.walk_m is None]
    if lost:
        yield Hit(
            lost[0].building,
            (),
            Text(
                "{n} 栋建筑共 {p} 人步行到不了任何避难场所：{l}",
                "Buildings from which no shelter can be reached on foot: {n}, with {p} people ({l})",
            ).format(n=len(lost), p=sum(b.persons for b in lost), l=listing((b.building for b in lost), 5)),
            RULE.fix,
            tuple(b.building for b in lost[1:]),
        )
