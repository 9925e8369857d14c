"""Communities: their boundaries and names."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.render.columns import polygons, rings
from civdef.render.layer import EVERYONE, Field, Labels, Layer, MapContext, Style
from civdef.text import Text

KEY = "communities"
TITLE = Text("社区界线", "Communities")
GROUP = "town"
ORDER = 55
DEFAULT_ON = True
NEEDS: frozenset[str] = frozenset()
AUDIENCES = EVERYONE

MANY = 24
"""Above this, names of communities give way to those of shelters and streets, and appear as the map is enlarged."""

_STYLE = Style(Text("社区界", "community boundary"), stroke="#8a6d9c", width=1.6, dash=(9, 4, 2, 4))


def build(context: MapContext) -> Layer | None:
    """Draw boundaries; a click on open ground names the community and how many live there."""
    ws = context.workspace
    found = [(c, polygons(c.shape)) for c in ws.communities.values()]
    drawn = [(c, p) for c, p in found if p is not None]
    if not drawn:
        return None
    residents = dict.fromkeys(ws.communities, 0)
    households = dict.fromkeys(ws.communities, 0)
    for building in ws.buildings.values():
        homes = ws.households_of.get(building.id, ())
        count = sum(h.residents for h in homes)
        if not homes and building.persons_declared is not None:
            count = building.persons_declared.whole
        residents[building.community] += count
        households[building.community] += len(homes)
    return Layer(
        "polygon", [_STYLE], [0] * len(drawn), KEY, [rings(p, context.origin) for _, p in drawn],
        names=[context.name(c.id) for c, _ in drawn], pick=90, search=True, kind=Text("社区", "community"),
        fields=[
            Field(Text("居民", "Residents"), [context.persons(residents[c.id]) for c, _ in drawn]),
            Field(Text("户数", "Households"), [context.households(households[c.id]) for c, _ in drawn]),
            Field(Text("面积", "Area"), [f"{c.shape_m.area / 1e6:.2f} km²" for c, _ in drawn]),
        ],
        labels=[_labels([c.shape_m.area for c, _ in drawn])],
    )  # fmt: skip


def _labels(areas: Sequence[float]) -> Labels:
    """Return the names, the largest community first."""
    largest = sorted(range(len(areas)), key=lambda i: (-areas[i], i))
    return Labels("area", largest, 12, 10) if len(areas) <= MANY else Labels("quarter", largest, 12, 38)
