"""Households, people who need help, and where everyone on the roster lives."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from shapely.geometry import Point

from tools.make_sample import cast as cast_module
from tools.make_sample.cast import COMMUNITIES, Cast, Person
from tools.make_sample.town import Building, Town

HOUSEHOLDS = 15_073
RESIDENTS = 48_102
ASSISTED_SHARE = 0.012
"""Share of residents who cannot get out without help. An assumption: about a tenth of those aged 65 and older,
and some younger people with disabilities; a real street counts them."""

_SIZES = (1, 2, 3, 4, 5, 6, 7)
_WEIGHTS = (13, 22, 26, 21, 11, 5, 2)


@dataclass
class Household:
    """A household in its building."""

    building: str
    stairwell: int
    floor: int
    residents: int
    children: int
    elderly: int
    id: str = ""


@dataclass
class Assisted:
    """Someone on the assistance register."""

    id: str
    zh: str
    en: str
    household: str
    mobility: str
    reason: str
    helpers: tuple[str, str, str]


def households(town: Town) -> list[Household]:
    """Exactly `HOUSEHOLDS` households with exactly `RESIDENTS` people."""
    houses = [b for b in town.buildings if b.homes]
    room = sum(b.homes for b in houses)
    if room < HOUSEHOLDS:
        raise ValueError(f"only {room} homes")
    exact = [HOUSEHOLDS * b.homes / room for b in houses]
    counts = [int(e) for e in exact]
    order = sorted(range(len(houses)), key=lambda k: (counts[k] - exact[k], houses[k].id))
    for k in order[: HOUSEHOLDS - sum(counts)]:
        counts[k] += 1
    rng = Random("civdef sample households")
    out: list[Household] = []
    for house, count in zip(houses, counts, strict=True):
        homes = [
            (s + 1, f)
            for f in range(house.first_home_floor, house.floors + 1)
            for s in range(house.stairwells)
            for _ in range(house.flats)
        ]
        taken = sorted(rng.sample(range(len(homes)), count))
        old = house.year is not None and house.year < 1990
        for k in taken:
            stair, floor = homes[k]
            out.append(_household(house.id, stair, floor, old, rng))
    _match_total(out, rng)
    for n, h in enumerate(out, start=1):
        h.id = f"household/{n:06d}"
    return out


def _household(building: str, stair: int, floor: int, old: bool, rng: Random) -> Household:
    size = rng.choices(_SIZES, _WEIGHTS)[0]
    children = elderly = 0
    draw = rng.random()
    if size <= 2 and draw < (0.34 if old else 0.18):
        elderly = rng.randint(1, size)
    elif size >= 3:
        if draw < 0.52:
            children = 1 if size == 3 or rng.random() < 0.6 else 2
        if size >= 4 and rng.random() < (0.62 if old else 0.48):
            elderly = rng.randint(1, min(2, size - children - 1))
    return Household(building, stair, floor, size, children, elderly)


def _match_total(found: list[Household], rng: Random) -> None:
    gap = RESIDENTS - sum(h.residents for h in found)
    order = list(range(len(found)))
    rng.shuffle(order)
    k = 0
    while gap:
        h = found[order[k % len(order)]]
        k += 1
        if gap > 0 and h.residents in (2, 3, 4):
            h.residents += 1
            gap -= 1
        elif gap < 0 and h.residents >= 3 and h.residents - 1 > h.children + h.elderly:
            h.residents -= 1
            gap += 1


def settle(town: Town, people: Cast, found: list[Household]) -> None:
    """Give everyone who lives in the street a home in a building of their community."""
    lived: dict[str, list[str]] = {c: [] for c in COMMUNITIES}
    community = {b.id: b.community for b in town.buildings}
    for h in found:
        lived[community[h.building].split("/")[1]].append(h.building)
    for person in people.people:
        if person.lives and not person.home:
            rng = Random(f"home of {person.id}")
            person.home = rng.choice(lived[person.lives])


_REASONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("walks_with_help", ("frail", "sight", "dementia", "hearing", "after_illness", "learning_disability")),
    ("wheelchair", ("paralysis", "frail", "amputation", "arthritis")),
    ("stretcher", ("bedridden", "ventilator", "terminal_illness")),
)


def assisted(town: Town, people: Cast, found: list[Household]) -> list[Assisted]:
    """The assistance register with helper pairs from the neighbourhood.

    Every helper belongs to a pair that looks after at most two people in the same community; the
    reserve comes from the next pair. The helpers are appended to `people`.
    """
    rng = Random("civdef sample assistance")
    wanted = round(RESIDENTS * ASSISTED_SHARE)
    weights = [0.25 + 6.0 * h.elderly for h in found]
    chosen: set[int] = set()
    while len(chosen) < wanted:
        chosen.add(rng.choices(range(len(found)), weights)[0])
    community = {b.id: b.community.split("/")[1] for b in town.buildings}
    at = {b.id: b.shape.centroid for b in town.buildings}
    by_community: dict[str, list[Household]] = {c: [] for c in COMMUNITIES}
    for k in sorted(chosen):
        by_community[community[found[k].building]].append(found[k])
    out: list[Assisted] = []
    lived = {c: sorted({h.building for h in found if community[h.building] == c}) for c in COMMUNITIES}
    for c in COMMUNITIES:
        ordered = _by_neighbourhood(by_community[c], at)
        pairs: list[tuple[Person, Person]] = []
        for n in range(0, len(ordered), 2):
            home = ordered[n].building
            near = sorted(lived[c], key=lambda b: (round(at[b].distance(at[home])), b))[:6]
            pair = []
            for side in ("a", "b"):
                helper = people.appoint(
                    f"community.{c}.helpers.{n // 2 + 1}.{side}", f"office/residents-{c}",
                    community=c, lives=c, skills=("helper",),
                )  # fmt: skip
                person = people.people[-1]
                assert person.id == helper
                person.home = rng.choice(near)
                person.travel_night_min = rng.randint(3, 8)
                person.travel_workday_min = rng.randint(5, 20)
                people.many.setdefault(f"community.{c}.helpers", []).append(helper)
                pair.append(person)
            pairs.append((pair[0], pair[1]))
        for n, h in enumerate(ordered):
            mine, other = pairs[n // 2], pairs[(n // 2 + 1) % len(pairs)]
            mobility, reasons = rng.choices(_REASONS, (58, 30, 12))[0]
            zh, en = _name(rng)
            out.append(
                Assisted(
                    "", zh, en, h.id, mobility, rng.choice(reasons), (mine[0].id, mine[1].id, other[n % 2].id)
                )
            )
    out.sort(key=lambda a: a.household)
    for n, a in enumerate(out, start=1):
        a.id = f"assisted/{n:04d}"
    return out


def _by_neighbourhood(found: list[Household], at: dict[str, Point]) -> list[Household]:
    rest = sorted(found, key=lambda h: (round(at[h.building].x), round(at[h.building].y), h.id))
    out = []
    here = at[rest[0].building] if rest else Point()
    while rest:
        k = min(range(len(rest)), key=lambda i: (round(at[rest[i].building].distance(here), 1), rest[i].id))
        out.append(rest.pop(k))
        here = at[out[-1].building]
    return out


def _name(rng: Random) -> tuple[str, str]:
    surname, given = rng.choice(cast_module.SURNAMES), rng.choice(cast_module.GIVEN_NAMES)
    return surname[0] + given[0], f"{surname[1].capitalize()} {given[1].capitalize()}"


def largest_shop(town: Town, community: str) -> Building:
    """A street-front house near the middle of a community."""
    middle = town.communities[f"community/{community}"].centroid
    found = [
        b for b in town.buildings
        if b.community == f"community/{community}" and b.use == "shop" and "-s" in b.id and b.shape.area > 200
    ]  # fmt: skip
    return min(found, key=lambda b: (round(b.shape.distance(middle)), b.id))
