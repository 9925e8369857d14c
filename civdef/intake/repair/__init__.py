"""Mending a street network: lines as drawn → lines that meet where the streets meet, and a record of every change. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from shapely.geometry.base import BaseGeometry

from civdef.intake.repair.connect import connectivity
from civdef.intake.repair.crossings import add_nodes, cut_overshoots
from civdef.intake.repair.duplicates import cut_shared_stretches, merge_duplicates
from civdef.intake.repair.ends import Walls, join_islands, join_near_misses
from civdef.intake.repair.islands import note_islands
from civdef.intake.repair.lines import Streets, as_spot
from civdef.intake.repair.notes import Notes
from civdef.intake.repair.record import RULES, Connectivity, Repair, Repaired
from civdef.model.settings import StreetRepair
from civdef.text import Text

MOST_ROUNDS = 25
"""The rules are applied again and again until none finds anything; real maps need two or three rounds."""

__all__ = ["RULES", "Connectivity", "Repair", "Repaired", "repair_streets"]


def repair_streets(
    features: Sequence[tuple[Mapping[str, Any], BaseGeometry]],
    tolerances: StreetRepair,
    *,
    walls: Sequence[BaseGeometry] = (),
    gates: Sequence[BaseGeometry] = (),
    keep: Collection[str] = (),
) -> Repaired:
    """Mend streets by rule.

    Bridges and tunnels stay apart from what they cross: crossings are looked for on each layer by itself, and a
    bridge or tunnel without a layer is put on layer 1 or -1 first. Permissions, one-way streets and steps stay as
    they are. A second run changes nothing.

    Parameters
    ----------
    features
        Properties of roads (at least ``id``) and LineStrings in WGS84, degrees.
    tolerances
        Distances within which lines are taken to meet [m].
    walls
        Areas or lines in WGS84 that no gap is closed across, e.g. compounds.
    gates
        Points in WGS84 where walls may be passed.
    keep
        Ids of roads that something refers to: they are never merged into another.
    """
    streets = Streets(features, keep)
    notes = Notes(streets)
    before = connectivity(streets)
    _tidy(streets, features, notes)
    _layers(streets, notes)
    fence = Walls(streets, walls, gates)
    near, far = tolerances.near_miss_m, max(tolerances.near_miss_m, tolerances.island_gap_m)
    for _ in range(MOST_ROUNDS):
        changed = merge_duplicates(streets, tolerances.duplicate_m, notes)
        nodes = add_nodes(streets, notes)
        cut_overshoots(streets, nodes, near, notes)
        changed |= bool(nodes)
        changed |= cut_shared_stretches(streets, notes)
        changed |= join_near_misses(streets, near, fence, notes)
        if not changed and not join_islands(streets, far, fence, notes):
            break
    note_islands(streets, notes)
    order = {rule: k for k, rule in enumerate(RULES)}
    repairs = sorted(notes.repairs, key=lambda r: (order[r.rule], r.feature, r.lon, r.lat))
    return Repaired(streets.features(), repairs, before, connectivity(streets))


def _tidy(streets: Streets, features: Sequence[tuple[Mapping[str, Any], BaseGeometry]], notes: Notes) -> None:
    """Leave out repeated vertices and lines of no length."""
    for i in range(len(features)):
        drawn = streets.spots[i]
        repeated = int((drawn[1:] == drawn[:-1]).all(axis=1).sum())
        if len(drawn) > 1 and not repeated:
            continue
        streets.set(i, drawn)
        gone = not len(streets.spots[i])
        notes.add(
            "no-length" if gone else "repeated-vertex",
            "dropped" if gone else "repaired",
            i,
            None,
            as_spot(drawn[0]) if len(drawn) else streets.frame.origin,
            Text("线长为零，已舍去", "A line of no length: left out")
            if gone
            else Text("有 {n} 个重复折点，已去掉", "{n} repeated vertices: left out").format(n=repeated),
            Text("{n} 个折点", "{n} vertices").format(n=len(drawn)),
            Text("{n} 个折点", "{n} vertices").format(n=len(streets.spots[i])),
        )


def _layers(streets: Streets, notes: Notes) -> None:
    """Put bridges and tunnels without a layer on layer 1 and -1."""
    for i in streets.alive():
        properties = streets.properties[i]
        bridge, tunnel = bool(properties.get("bridge")), bool(properties.get("tunnel"))
        if streets.level(i) != 0 or bridge == tunnel or "layer" in properties:
            continue
        properties["layer"] = 1 if bridge else -1
        notes.add(
            "implied-layer",
            "repaired",
            i,
            None,
            as_spot(streets.spots[i][0]),
            Text("桥梁未注层次，按第 1 层处理", "Bridge without a layer: put on layer 1")
            if bridge
            else Text("隧道或地下通道未注层次，按第 -1 层处理", "Tunnel without a layer: put on layer -1"),
            Text("无层次", "no layer"),
            Text("第 {n} 层", "layer {n}").format(n=properties["layer"]),
        )
