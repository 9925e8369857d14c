"""Names that people write → ids of the workspace."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from civdef.intake.registers.columns import plain
from civdef.intake.registers.values import chinese_number
from civdef.model.base import ID_PATTERN
from civdef.text import Text, listing, nearest

_LABEL = re.compile(r"[\[［【]\s*([a-z][a-z-]*/[a-z0-9][a-z0-9.-]*)\s*[\]］】]\s*$")
_PHONE_AT_END = re.compile(r"^(?P<name>.*?)[\s(（:：,，、]*(?P<phone>1\d{10}|0\d{2,3}-?\d{7,8})[)）\s]*$")
_COMMUNITY_ENDS = re.compile(r"(?:社区)?(?:居民委员会|居委会|村民委员会|村委会|委员会)$|社区$|community$")
_BUILDING_ENDS = re.compile(r"(?:号楼|栋楼|幢楼|栋|幢|号|座|#楼|#)(?![0-9a-z])")
_BEFORE_END = re.compile(r"([〇零一二两三四五六七八九十百]+)(?=号|栋|幢|座|#|单元|楼)")
_NAME_NOISE = re.compile(r"[\s()·,，.。、_]+")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
FEW = 10
"""So few names are all listed where none is near."""
SEARCHES = 60
"""So many unknown names get a search for the nearest; a register of the wrong street has thousands."""


@dataclass(frozen=True)
class Known:
    """An object of the workspace that a register may name.

    Attributes
    ----------
    names
        What it is called, in every language.
    within
        Ids of what it lies in or belongs to (community, compound, office), for telling namesakes apart.
    phones
        Its telephone numbers.
    """

    id: str
    names: tuple[str, ...]
    within: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


@dataclass(frozen=True)
class Home:
    """A household, as an address finds it; `names` are people on the assistance register who live there."""

    id: str
    stairwell: str
    floor: str
    elderly: bool
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What a name leads to: an id, or why there is none."""

    id: str | None
    told: Text | None = None


class Lookup:
    """Finds objects by id, by label ``name [id]``, by name, by name and telephone, by name inside something.

    Parameters
    ----------
    objects
        Kind (id prefix) → objects.
    homes
        Building → its households.
    """

    KEPT = 100_000
    """So many answers are remembered."""

    def __init__(
        self, objects: Mapping[str, Collection[Known]], homes: Mapping[str, Collection[Home]] | None = None
    ) -> None:
        self._homes = homes or {}
        self._taken: set[str] = set()
        self._found: dict[tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]], Found] = {}
        self._objects = {k: sorted(v, key=lambda o: o.id) for k, v in objects.items()}
        self._by_id = {o.id: o for found in self._objects.values() for o in found}
        self._keys: dict[str, dict[str, list[Known]]] = {}
        self._ends: dict[tuple[str, str], dict[str, Known]] = {}
        self._within: dict[str, list[tuple[Known, str]]] = {}
        self._near: dict[tuple[tuple[str, ...], str], Text | None] = {}

    def __contains__(self, object_id: str) -> bool:
        return object_id in self._by_id

    def get(self, object_id: str) -> Known | None:
        """Return an object by id."""
        return self._by_id.get(object_id)

    def label(self, object_id: str) -> str:
        """Return how an exported workbook shows a reference: name and id."""
        known = self._by_id.get(object_id)
        return f"{known.names[0]} [{object_id}]" if known and known.names else object_id

    def labels(self, kinds: Iterable[str]) -> list[str]:
        """Return every label of some kinds, for a drop-down list."""
        return [self.label(o.id) for k in kinds for o in self._objects.get(k, ())]

    def take_home(self, building: str, stairwell: str | None, floor: str | None, name: str) -> str | None:
        """Return the household at an address that fits somebody best; None where the building has none.

        The household where the register already has the name; else one on the floor and in the stairwell given that no
        call before has taken, with an elderly member rather than without.
        """
        homes = self._homes.get(building, ())

        def fit(home: Home) -> tuple[bool, bool, bool, bool, bool, str]:
            elsewhere = stairwell is not None and home.stairwell != stairwell
            other_floor = floor is not None and home.floor != floor
            return (
                name not in home.names,
                other_floor,
                elsewhere,
                home.id in self._taken,
                not home.elderly,
                home.id,
            )

        best = min(homes, key=fit, default=None)
        if best is None:
            return None
        self._taken.add(best.id)
        return best.id

    def find(
        self, text: str, kinds: tuple[str, ...], *, within: Iterable[str] = (), phones: Iterable[str] = ()
    ) -> Found:
        """Return what `text` names.

        Parameters
        ----------
        within
            Ids of what it must lie in, if that tells namesakes apart: the compound before the community.
        phones
            Telephone numbers written beside the name.
        """
        key = (text, kinds, tuple(within), tuple(phones))
        if (known := self._found.get(key)) is None:
            known = self._find(text, kinds, key[2], key[3])
            if len(self._found) < self.KEPT:
                self._found[key] = known
        return known

    def _find(
        self, text: str, kinds: tuple[str, ...], within: tuple[str, ...], phones: tuple[str, ...]
    ) -> Found:
        labelled = _LABEL.search(text)
        if labelled and labelled[1] in self._by_id and labelled[1].partition("/")[0] in kinds:
            return Found(labelled[1])
        wanted = unicodedata.normalize("NFKC", text).strip()
        if labelled:
            wanted = unicodedata.normalize("NFKC", text[: labelled.start()]).strip()
        if wanted in self._by_id and wanted.partition("/")[0] in kinds:
            return Found(wanted)
        bare = [f"{k}/{wanted}" for k in kinds if f"{k}/{wanted}" in self._by_id]
        if len(bare) == 1:
            return Found(bare[0])
        numbers = {_digits(p) for p in phones if p}
        if "person" in kinds and (split := _PHONE_AT_END.match(wanted)):
            wanted = split["name"] or wanted
            numbers.add(_digits(split["phone"]))
        candidates = self._candidates(wanted, kinds, within)
        if len(candidates) > 1:
            candidates = _narrow(candidates, numbers, within)
        if len(candidates) == 1:
            return Found(candidates[0].id)
        if candidates:
            return Found(None, _ambiguous(wanted, candidates))
        return Found(None, self._unknown(text, wanted, kinds))

    def _candidates(self, wanted: str, kinds: tuple[str, ...], within: tuple[str, ...]) -> list[Known]:
        found: dict[str, Known] = {}
        compounds = [p for p in within if p.startswith("compound/")] if "building" in kinds else []
        for place in compounds:
            if found := self._inside(wanted, place):
                return list(found.values())
        for kind in kinds:
            for key in _forms(kind, wanted):
                for known in self._index(kind).get(key, ()):
                    found.setdefault(known.id, known)
        if not found and "building" in kinds:
            for place in within:
                found = self._inside(wanted, place)
                if found:
                    break
        return list(found.values())

    def _inside(self, wanted: str, place: str) -> dict[str, Known]:
        """Return the buildings in a compound or community whose name ends with what is written: 3号楼."""
        ends = building_key(wanted)
        if not ends:
            return {}
        if (ends, place) not in self._ends:
            self._ends[ends, place] = {
                known.id: known
                for known, key in self._buildings(place)
                if key.endswith(ends) and _whole(key, ends)
            }
        return self._ends[ends, place]

    def _buildings(self, place: str) -> list[tuple[Known, str]]:
        if place not in self._within:
            inside = [o for o in self._objects.get("building", ()) if place in o.within]
            self._within[place] = [(o, building_key(n)) for o in inside for n in o.names]
        return self._within[place]

    def _index(self, kind: str) -> dict[str, list[Known]]:
        if kind not in self._keys:
            index: dict[str, list[Known]] = {}
            for known in self._objects.get(kind, ()):
                for key in _keys(kind, known):
                    index.setdefault(key, []).append(known)
            self._keys[kind] = index
        return self._keys[kind]

    def _unknown(self, text: str, wanted: str, kinds: tuple[str, ...]) -> Text:
        key = (kinds, wanted)
        if key not in self._near:
            self._near[key] = self._nearest(wanted, kinds) if len(self._near) < SEARCHES else None
        told = Text("找不到“{t}”", "Nothing is called {t}").format(t=text[:40])
        near = self._near[key]
        return told if near is None else Text(f"{told.zh}，{near.zh}", f"{told.en}; {near.en}")

    def _nearest(self, wanted: str, kinds: tuple[str, ...]) -> Text | None:
        objects = [o for k in kinds for o in self._objects.get(k, ()) if o.names]
        near = _three_nearest(wanted, [n for o in objects for n in o.names])
        if near:
            return Text("相近的有 {n}", "near it: {n}").format(n=listing(near))
        if objects and len(objects) <= FEW:
            return Text("已有的是 {n}", "there are {n}").format(n=listing([o.names[0] for o in objects], FEW))
        return None


