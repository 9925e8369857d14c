"""Whether the layers of a workspace lie where they say, as a record and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field
from shapely.geometry.base import BaseGeometry

from civdef.intake.datum.evidence import KINDS
from civdef.intake.datum.plausibility import Pair, Plausibility, Suspect, in_china, judge
from civdef.load.target import Surroundings
from civdef.model.settings import LayerSettings
from civdef.model.workspace import Workspace
from civdef.result import Record
from civdef.text import Text, listing

LAYERS: dict[str, Text] = {
    "roads": Text("道路", "streets"),
    "buildings": Text("房屋", "buildings"),
    "communities": Text("社区界线", "community boundaries"),
    "compounds": Text("小区院落", "compounds"),
    "gates": Text("大门", "gates"),
    "entrances": Text("出入口", "entrances"),
    "units": Text("单位", "units"),
    "posts": Text("固定点位", "fixed posts"),
    "shelters": Text("避难场所", "shelters"),
    "landmarks": Text("地物", "landmarks"),
    "sirens": Text("警报点", "sirens"),
}
SYSTEMS: dict[str, Text] = {
    "wgs84": Text("WGS84（或国家2000）", "WGS84 (or CGCS2000)"),
    "gcj02": Text("GCJ-02（高德、腾讯地图的偏移坐标）", "GCJ-02 (the shifted coordinates of Amap and Tencent maps)"),
    "bd09": Text("BD-09（百度地图的偏移坐标）", "BD-09 (the shifted coordinates of Baidu maps)"),
}  # fmt: skip
DEGREES = ("wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4326", "EPSG:4490")
"""Declared systems in degrees: only a file in degrees can be declared anew as GCJ-02 or BD-09."""


class PairRecord(Record):
    """Two layers laid on one another: which part of the points of the first that lie near the second lie on it."""

    points: str
    other: str
    now: float | None = Field(description="share as the layers are; null where too few points are near")
    by_chance: float = Field(description="share where the two have nothing to do with one another")
    then: float | None = Field(description="share in the system suggested; null where none is")


class AlternativeRecord(Record):
    """Layers, and the system that they may be in."""

    layers: list[str]
    system: str


class SuspectRecord(Record):
    """Layers that fit the others only in another system than declared."""

    layers: list[str]
    declared: dict[str, str | None] = Field(description="system that each was declared in, where known")
    system: str = Field(description="system in which they fit: wgs84, gcj02 or bd09")
    pairs: list[PairRecord]
    instead: list[AlternativeRecord] = Field(description="other explanations as good")
    message: str
    fix: str


class LayersRecord(Record):
    """Whether layers lie where they say, judged by one another."""

    verdict: Literal["agree", "shifted", "unknown"] = Field(
        description="agree: what can be judged fits, though all may be shifted alike; unknown: too little to judge by"
    )
    fitting: list[list[str]] = Field(description="groups of layers that fit one another")
    open: list[str] = Field(description="layers that cannot be judged")
    pairs: list[PairRecord]
    suspects: list[SuspectRecord]
    message: str | None = Field(description="what can be said; null where there is nothing on the map")


def plausible(workspace: Workspace) -> tuple[Plausibility, dict[str, str | None]]:
    """Return what the layers say of one another, and the systems they were declared in."""
    found = layers_of(workspace)
    settings = workspace.settings.layers
    declared = {n: settings[n].crs if n in settings else None for n in found}
    return judge(found, {n: c for n, c in declared.items() if c}), declared


def layers_of(workspace: Workspace) -> dict[str, Sequence[BaseGeometry]]:
    """Return the layers of a workspace that can be judged, in WGS84; of streets those on the ground."""
    found: dict[str, Sequence[BaseGeometry]] = {
        "roads": [r.shape for r in workspace.roads.values() if not (r.layer or r.bridge or r.tunnel)],
        "buildings": [b.shape for b in workspace.buildings.values()],
        "communities": [c.shape for c in workspace.communities.values()],
        "compounds": [c.shape for c in workspace.compounds.values()],
        "gates": [g.shape for g in workspace.gates.values()],
        "entrances": [e.shape for e in workspace.entrances.values()],
        "units": [u.shape for u in workspace.units.values()],
        "posts": [p.shape for p in workspace.fixed_posts.values()],
        "shelters": [s.shape for s in workspace.shelters.values()],
        "landmarks": [m.shape for m in workspace.landmarks.values()],
        "sirens": [s.shape for s in workspace.sirens.values()],
    }
    return {n: s for n, s in found.items() if s}


def record_of(workspace: Workspace, lang: Literal["zh", "en"]) -> LayersRecord:
    """Return the judgement on a workspace's layers as data."""
    found, declared = plausible(workspace)
    message = _message(found) if declared else None
    return LayersRecord(
        verdict=found.verdict,
        fitting=[list(g) for g in found.fitting],
        open=list(found.open),
        pairs=[_pair(p) for p in found.pairs],
        suspects=[
            SuspectRecord(
                layers=list(s.layers),
                declared={n: declared.get(n) for n in s.layers},
                system=s.system,
                pairs=[_pair(p) for p in s.pairs],
                instead=[AlternativeRecord(layers=list(names), system=i) for names, i in s.instead],
                message=_suspicion(s).in_(lang),
                fix=_fix(s, declared).in_(lang),
            )
            for s in found.suspects
        ],
        message=message.in_(lang) if message is not None else None,
    )


