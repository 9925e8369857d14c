"""The ground of the street: its whole area, and scenery that makes a map readable."""

from __future__ import annotations

from civdef.render.columns import polygons, rings
from civdef.render.layer import EVERYONE, Labels, Layer, MapContext, Style, used
from civdef.text import Text

KEY = "ground"
TITLE = Text("自然地物与公园绿地", "Landscape")
GROUP = "town"
ORDER = 10
DEFAULT_ON = True
NEEDS: frozenset[str] = frozenset()
AUDIENCES = EVERYONE

_WATER = {"lake", "river", "sea", "pond", "canal", "reservoir", "water", "basin", "lagoon", "stream", "moat"}
_STYLES = {
    "area": Style(fill="#f8f5ef"),
    "sea": Style(Text("海域", "Sea"), fill="#dbe9f1"),
    "farmland": Style(Text("农田", "Farmland"), fill="#eef0da"),
    "hill": Style(Text("山地", "Hill"), fill="#d3e3c5", stroke="#bdd2ac", width=0.8),
    "wood": Style(Text("林地", "Wood"), fill="#c9dfbc", stroke="#b9d2aa", width=0.8),
    "park": Style(Text("公园绿地", "Park"), fill="#dcecc9", stroke="#c4dbae", width=0.8),
    "square": Style(Text("广场", "Square"), fill="#ece7dc", stroke="#d6cfc0", width=0.8),
    "sports": Style(Text("运动场地", "Sports ground"), fill="#dcead2", stroke="#bdd3b0", width=0.8),
    "lake": Style(Text("水域", "Water"), fill="#b5d5e9", stroke="#93bcd6", width=1.0),
    "other": Style(Text("其他地物", "Other landmark"), fill="#e9e6df", stroke="#d5d0c6", width=0.8),
}
_ALIAS = {
    "river": "lake", "pond": "lake", "canal": "lake", "reservoir": "lake", "water": "lake", "forest": "wood",
    "garden": "park", "green": "park", "playground": "sports", "stadium": "sports", "pitch": "sports", "track": "sports", "basin": "lake", "lagoon": "lake",
    "stream": "lake", "moat": "lake", "plaza": "square",
}  # fmt: skip


def build(context: MapContext) -> Layer | None:
    """Draw the street's area, then landmarks, large ones first."""
    import shapely

    ws = context.workspace
    shapes, keys, names, wet = [], [], [], []
    area = shapely.union_all([c.shape for c in ws.communities.values()]) if ws.communities else None
    ground = polygons(area) if area is not None else None
    marks = [(m, polygons(m.shape)) for m in ws.landmarks.values()]
    drawn = [(m, p) for m, p in marks if p is not None]
    drawn.sort(key=lambda mp: (mp[0].kind != "sea", -mp[0].shape_m.area, mp[0].id))
    seas = [(m, p) for m, p in drawn if m.kind == "sea"]
    rest = [(m, p) for m, p in drawn if m.kind != "sea"]

    def add(key: str, name: str, shape: object, water: bool) -> None:
        shapes.append(rings(shape, context.origin))
        keys.append(key)
        names.append(name)
        wet.append(water)

    for mark, shape in seas:
        add("sea", mark.in_(context.lang), shape, True)
    if ground is not None:
        add("area", "", ground, False)
    for mark, shape in rest:
        kind = _ALIAS.get(mark.kind, mark.kind)
        name = mark.in_(context.lang) if mark.named else ""
        add(kind if kind in _STYLES else "other", name, shape, mark.kind in _WATER)
    if not shapes:
        return None
    styles, style = used(_STYLES, keys)
    named = [i for i, n in enumerate(names) if n]
    return Layer(
        "polygon", styles, style, KEY, shapes, names=names, search=True, kind=Text("地物", "landmark"),
        labels=[
            Labels("water", [i for i in named if wet[i]], 13, 20),
            Labels("green", [i for i in named if not wet[i]], 14.5, 40),
        ],
    )  # fmt: skip
