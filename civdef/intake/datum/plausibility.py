"""Do the layers of a town lie where they say, judged by one another? Which coordinate system would make them fit?

A layer taken from a web map (GCJ-02, BD-09) and declared as WGS84 lies some 500 m beside the others; so does one that was
corrected though it needed no correction. Layers that fit one another are one group. Where two groups do not fit, each is
tried as if it had been in another system; one that then fits, much better than by chance, is told.

Where all layers are shifted alike they all fit: that cannot be told from the layers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from civdef.intake.datum import offsets
from civdef.intake.datum.evidence import Comparison, Places, comparisons_of

FITS = 3.0
"""A share this many spreads better than no fit is a fit; chance gives about one in a thousand."""

POOR = 2.0
"""Below this many spreads two layers show no sign of fitting as they are."""

NEIGHBOURHOOD_M = 60.0
ABOVE = 1.0
"""A fit must be no worse than any place this far around it [m], and so many spreads better than half of them: towns of
equal rows fit a little when moved by a row."""

AS_GOOD = 0.8
"""Another explanation that gains this part of the best one is told beside it."""

SYSTEMS: Mapping[str, tuple[offsets.Step | None, offsets.Step | None]] = {
    "wgs84": (None, None),
    "gcj02": (offsets.gcj02_from_wgs84, offsets.wgs84_from_gcj02),
    "bd09": (offsets.bd09_from_wgs84, offsets.wgs84_from_bd09),
}
"""System → how WGS84 becomes it, and how it becomes WGS84."""


@dataclass(frozen=True)
class Pair:
    """Two layers laid on one another.

    Attributes
    ----------
    points, other
        The layers: how many points of the first lie in or on the second.
    now
        Part that does, as the layers are; None where too few points are near.
    by_chance
        Part that would, in places that have nothing to do with one another.
    then
        Part that would, in the system suggested; None where none is.
    """

    points: str
    other: str
    now: float | None
    by_chance: float
    then: float | None = None


@dataclass(frozen=True)
class Suspect:
    """Layers that fit the others if they were in another system than declared."""

    layers: tuple[str, ...]
    system: str
    pairs: tuple[Pair, ...]
    instead: tuple[tuple[tuple[str, ...], str], ...] = ()
    """Other explanations as good: layers and their system"""


@dataclass(frozen=True)
class Plausibility:
    """What the layers say of one another.

    Attributes
    ----------
    verdict
        ``shifted``: some layers fit the others only in another system. ``agree``: the layers that can be judged fit;
        all of them may still be shifted alike. ``unknown``: too little to judge by.
    fitting
        Groups of layers that fit one another as they are.
    open
        Layers that cannot be judged.
    pairs
        Pairs of layers that fit as they are.
    shifted_here
        Whether the town lies where web maps are shifted at all.
    """

    verdict: Literal["agree", "shifted", "unknown"]
    fitting: tuple[tuple[str, ...], ...] = ()
    open: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    shifted_here: bool = False


@dataclass
class _Town:
    """Layers in groups, and for each layer the system it is taken to be in, where that is not the declared one."""

    tests: list[Comparison]
    declared: Mapping[str, str]
    group: dict[str, str] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)

    def places(self, test: Comparison, moved: Mapping[str, str]) -> Places:
        """Return a test's points, moved as if its layers were in the systems that `moved` says."""
        systems = {**self.taken, **moved}
        places = test.places
        first, second = test.kind.points, test.kind.other
        places = _moved(places, self.declared[first], systems.get(first, self.declared[first]))
        return _moved(places, systems.get(second, self.declared[second]), self.declared[second])

    def share(self, test: Comparison, moved: Mapping[str, str]) -> float:
        """Return the share of a test's points that hit; NaN where too few are near."""
        return test.share(self.places(test, moved))

    def score(self, test: Comparison, moved: Mapping[str, str]) -> float:
        """Return how well a test's layers fit; 0 where too few points are near to say so."""
        score = test.score(self.share(test, moved))
        return score if np.isfinite(score) else 0.0

    def members(self, group: str) -> tuple[str, ...]:
        return tuple(sorted(n for n, g in self.group.items() if g == group))

    def join(self, first: str, second: str) -> None:
        keep, lose = sorted((self.group[first], self.group[second]))
        self.group = {n: keep if g == lose else g for n, g in self.group.items()}

    def apart(self) -> list[Comparison]:
        """Return the tests between layers of different groups."""
        return [t for t in self.tests if self.group[t.kind.points] != self.group[t.kind.other]]


@dataclass(frozen=True)
class _Moving:
    declared: str
    true: str

    def __call__(self, places: Places) -> Places:
        return _moved(places, self.declared, self.true)


@dataclass(frozen=True)
class _Guess:
    gain: float
    layers: tuple[str, ...]
    system: str
    tests: tuple[Comparison, ...]


