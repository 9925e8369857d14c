"""Who may walk where around a hazard area: along its rim, and from one part of it to the next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from civdef.graph.roads import StreetNetwork, build_street_network
from civdef.hazards.effects import ArcEffects, arc_effects, unsafe_ground
from civdef.load import load_workspace
from tests import toy_town


def box(name: str, west: float, south: float, east: float, north: float, **more: Any) -> dict[str, Any]:
    """Return a flooded rectangle."""
    ring = [[(west, south), (east, south), (east, north), (west, north), (west, south)]]
    return toy_town.feature("Polygon", ring, id=f"hazard/{name}", name_zh=name, hazard="flood", **more)


def effects(tmp_path: Path, *zones: dict[str, Any]) -> tuple[StreetNetwork, ArcEffects]:
    """Return the network of the toy town and what the zones do to it."""
    changed: dict[str, str | None] = {"maps/hazards/flood.geojson": toy_town.collection(list(zones))}
    workspace = load_workspace(toy_town.write(tmp_path, changed))
    network = build_street_network(workspace)
    return network, arc_effects(
        unsafe_ground(workspace, list(workspace.footprints.values())), workspace, network
    )


def at(network: StreetNetwork, x_m: float, y_m: float) -> int:
    """Return the street's node at a spot; that of an entrance on the street comes after it."""
    gap = np.hypot(network.x_m - toy_town.EAST - x_m, network.y_m - toy_town.NORTH - y_m)
    return int(np.flatnonzero(gap < 0.01)[0])


def forbidden(network: StreetNetwork, found: ArcEffects, tail: int, head: int) -> float:
    """Return from when the arc between two nodes is forbidden [min]."""
    arc = np.flatnonzero((network.tail == tail) & (network.head == head))
    assert len(arc) == 1
    return float(found.forbidden_min[arc[0]])


def test_a_street_along_the_rim_stays_open(tmp_path: Path) -> None:
    """The zone is drawn to the middle line of the lane (y = 0), as offices draw along streets."""
    network, found = effects(tmp_path, box("south", -50, -60, 250, 0))
    assert forbidden(network, found, at(network, 100, 0), at(network, 180, 0)) == np.inf


def test_a_street_into_the_area_is_closed_inwards_and_open_outwards(tmp_path: Path) -> None:
    network, found = effects(tmp_path, box("lane", -50, -60, 250, 30, from_min=40))
    top, bottom = at(network, 100, 100), at(network, 100, 0)
    assert forbidden(network, found, top, bottom) == 40
    assert forbidden(network, found, bottom, top) == np.inf


@pytest.mark.parametrize(("east_min", "open_"), [(40, True), (90, True), (10, False)])
def test_people_inside_may_pass_to_a_part_that_is_no_worse(
    tmp_path: Path, east_min: float, open_: bool
) -> None:
    """West and east halves of the lane; the way leads east. Into the earlier flood nobody is sent."""
    west, east = box("west", -50, -60, 75, 30, from_min=40), box("east", 75, -60, 250, 30, from_min=east_min)
    network, found = effects(tmp_path, west, east)
    when = forbidden(network, found, at(network, 50, 0), at(network, 100, 0))
    assert (when == np.inf) is open_
