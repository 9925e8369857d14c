"""Streets: cased lines by kind, with names along them."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.model.town import Road, RoadKind
from civdef.render.columns import Ring, rings
from civdef.render.layer import EVERYONE, Field, Labels, Layer, MapContext, Style, used
from civdef.text import Text

KEY = "streets"
TITLE = Text("道路", "Streets")
GROUP = "town"
ORDER = 40
DEFAULT_ON = True
NEEDS: frozenset[str] = frozenset()
AUDIENCES = EVERYONE

_STYLES = {
    "steps": Style(Text("台阶", "steps"), stroke="#b08968", width=1.6, width_m=2.5, dash=(2, 2), min_zoom=14.5),
    "footway": Style(Text("步行道", "footway"), stroke="#b59f84", width=1.0, width_m=1.8, dash=(4, 3), min_zoom=14.5),
    "track": Style(Text("山路、土路", "track"), stroke="#a98f6c", width=1.1, width_m=2.2, dash=(7, 3), min_zoom=13.5),
    "service": Style(Text("小区道路、通道", "service lane"), stroke="#ffffff", casing="#d3ccbf", width=0.9, width_m=4),
    "residential": Style(Text("街巷", "lane"), stroke="#ffffff", casing="#c3baa9", width=1.5, width_m=6),
    "tertiary": Style(Text("支路", "local street"), stroke="#ffffff", casing="#b3a995", width=2.3, width_m=9),
    "secondary": Style(Text("次干路", "secondary street"), stroke="#fff6d9", casing="#ab9c78", width=3.2, width_m=14),
    "primary": Style(Text("主干路", "main street"), stroke="#ffe9b3", casing="#a98a4b", width=4.4, width_m=20),
    "bridge": Style(Text("桥梁", "bridge"), stroke="#ffffff", casing="#6f6a60", width=2.4, width_m=9),
}  # fmt: skip
"""From minor to major: later ones are drawn on top."""

_LABEL = {
    RoadKind.PRIMARY: (13.5, 31),
    RoadKind.SECONDARY: (14.2, 32),
    RoadKind.TERTIARY: (15.2, 33),
    RoadKind.RESIDENTIAL: (16.2, 52),
}
"""Kind → zoom from which it is named, priority."""


def build(context: MapContext) -> Layer | None:
    """Draw streets from minor to major; names follow the line."""
    roads = list(context.workspace.roads.values())
    if not roads:
        return None
    keys = ["bridge" if r.bridge and r.kind.value not in _THIN else r.kind.value for r in roads]
    styles, style = used(_STYLES, keys)
    named = [r.in_(context.lang) if r.named else "" for r in roads]
    kind = {k: s.label for k, s in _STYLES.items()}
    return Layer(
        "line", styles, style, KEY, [rings(r.shape, context.origin) for r in roads],
        names=[n or context.say(kind[r.kind.value] or TITLE) for n, r in zip(named, roads, strict=True)],
        pick=60, search=True, kind=Text("道路", "street"),
        fields=[
            Field(Text("类型", "Kind"), [context.say(kind[r.kind.value] or TITLE) for r in roads]),
            Field(Text("可用步行宽度", "Usable walking width"), [f"{r.width_m:g} m" for r in roads]),
            Field(Text("通行", "Use"), [context.say(_permission(r)) for r in roads]),
        ],
        labels=_labels(context, roads, named),
    )  # fmt: skip


_THIN = {"steps", "footway", "track"}


def _permission(road: Road) -> Text:
    if not road.walk:
        return Text("禁止步行", "no walking")
    if road.drive == "none":
        return Text("仅步行", "on foot only")
    if road.drive == "both":
        return Text("步行、车辆双向", "on foot; vehicles both ways")
    return Text("步行、车辆单行", "on foot; vehicles one way")


def _labels(context: MapContext, roads: Sequence[Road], names: Sequence[str]) -> list[Labels]:
    """Join the stretches of each named street, so that its name can run along them."""
    from shapely import MultiLineString, get_parts, line_merge

    stretches: dict[tuple[RoadKind, str], list[Road]] = {}
    for road, name in zip(roads, names, strict=True):
        if name and road.kind in _LABEL:
            stretches.setdefault((road.kind, name), []).append(road)
    found = []
    for kind, (zoom, priority) in _LABEL.items():
        along: list[list[Ring]] = []
        texts: list[str] = []
        for (of, name), parts in stretches.items():
            if of is kind:
                lines = [p for r in parts for p in get_parts(r.shape) if p.geom_type == "LineString"]
                merged = line_merge(MultiLineString(lines))
                along.append(rings(merged, context.origin))
                texts.append(name)
        if texts:
            found.append(Labels("line", (), zoom, priority, along, texts))
    return found