def judge(layers: Mapping[str, Sequence[BaseGeometry]], declared: Mapping[str, str]) -> Plausibility:
    """Return whether layers fit one another, and which system would make one fit that does not.

    Parameters
    ----------
    layers
        Name → shapes in WGS84, as stored in the workspace.
    declared
        Name → system the layer was declared in when it was imported: ``gcj02``, ``bd09``, or anything else for systems
        that are as good as WGS84. A layer that is not named was WGS84.
    """
    tests = comparisons_of(
        layers, [_Moving(a, b) for a in SYSTEMS for b in SYSTEMS if "wgs84" in (a, b) and a != b]
    )
    names = sorted({n for t in tests for n in (t.kind.points, t.kind.other)})
    town = _Town(tests, {n: _system(declared.get(n)) for n in names}, {n: n for n in names})
    pairs = []
    for test in tests:
        share = test.share(test.places)
        if test.score(share) >= FITS and test.score(share) >= test.best_by_chance:
            town.join(test.kind.points, test.kind.other)
            pairs.append(Pair(test.kind.points, test.kind.other, share, test.spread[0]))
    groups = [m for g in sorted(set(town.group.values())) if len(m := town.members(g)) > 1]
    here = bool(tests) and _shifted_at(tests[0].frame.lon, tests[0].frame.lat)
    suspects = list(_suspects(town)) if here else []
    judged = {n for m in groups for n in m} | {n for s in suspects for n in s.layers}
    judged |= {n for s in suspects for p in s.pairs for n in (p.points, p.other)}
    return Plausibility(
        "shifted" if suspects else "agree" if pairs else "unknown",
        tuple(groups),
        tuple(sorted(n for n, s in layers.items() if len(s) and n not in judged)),
        tuple(pairs),
        tuple(suspects),
        here,
    )


def _suspects(town: _Town) -> Iterator[Suspect]:
    """Yield the explanations, the strongest first; each is taken for granted in those after it."""
    for _ in range(len(town.group)):
        guesses = sorted(_guesses(town), key=lambda g: (-g.gain, len(g.layers), g.layers, g.system))
        if not guesses:
            return
        best = min(
            (g for g in guesses if g.gain >= AS_GOOD * guesses[0].gain),
            key=lambda g: (len(g.layers), -g.gain, g.layers, g.system),
        )
        moved = dict.fromkeys(best.layers, best.system)
        yield Suspect(
            best.layers,
            best.system,
            tuple(_pair(town, t, moved) for t in best.tests),
            tuple(
                (g.layers, g.system)
                for g in guesses
                if g.gain >= AS_GOOD * best.gain and (g.layers, g.system) != (best.layers, best.system)
            ),
        )
        town.taken |= moved
        for test in best.tests:
            town.join(test.kind.points, test.kind.other)


def _guesses(town: _Town) -> Iterator[_Guess]:
    """Yield every group taken to be in another system in which it fits others that it does not fit now."""
    apart = town.apart()
    now = {id(t): town.score(t, {}) for t in apart}
    for group in sorted(set(town.group.values())):
        layers = town.members(group)
        if any(n in town.taken for n in layers):
            continue
        between = [t for t in apart if group in (town.group[t.kind.points], town.group[t.kind.other])]
        for system in SYSTEMS:
            changed = tuple(n for n in layers if town.declared[n] != system)
            if not changed:
                continue
            moved = dict.fromkeys(changed, system)
            gain, told = 0.0, []
            for test in between:
                before, share = now[id(test)], town.share(test, moved)
                after = test.score(share) if np.isfinite(share) else 0.0
                if before < POOR and after >= FITS and test.clear(share) and _peak(town, test, moved, after):
                    told.append(test)
                    gain += after - before
                elif before >= POOR:
                    gain += min(0.0, after - before)
            if told and gain >= FITS - POOR:
                yield _Guess(gain, changed, system, tuple(told))


def _peak(town: _Town, test: Comparison, moved: Mapping[str, str], score: float) -> bool:
    """Whether a fit stands out from the places around it, and is better than all where nothing fits."""
    places = town.places(test, moved)
    around = []
    for k in range(8):
        east_m, north_m = (NEIGHBOURHOOD_M * float(f(np.pi * k / 4)) for f in (np.cos, np.sin))
        around.append(test.score(test.share(test.frame.shifted(places, east_m, north_m))))
    found = [v for v in around if np.isfinite(v)]
    if not found:
        return False
    return score >= max(test.best_by_chance, *found) and score >= float(np.median(found)) + ABOVE


def _pair(town: _Town, test: Comparison, moved: Mapping[str, str]) -> Pair:
    now = town.share(test, {})
    return Pair(
        test.kind.points,
        test.kind.other,
        now if np.isfinite(now) else None,
        test.spread[0],
        town.share(test, moved),
    )


def _moved(places: Places, declared: str, true: str) -> Places:
    """Return where places stored as WGS84 would be, had they been read as `true` instead of as `declared`."""
    if declared == true:
        return places
    lon, lat = places[:, 0], places[:, 1]
    for step in (SYSTEMS[declared][0], SYSTEMS[true][1]):
        if step is not None:
            lon, lat = step(lon, lat)
    return np.column_stack([lon, lat])


def _system(declared: str | None) -> str:
    return declared if declared is not None and declared in SYSTEMS else "wgs84"


def in_china(shape: BaseGeometry) -> bool:
    """Whether a shape in WGS84 begins where web maps are shifted."""
    lon, lat = shapely.get_coordinates(shape)[0]
    return _shifted_at(float(lon), float(lat))


def _shifted_at(lon: float, lat: float) -> bool:
    west, south, east, north = offsets.SHIFTED
    return west <= lon <= east and south <= lat <= north
