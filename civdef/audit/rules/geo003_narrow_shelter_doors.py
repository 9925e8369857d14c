"""GEO003: the doors of a personnel shelter are too narrow for its places."""

from __future__ import annotations

from collections.abc import Iterator

from civdef.audit.context import View
from civdef.audit.rule import Hit, Rule
from civdef.audit.standards import AIR_DEFENCE_BASEMENT
from civdef.model.shelter import ShelterClass
from civdef.text import Text

RULE = Rule(
    code="GEO003",
    name="place.narrow-shelter-doors",
    severity="warning",
    profile="standard",
    title=Text("人防工程出入口不够宽", "The doors of a personnel shelter are too narrow for its places"),
    why=Text(
        "警报响后人流集中，门窄了就堵在门口；规范按每百人门宽和每樘门人数限定。",
        "After the alarm everybody comes at once, and narrow doors jam; the code sets a width per hundred persons and a number per door.",
    ),
    fix=Text(
        "按出入口核减名额，或增开、核实出入口宽度。",
        "Lower the places to what the doors allow, or open more doors, or check their width.",
    ),
    wrong="places: 800, one door of 1.5 m",
    right="places: 800, two doors of 1.5 m",
    sources=(AIR_DEFENCE_BASEMENT.clause("3.3.8", confirmed=False),),
)

WIDTH_M_PER_100 = 0.30
"""Sum of clear door widths per 100 persons [m]. Source: GB 50038-2005 3.3.8, to be confirmed."""
PERSONS_PER_DOOR = 700
"""Most persons through one door. Source: the same clause, to be confirmed."""


def check(audit: View) -> Iterator[Hit]:
    """Yield a hit for every personnel shelter whose known doors allow fewer people than it has places."""
    ws = audit.workspace
    doors: dict[str, list[float]] = {}
    for entrance in ws.entrances.values():
        doors.setdefault(entrance.shelter, []).append(entrance.width_m)
    for shelter in ws.shelters.values():
        widths = doors.get(shelter.id)
        if shelter.shelter_class is not ShelterClass.AIR_RAID or not widths:
            continue
        by_width = int(sum(widths) / WIDTH_M_PER_100 * 100 + 1e-6)
        by_doors = PERSONS_PER_DOOR * len(widths)
        most = min(by_width, by_doors)
        if shelter.places.whole > most:
            yield Hit(
                shelter.id,
                ("places",),
                Text(
                    "{s}有 {p} 个名额，{n} 个出入口净宽共 {w:.1f} 米，只够 {m} 人",
                    "{s} has {p} places; its {n} doors, {w:.1f} m wide in all, allow {m}",
                ).format(s=shelter, p=shelter.places.whole, n=len(widths), w=sum(widths), m=most),
                RULE.fix,
                tuple(e.id for e in ws.entrances.values() if e.shelter == shelter.id),
            )