def doubts(
    root: Path,
    layer: str,
    shapes: Sequence[BaseGeometry | None],
    crs: str,
    declared: Mapping[str, LayerSettings],
) -> list[Text]:
    """Return what the layers of a workspace say against the system that a new layer was declared in; nothing if they do not.

    Parameters
    ----------
    layer, shapes, crs
        The new layer: its name, shapes in WGS84, and the system they were declared in.
    declared
        What is known of the layers that are there.
    """
    partners = {k.other if k.points == layer else k.points for k in KINDS if layer in (k.points, k.other)}
    usable = [s for s in shapes if s is not None and not s.is_empty]
    if not partners or not usable or not in_china(usable[0]):
        return []
    around = Surroundings(root)
    there = {
        n: list(found.values()) for n in sorted(partners) if (found := around.shapes(f"maps/{n}.geojson"))
    }
    systems = {n: c for n in there if n in declared and (c := declared[n].crs)}
    judged = judge({**there, layer: usable}, {**systems, layer: crs})
    named = {**systems, layer: crs}
    return [Text("{m}。{f}", "{m}. {f}").format(m=_suspicion(s), f=_fix(s, named)) for s in judged.suspects]


def _pair(pair: Pair) -> PairRecord:
    return PairRecord(
        points=pair.points,
        other=pair.other,
        now=round(pair.now, 3) if pair.now is not None else None,
        by_chance=round(pair.by_chance, 3),
        then=round(pair.then, 3) if pair.then is not None else None,
    )


def _titles(names: Sequence[str]) -> Text:
    return listing((LAYERS[n] for n in names), 12)


def _suspicion(suspect: Suspect) -> Text:
    shown = max(suspect.pairs, key=lambda p: abs((p.then or 0.0) - p.by_chance))
    now = (
        Text("{n:.0%}", "{n:.0%}").format(n=shown.now)
        if shown.now is not None
        else Text("几乎不相遇", "they hardly meet")
    )
    return Text(
        "{l}与其他图层对不上，当作 {s} 才吻合：{p}的点落在{o}上的比例，现为 {n}，改后 {t:.0%}（随便摆放约 {c:.0%}）",
        "{l} do not fit the other layers as they are, but would in {s}: of the points of {p}, {n} lie on {o} now, {t:.0%} then (about"
        " {c:.0%} anywhere)",
    ).format(
        l=_titles(suspect.layers),
        s=SYSTEMS[suspect.system],
        p=LAYERS[shown.points],
        o=LAYERS[shown.other],
        n=now,
        t=shown.then,
        c=shown.by_chance,
    )


def _fix(suspect: Suspect, declared: Mapping[str, str | None]) -> Text:
    names = listing(suspect.layers, 12)
    stated = {declared.get(n) for n in suspect.layers} - {None}
    if any(c not in DEGREES for c in stated):
        fix = Text(
            "原文件（{n}）在投影之前就已偏移：请向提供单位索取未偏移的国家2000坐标，再重新导入",
            "The files ({n}) were shifted before they were projected: ask those who made them for plain CGCS2000"
            " coordinates and import them again",
        ).format(n=names)
    else:
        each = "; ".join(f"civdef import {n} FILE --crs {suspect.system}" for n in suspect.layers)
        fix = Text(f"用原文件重新导入：{each.replace('FILE', '文件')}", f"Import the files again: {each}")
    if not suspect.instead:
        return fix
    others = [(_titles(n), s) for n, s in suspect.instead]
    other = Text(
        "；".join(f"{t.zh}其实是 {s}" for t, s in others),
        "; ".join(f"{t.en} are really in {s}" for t, s in others),
    )
    return Text("{f}。也可能是{o}", "{f}. Or else {o}").format(f=fix, o=other)


def _message(found: Plausibility) -> Text | None:
    if found.verdict == "unknown":
        return Text(
            "各图层的坐标系是否正确，无法判断：可以相互比对的图形太少",
            "Whether the layers are in the right coordinate system cannot be told: too little to compare",
        )
    if not found.fitting:
        return None
    each = [_titles(g) for g in found.fitting]
    groups = Text("；".join(t.zh for t in each), "; ".join(t.en for t in each))
    agree = Text("位置相互吻合的图层：{g}", "Layers that fit one another: {g}").format(g=groups)
    if found.open:
        agree = Text("{a}。无法判断的：{o}", "{a}. Cannot be judged: {o}").format(
            a=agree, o=_titles(found.open)
        )
    if found.verdict == "shifted" or not found.shifted_here:
        return agree
    return Text(
        "{a}。若全部图层都取自同一种偏移坐标（例如都来自高德地图），它们偏得一样，这里看不出来：请用一处实测坐标核对",
        "{a}. If all of them are shifted alike (all taken from the same web map, say), that cannot be told from here:"
        " compare one surveyed place",
    ).format(a=agree)
