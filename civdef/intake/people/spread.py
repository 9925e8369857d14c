"""Totals of a community → households in its buildings; every total is met exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np

from civdef.intake.people.apportion import Ints, apportion
from civdef.text import Text

LARGEST_HOUSEHOLD = 60
"""Most residents of one household, as the model of a household has it."""


@dataclass(frozen=True)
class Totals:
    """What a register says of a community, in whole households and persons; all after `residents` are among them."""

    households: int = 0
    residents: int = 0
    children: int = 0
    elderly: int = 0
    assisted: int = 0
    floating: int = 0

    def __sub__(self, other: Totals) -> Totals:
        return Totals(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(self)))

    def __add__(self, other: Totals) -> Totals:
        return Totals(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


NAMES: dict[str, Text] = {
    "households": Text("户数", "households"),
    "residents": Text("常住人口", "residents"),
    "children": Text("儿童", "children"),
    "elderly": Text("65 岁以上老年人", "people aged 65 and over"),
    "assisted": Text("需协助人员", "people needing assistance"),
    "floating": Text("流动人口", "floating population"),
}
"""The totals in words."""


@dataclass(frozen=True)
class Homes:
    """A building that people may live in.

    Attributes
    ----------
    area_m2
        Floor area that counts as homes: all floors, less for a building of unknown use [m²].
    """

    building: str
    area_m2: float
    floors: int = 1
    stairwells: int = 1


@dataclass(frozen=True)
class HouseholdEstimate:
    """A household that stands for the share of a building in the totals."""

    building: str
    number: int
    stairwell: int
    floor: int
    residents: int
    children: int
    elderly: int
    floating: int
    assisted: int


def impossible(totals: Totals, homes: Sequence[Homes]) -> list[Text]:
    """Return why totals cannot be met; nothing if they can."""
    found: list[Text] = []
    for name, said in NAMES.items():
        value = getattr(totals, name)
        if value < 0:
            found.append(
                Text("已登记的{n}比总数多 {v}", "{v} more {n} are registered than the total").format(
                    n=said, v=-value
                )
            )
    if found:
        return found
    if totals.residents < totals.households:
        found.append(
            Text("常住人口 {r} 人，少于户数 {h} 户", "{r} residents are fewer than {h} households").format(
                r=totals.residents, h=totals.households
            )
        )
    if totals.residents > totals.households * LARGEST_HOUSEHOLD:
        found.append(
            Text(
                "{h} 户住 {r} 人，平均每户超过 {m} 人",
                "{r} residents in {h} households are more than {m} each",
            ).format(r=totals.residents, h=totals.households, m=LARGEST_HOUSEHOLD)
        )
    if totals.children + totals.elderly > totals.residents:
        found.append(
            Text(
                "儿童 {c} 人与老年人 {e} 人之和超过常住人口 {r} 人",
                "{c} children and {e} people aged 65 and over are more than {r} residents",
            ).format(c=totals.children, e=totals.elderly, r=totals.residents)
        )
    for name in ("assisted", "floating"):
        if getattr(totals, name) > totals.residents:
            found.append(
                Text("{n} {v} 人，超过常住人口 {r} 人", "{v} {n} are more than {r} residents").format(
                    n=NAMES[name], v=getattr(totals, name), r=totals.residents
                )
            )
    if totals.households and not any(h.area_m2 > 0 for h in homes):
        found.append(
            Text(
                "没有可以住人的房屋来安排 {h} 户（用途为住宅或未注明用途的房屋）",
                "No building to put {h} households in: none is residential or of unknown use",
            ).format(h=totals.households)
        )
    return found


def spread(totals: Totals, homes: Sequence[Homes]) -> list[HouseholdEstimate]:
    """Return households whose sums are the totals, in the order of `homes`.

    Households go to buildings by floor area. Residents go to buildings by floor area too, at least one and at most
    `LARGEST_HOUSEHOLD` in each household, and are shared evenly within a building. People aged 65 and over and children
    go where residents are, in every household no more than live there, and — where the totals allow it — no household is
    of children only. Those who need assistance are among the elderly before others. The floating population goes where
    residents are. Each is rounded by largest remainder, so every building is within one of its exact share wherever no
    limit binds. Households fill a building evenly over stairwells and floors.

    Raises
    ------
    ValueError
        If the totals are impossible, see :func:`impossible`.
    """
    if impossible(totals, homes):
        raise ValueError("impossible totals")
    if not totals.households:
        return []
    area = [max(h.area_m2, 0.0) for h in homes]
    used = np.asarray(area) > 0
    count = apportion(totals.households, area, 0, np.where(used, totals.households, 0).tolist())
    people = apportion(totals.residents, area, count.tolist(), (count * LARGEST_HOUSEHOLD).tolist())
    start = np.concatenate([[0], np.cumsum(count)])
    size = np.concatenate(
        [
            apportion(int(r), [1.0] * int(n), 1, [LARGEST_HOUSEHOLD] * int(n))
            for n, r in zip(count, people, strict=True)
        ]
    )
    parts = [slice(int(a), int(b)) for a, b in pairwise(start)]
    elderly = _within(totals.elderly, size, size, parts)
    # Every household keeps somebody who is no child, if there are enough such people.
    kept = np.maximum(elderly, 1)
    room = size - kept
    children = _within(
        totals.children, room if int(room.sum()) >= totals.children else size - elderly, room, parts
    )
    old = min(totals.assisted, totals.elderly)
    assisted = _within(old, elderly, elderly, parts)
    assisted += _within(totals.assisted - old, size - elderly, size - elderly, parts)
    floating = _within(totals.floating, size, size, parts)
    return [
        HouseholdEstimate(
            building=home.building,
            number=i + 1,
            stairwell=i % home.stairwells + 1,
            floor=(i // home.stairwells) * home.floors // -(-n // home.stairwells) + 1,
            residents=int(size[at + i]),
            children=int(children[at + i]),
            elderly=int(elderly[at + i]),
            floating=int(floating[at + i]),
            assisted=int(assisted[at + i]),
        )
        for home, n, at in zip(homes, count.tolist(), start.tolist(), strict=False)
        for i in range(n)
    ]


def _within(total: int, limits: Ints, weights: Ints, parts: Sequence[slice]) -> Ints:
    """Share persons over buildings and then over the households of each, never more than the limit of a household."""
    by_building = apportion(
        total,
        [float(weights[p].sum()) for p in parts],
        0,
        [int(limits[p].sum()) for p in parts],
    )
    out = np.zeros(len(limits), dtype=np.int64)
    for n, part in zip(by_building, parts, strict=True):
        out[part] = apportion(int(n), [1.0] * len(limits[part]), 0, limits[part].tolist())
    return out
