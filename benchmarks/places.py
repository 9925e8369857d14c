"""Evacuation questions on real streets, fixed before solving by this recipe with a seed; the data itself is not in the project.

Streets, buildings and, for OpenStreetMap extracts, shelter sites are brought in by the product's own commands. Then, in memory:

* **People**: a round number of persons, by floor area of every building (Jakarta, Beijing, Helsinki) or by node (Nauru, where
  a gamma draw per node stands for the houses there), in whole persons by largest remainder.
* **Sites**: Beijing and Helsinki, every candidate on mapped schools and open ground, with the ways in and the class that
  ``civdef import promote --all`` gives them. Jakarta and Nauru have no such places mapped: 20 (12) street ends drawn at random
  outside the flood, at least 400 m apart, with one way in of 6 m.
* **Tight**: places add up to 1.2 × the people, uneven: by estimated area, or by a gamma draw. **Slack**: each site has places for
  all.
* **Jakarta**: the flood of the depth raster, all depths, an hour after the alarm; everybody moves, nobody into the water.
"""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from civdef.evacuate.question import Question
from civdef.graph.roads import StreetNetwork, build_street_network
from civdef.load import load_workspace
from civdef.model.base import Name, figure
from civdef.model.shelter import Entrance, Shelter, ShelterClass
from civdef.model.town import Building, BuildingUse, Community
from civdef.model.workspace import Workspace

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Supply = Literal["tight", "slack"]

SEED = 7
TIGHTNESS = 1.2
APART_M = 400.0

_OSM = {"beijing": ("beijing_tsinghua_full.osm", 20_000), "helsinki": ("helsinki_center.osm.pbf", 20_000)}
_DRAWN = {"jakarta": (48_000, 20), "nauru": (11_000, 12)}
PLACES = (*_OSM, *_DRAWN)


@dataclass(frozen=True)
class Instance:
    """A question that can be asked again."""

    workspace: Workspace
    network: StreetNetwork
    question: Question


def instance(place: str, supply: Supply, data: Path) -> Instance:
    """Return a question.

    Parameters
    ----------
    place
        One of `PLACES`.
    supply
        Whether places are tight or without limit.
    data
        Folder of the public test data, with ``networks`` and ``hazard``.
    """
    rng = np.random.default_rng(SEED)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "place"
        _import(place, data, folder)
        workspace = load_workspace(folder)
    if place in _OSM:
        total = _OSM[place][1]
        weight = np.array([s.places.value for s in workspace.shelters.values()])
    else:
        total, sites = _DRAWN[place]
        if place == "nauru":
            workspace = _houses_at_nodes(workspace)
        workspace = _sites(workspace, rng, sites)
        weight = rng.gamma(2.0, 1.0, sites)
    size = (
        np.array([b.shape_m.area * b.floors for b in workspace.buildings.values()])
        if place != "nauru"
        else rng.gamma(2.0, 1.0, len(workspace.buildings))
    )
    persons = shared_out(total, size)
    buildings = {
        k: b.model_copy(update={"persons_declared": figure(int(n))})
        for (k, b), n in zip(workspace.buildings.items(), persons.tolist(), strict=True)
    }
    places = (
        shared_out(round(TIGHTNESS * total), weight) if supply == "tight" else np.full(len(weight), total)
    )
    shelters = {
        k: s.model_copy(update={"places": figure(int(n))})
        for (k, s), n in zip(workspace.shelters.items(), places.tolist(), strict=True)
    }
    workspace = dataclasses.replace(workspace, buildings=buildings, shelters=shelters, households={})
    footprints = tuple(workspace.footprints)
    question = Question("earthquake", footprints=footprints)
    return Instance(workspace, build_street_network(workspace), question)


