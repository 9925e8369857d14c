"""A toy town with everything a map shows, and hostile names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from civdef.graph.roads import StreetNetwork, build_street_network
from civdef.load import load_workspace
from civdef.model.workspace import Workspace
from tests import toy_town
from tests.browser import Browser

HOSTILE = (
    '<img src=x onerror="window.hacked=1">',
    "${window.hacked=2}",
    "`+(window.hacked=3)+`",
    "</script><script>window.hacked=4</script>",
    "\\\\`+(window.hacked=5)+`",
    "'\";window.hacked=6;//\u2028<!--<script>",
)

ASSISTED = """\
id,name_zh,household,mobility,helper_1,helper_2
assisted/1,钱桂芝,household/1,wheelchair,person/chen,person/deng
"""


def with_hazard() -> dict[str, str | None]:
    """Return further files: a flood over house h4, somebody who needs help, a gate, a park, a siren, a unit."""
    maps = {
        "maps/hazards/flood.geojson": [
            toy_town.feature("Polygon", toy_town.square(20, -10, 12), id="hazard/pool", name_zh="积水", hazard="flood", depth_m=0.6)
        ],
        "maps/landmarks.geojson": [
            toy_town.feature("Polygon", toy_town.square(150, 50, 30), id="landmark/lake", name_zh="玩具湖", name_en="Toy Lake", kind="lake")
        ],
        "maps/units.geojson": [
            toy_town.feature(
                "Point", (180, -10), id="unit/gas", name_zh="燃气站", kind="gas_station", community="community/toy",
                building="building/h3", workday_persons=3, hazardous=True,
            )
        ],
        "maps/sirens.geojson": [toy_town.feature("Point", (100, 50), id="siren/one", name_zh="一号警报", level_dbc=120)],
        "maps/compounds.geojson": [
            toy_town.feature("Polygon", toy_town.square(20, 110, 9), id="compound/court", name_zh="大院", community="community/toy")
        ],
        "maps/gates.geojson": [
            toy_town.feature("Point", (20, 100), id="gate/front", name_zh="前门", compound="compound/court", width_m=3.0)
        ],
    }  # fmt: skip
    found: dict[str, str | None] = {name: toy_town.collection(features) for name, features in maps.items()}
    found["plans/assistance.csv"] = ASSISTED
    return found


def renamed() -> dict[str, str | None]:
    """Return the toy town with a hostile name on every house, street, shelter, community and on the street itself."""
    found: dict[str, str | None] = {}
    for file, features in toy_town.maps().items():
        for i, feature in enumerate(features):
            feature["properties"]["name_zh"] = HOSTILE[i % len(HOSTILE)]
            feature["properties"]["name_en"] = HOSTILE[(i + 1) % len(HOSTILE)]
        found[file] = toy_town.collection(features)
    name = HOSTILE[3].replace("'", "")
    found["civdef.toml"] = toy_town.SETTINGS.replace("玩具街道", name).replace("Toy Street", name) + (
        f"note = {{ zh = '{name}', en = '{name}' }}\n"
    )
    return found


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return load_workspace(toy_town.write(tmp_path_factory.mktemp("toy"), with_hazard()))


@pytest.fixture(scope="session")
def toy_network(toy: Workspace) -> StreetNetwork:
    return build_street_network(toy)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return load_workspace(toy_town.write(tmp_path_factory.mktemp("hostile"), renamed()))


@pytest.fixture(scope="session")
def chromium(browser: str) -> Iterator[Browser]:
    with Browser(browser) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture(scope="session")
def sample(sample_root: Path) -> tuple[Workspace, StreetNetwork]:
    workspace = load_workspace(sample_root)
    return workspace, build_street_network(workspace)
