"""Compounds: walled residential areas and institutions' grounds."""

from __future__ import annotations

from civdef.render.columns import polygons, rings
from civdef.render.layer import EVERYONE, Field, Labels, Layer, MapContext, Style
from civdef.text import Text

KEY = "compounds"
TITLE = Text("小区与院落", "Compounds")
GROUP = "town"
ORDER = 15
DEFAULT_ON = True
NEEDS: frozenset[str] = frozenset()
AUDIENCES = EVERYONE

_STYLE = Style(Text("小区（围墙）", "compound (walled)"), fill="#efeadf", stroke="#c2b59b", width=1.1)


def build(context: MapContext) -> Layer | None:
    """Draw grounds and walls."""
    ws = context.workspace
    found = [(c, polygons(c.shape)) for c in ws.compounds.values()]
    drawn = [(c, p) for c, p in found if p is not None]
    if not drawn:
        return None
    gates = dict.fromkeys(ws.compounds, 0)
    locked = dict.fromkeys(ws.compounds, 0)
    for gate in ws.gates.values():
        gates[gate.compound] += 1
        locked[gate.compound] += gate.locked

    def gate_text(compound: str) -> str | None:
        if not gates[compound]:
            return None
        return context.say(
            Text("{n} 处（平时上锁 {k} 处）", "{n} ({k} normally locked)").format(
                n=gates[compound], k=locked[compound]
            )
            if locked[compound]
            else Text("{n} 处", "{n}").format(n=gates[compound])
        )

    return Layer(
        "polygon", [_STYLE], [0] * len(drawn), KEY, [rings(p, context.origin) for _, p in drawn],
        names=[context.name(c.id) for c, _ in drawn], pick=80, search=True, kind=Text("小区", "compound"),
        fields=[
            Field(Text("社区", "Community"), [context.name(c.community) for c, _ in drawn]),
            Field(Text("大门", "Gates"), [gate_text(c.id) for c, _ in drawn]),
            Field(Text("物业", "Property firm"), [
                c.property_firm.in_(context.lang) if c.property_firm else None for c, _ in drawn
            ]),
            Field(Text("业主委员会", "Owners' committee"), [
                context.say(Text("有", "yes")) if c.owners_committee else None for c, _ in drawn
            ]),
        ],
        labels=[Labels("compound", [i for i, (c, _) in enumerate(drawn) if c.named], 16.2, 50)],
    )  # fmt: skip