def shared_out(total: int, weight: Floats) -> Ints:
    """Return whole numbers that add up to a total, by largest remainder."""
    exact = total * weight / weight.sum()
    whole: Ints = np.floor(exact).astype(np.int64)
    order = np.lexsort((np.arange(len(exact)), whole - exact))
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def _import(place: str, data: Path, folder: Path) -> None:
    def civdef(*arguments: str | Path) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "civdef", *map(str, arguments), "--quiet"],
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        if done.returncode not in (0, 1):
            raise RuntimeError(f"civdef {' '.join(map(str, arguments))}:\n{done.stderr}")

    networks = data / "networks"
    civdef("init", "--blank", folder)
    if place in _OSM:
        civdef("import", "osm", networks / _OSM[place][0], "-C", folder)
        civdef("import", "promote", "--all", "-C", folder)
    elif place == "jakarta":
        file = networks / "jakarta_kebayoran_setiabudi.gpkg"
        civdef("import", "roads", file, "--layer", "roads", "-C", folder)
        civdef(
            "import", "communities", file, "--layer", "kelurahan", "--map", "name=KEL_NAME_1", "-C", folder
        )
        civdef("import", "buildings", file, "--layer", "buildings", "-C", folder)
        depth = data / "hazard" / "jakarta_kebayoran_setiabudi_flood_depth.asc"
        civdef("import", "hazard", depth, "--hazard", "flood", "--crs", "wgs84", "-C", folder)
    else:
        civdef("import", "roads", networks / "nauru_island.gpkg", "--layer", "links", "-C", folder)


def _ends(workspace: Workspace) -> tuple[Floats, Floats]:
    """Return the ends of all streets that are walked, once each: degrees and metres, shape (N, 2) each."""
    pairs: dict[tuple[float, float], tuple[float, float]] = {}
    for road in workspace.roads.values():
        if not road.walk:
            continue
        degrees, metres = shapely.get_coordinates(road.shape), shapely.get_coordinates(road.shape_m)
        for k in (0, -1):
            pairs[(round(float(metres[k, 0]), 2), round(float(metres[k, 1]), 2))] = tuple(degrees[k].tolist())
    order = sorted(pairs)
    return np.array([pairs[xy] for xy in order]), np.array(order)


def _houses_at_nodes(workspace: Workspace) -> Workspace:
    degrees, metres = _ends(workspace)
    around = Community(
        id="community/all", name=Name(en="all"),
        shape=shapely.box(*degrees.min(axis=0) - 0.01, *degrees.max(axis=0) + 0.01),
        shape_m=shapely.box(*metres.min(axis=0) - 1000, *metres.max(axis=0) + 1000),
    )  # fmt: skip
    houses = {}
    for i, (here, there) in enumerate(zip(degrees.tolist(), metres.tolist(), strict=True)):
        name = f"building/n{i:05}"
        houses[name] = Building(
            id=name, name=Name(en=name), community=around.id, use=BuildingUse.RESIDENTIAL,
            shape=shapely.Point(here).buffer(3e-5), shape_m=shapely.Point(there).buffer(3.0),
        )  # fmt: skip
    return dataclasses.replace(workspace, communities={around.id: around}, buildings=houses)


def _sites(workspace: Workspace, rng: np.random.Generator, count: int) -> Workspace:
    """Return the workspace with shelters at street ends outside every hazard area, far enough apart."""
    degrees, metres = _ends(workspace)
    water = shapely.union_all([f.shape_m for f in workspace.footprints.values()]).buffer(50.0)
    dry = (
        ~shapely.contains_xy(water, metres) if workspace.footprints else np.ones(len(metres), dtype=np.bool_)
    )
    chosen: list[int] = []
    for i in rng.permutation(np.flatnonzero(dry)).tolist():
        if all(np.hypot(*(metres[i] - metres[j])) >= APART_M for j in chosen):
            chosen.append(i)
        if len(chosen) == count:
            break
    shelters, entrances = {}, {}
    for k, i in enumerate(chosen):
        at = {"shape": shapely.Point(degrees[i]), "shape_m": shapely.Point(metres[i])}
        name = f"shelter/s{k:02}"
        shelters[name] = Shelter(
            id=name, name=Name(en=name), shelter_class=ShelterClass.EMERGENCY, hazards=("earthquake", "flood"),
            places=figure(1), **at,
        )  # fmt: skip
        entrances[f"entrance/s{k:02}"] = Entrance(
            id=f"entrance/s{k:02}", name=Name(en=name), shelter=name, width_m=6.0, **at
        )
    late = {k: f.model_copy(update={"from_min": 60.0}) for k, f in workspace.footprints.items()}
    return dataclasses.replace(workspace, shelters=shelters, entrances=entrances, footprints=late)