def building_key(name: str) -> str:
    """Return the name of a building so that 3号楼, 3栋, 3幢, 三号楼, 03# and 3# are the same."""
    text = _BEFORE_END.sub(lambda m: str(n) if (n := chinese_number(m[1])) is not None else m[1], _fold(name))
    return _NAME_NOISE.sub("", _ZEROS.sub("", _BUILDING_ENDS.sub("#", text))).rstrip("#楼")


def community_key(name: str) -> str:
    """Return the name of a community without 社区, 居委会 and the like."""
    text = _fold(name)
    while (cut := _COMMUNITY_ENDS.sub("", text).strip()) != text and cut:
        text = cut
    return plain(text)


def _whole(key: str, ends: str) -> bool:
    """Whether `ends`, at the end of `key`, is no piece of a longer number."""
    return not (ends[0].isdigit() and key[: -len(ends)][-1:].isdigit())


def _fold(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _forms(kind: str, text: str) -> tuple[str, ...]:
    """Return the keys under which a written name is looked for."""
    if kind == "building":
        return (building_key(text),)
    if kind == "community":
        return (community_key(text),)
    return (plain(text),)


def _keys(kind: str, known: Known) -> set[str]:
    return {key for name in known.names for key in _forms(kind, name) if key}


def _narrow(candidates: list[Known], phones: set[str], within: tuple[str, ...]) -> list[Known]:
    called = [c for c in candidates if phones & {_digits(p) for p in c.phones}]
    if called:
        return called
    for place in within:
        inside = [c for c in candidates if place in c.within]
        if inside:
            candidates = inside
        if len(candidates) == 1:
            break
    return candidates


def _ambiguous(wanted: str, candidates: list[Known]) -> Text:
    ids = listing([c.id for c in candidates], 5)
    return Text("“{w}”不止一个：{i}", "More than one is called {w}: {i}").format(w=wanted, i=ids)


def _three_nearest(wanted: str, names: list[str]) -> tuple[str, ...]:
    from difflib import get_close_matches

    if len(names) <= 3000:
        return tuple(get_close_matches(wanted, names, n=3))
    like = [n for n in names if set(n) & set(wanted)]
    best = nearest(wanted, like[:3000])
    return (best,) if best else ()


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)


def is_id(text: str) -> bool:
    """Whether `text` has the form of an id."""
    return bool(ID_PATTERN.match(text))
