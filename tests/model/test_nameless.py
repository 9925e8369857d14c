"""What is called by what people can use, where an import found no name."""

from __future__ import annotations

from pathlib import Path

from civdef.load import load_workspace
from civdef.model.workspace import Workspace
from tests import toy_town

HOUSES = {
    "w88777729": (20, 110), "r88777729": (60, 110), "w11111729": (120, 110), "w5": (180, -10), "w700123-2": (20, -10),
}  # fmt: skip
"""Numbers of houses without a name, and where they stand [m]; the first three on the same street."""


def town(folder: Path, houses: dict[str, tuple[int, int]]) -> Workspace:
    rows = [
        toy_town.feature(
            "Polygon", toy_town.square(x, y), id=f"building/{n}", name_zh=f"房屋 {n.partition('-')[0]}",
            name_en=f"Building {n.partition('-')[0]}", community="community/toy", use="residential",
        )
        for n, (x, y) in houses.items()
    ]  # fmt: skip
    rows.append(
        toy_town.feature(
            "Polygon",
            toy_town.square(90, -10),
            id="building/w77",
            name_zh="望海楼",
            community="community/toy",
        )
    )
    changed = {
        "maps/buildings.geojson": toy_town.collection(rows),
        "plans/households.csv": "id,building,residents,children,elderly\n",
    }
    return load_workspace(toy_town.write(folder, changed))


def test_it_is_told_by_its_street_and_the_end_of_its_number(tmp_path: Path) -> None:
    ws = town(tmp_path, HOUSES)
    said = {n: ws.name(f"building/{n}") for n in HOUSES}
    assert {n: s.zh for n, s in said.items()} == {
        "w88777729": "未命名房屋 w88777729（大街）",
        "r88777729": "未命名房屋 r88777729（大街）",
        "w11111729": "未命名房屋 1729（大街）",
        "w5": "未命名房屋 5（后巷）",
        "w700123-2": "未命名房屋 123-2（后巷）",
    }
    assert said["w5"].en == "Unnamed building 5 (后巷)"
    assert ws.name("building/w77").zh == "望海楼"
    assert ws.buildings["building/w5"].name.zh == "房屋 w5"  # the data stays as it is


def test_its_number_stays_when_others_come(tmp_path: Path) -> None:
    few = town(tmp_path / "few", {k: HOUSES[k] for k in ("w11111729", "w5")})
    more = town(
        tmp_path / "more", {"w11111729": HOUSES["w11111729"], "w5": HOUSES["w5"], "w900400": (150, 110)}
    )
    for n in ("w11111729", "w5"):
        assert few.name(f"building/{n}") == more.name(f"building/{n}")
    assert few.name("building/w11111729").zh == "未命名房屋 729（大街）"


def test_short_numbers_are_told_whole(tmp_path: Path) -> None:
    ws = town(tmp_path, {"w7": (20, 110), "r7": (60, 110), "w8": (120, 110)})
    said = [ws.name(f"building/{n}").zh for n in ("w7", "r7", "w8")]
    assert said == ["未命名房屋 w7（大街）", "未命名房屋 r7（大街）", "未命名房屋 8（大街）"]


def test_far_from_every_street_it_is_told_by_its_community(tmp_path: Path) -> None:
    ws = town(tmp_path, {"w123456": (100, 200)})
    assert ws.name("building/w123456").zh == "未命名房屋 456（玩具社区）"
