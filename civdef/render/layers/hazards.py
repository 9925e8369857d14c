"""Hazard footprints that the map is about."""

from __future__ import annotations

from shapely.geometry.base import BaseGeometry

from civdef.hazards import kinds
from civdef.registry import modules
from civdef.render.columns import Ring, polygons, rings
from civdef.render.layer import EVERYONE, Field, Labels, Layer, MapContext, Style, used
from civdef.render.sources import halves
from civdef.text import Text

KEY = "hazards"
TITLE = Text("危险区范围", "Hazard areas")
GROUP = "hazard"
ORDER = 50
DEFAULT_ON = True
NEEDS: frozenset[str] = frozenset()
AUDIENCES = EVERYONE

_COLOUR = {"flood": "0,121,140", "drought": "166,124,40", "snow_ice": "70,130,160", "typhoon": "0,121,140"}


def build(context: MapContext) -> Layer | None:
    """Draw the footprints asked for; all of them, switched off, where none was."""
    ws = context.workspace
    asked = [ws.footprints[f] for f in context.footprints if f in ws.footprints]
    found = [(f, polygons(f.shape)) for f in asked or ws.footprints.values()]
    drawn = [(f, p) for f, p in found if p is not None]
    if not drawn:
        return None
    names = _names()
    styles = {}
    for footprint, _ in drawn:
        rgb = _COLOUR.get(footprint.hazard, "200,40,30")
        styles[footprint.hazard] = Style(
            names.get(footprint.hazard, Text(footprint.hazard, footprint.hazard)),
            fill=f"rgba({rgb},0.13)", stroke=f"rgb({rgb})", width=1.8, dash=(6, 3), hatch=f"rgba({rgb},0.45)",
        )  # fmt: skip
    list_of, style = used(styles, [f.hazard for f, _ in drawn])
    return Layer(
        "polygon", list_of, style, KEY, [rings(p, context.origin) for _, p in drawn],
        names=[f.in_(context.lang) for f, _ in drawn], pick=70, kind=Text("危险区", "hazard area"),
        on=bool(asked),
        fields=[
            Field(Text("灾害", "Hazard"), [context.say(names.get(f.hazard, Text(f.hazard, f.hazard))) for f, _ in drawn]),
            Field(Text("水深", "Depth"), [f"{f.depth_m:g} m" if f.depth_m is not None else None for f, _ in drawn]),
            Field(Text("烈度", "Intensity"), [f"{f.intensity:g}" if f.intensity is not None else None for f, _ in drawn]),
            Field(Text("到达时间", "Arrives after"), [f"{f.from_min:g} min" if f.from_min else None for f, _ in drawn]),
            Field(Text("来源", "Source"), [context.say(halves(f.source)) if f.source else None for f, _ in drawn]),
        ],
        labels=[Labels("hazard", range(len(drawn)), 14, 18, at=[_middle(context, p) for f, p in drawn])],
    )  # fmt: skip


def _middle(context: MapContext, shape: BaseGeometry) -> Ring:
    """Return where a name stands: inside the largest part."""
    import shapely

    parts = shapely.get_parts(shape)
    largest = parts[int(shapely.area(parts).argmax())]
    return rings(largest.representative_point(), context.origin)[0]


def _names() -> dict[str, Text]:
    known = set(kinds())
    return {
        m.__name__.rpartition(".")[2]: m.NAME
        for m in modules("civdef.hazards")
        if m.__name__.rpartition(".")[2] in known
    }
