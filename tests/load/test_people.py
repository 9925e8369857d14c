"""Totals by community become households: exact, beside what is registered, and the same again when they come again."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest

from civdef.errors import ImportRefusedError, InfeasibleError, UsageError, WorkspaceError
from civdef.evacuate.demand import demand_at
from civdef.load import load_workspace
from civdef.load.init import make_sample
from civdef.load.people import PeopleRequest, PeopleResult, import_people
from civdef.load.registers import TableRequest, import_register
from civdef.model.town import DayPart
from tests import toy_town

HEAD = ("社区", "户数", "常住人口", "65岁以上", "14岁以下", "需协助人数", "流动人口")


@pytest.fixture
def town(tmp_path: Path) -> Path:
    root = tmp_path / "town"
    toy_town.write(root)
    return root


@pytest.fixture
def empty(town: Path) -> Path:
    """A town where no household is registered."""
    (town / "plans/households.csv").unlink()
    (town / "plans/assistance.csv").unlink(missing_ok=True)
    return town


def register(path: Path, *rows: tuple[Any, ...], head: tuple[str, ...] = HEAD) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def take(root: Path, path: Path, **more: Any) -> PeopleResult:
    return import_people(root, PeopleRequest(path, **more), "zh")


def sums(root: Path, community: str) -> tuple[int, ...]:
    workspace = load_workspace(root)
    living = [
        h for h in workspace.households.values() if workspace.buildings[h.building].community == community
    ]
    named = sum(p.household in {h.id for h in living} for p in workspace.assisted.values())
    return (
        len(living),
        sum(h.residents for h in living),
        sum(h.elderly for h in living),
        sum(h.children for h in living),
        sum(h.assisted for h in living) + named,
        sum(h.floating for h in living),
    )


def every_file(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def test_a_toy_town_by_hand(empty: Path, tmp_path: Path) -> None:
    """Four equal houses: 8 households and 20 residents are 2 and 5 in each."""
    path = register(tmp_path / "p.csv", ("玩具社区", 8, 20, 4, 3, 2, 1), ("合计", 8, 20, 4, 3, 2, 1))
    result = take(empty, path)
    assert sums(empty, "community/toy") == (8, 20, 4, 3, 2, 1)
    workspace = load_workspace(empty)
    assert {b: len(h) for b, h in workspace.households_of.items()} == {
        f"building/h{i}": 2 for i in range(1, 5)
    }
    assert [sum(h.residents for h in v) for v in workspace.households_of.values()] == [5, 5, 5, 5]
    assert all(h.estimated for h in workspace.households.values())
    assert (result.added, result.changed, result.removed, result.unchanged) == (8, 0, 0, 0)
    home = result.communities[0].at_home
    night = demand_at(workspace, DayPart.NIGHT)
    assert sum(home["night"].values()) == 20 == int(night.residents.sum())
    assert home["night"]["assisted"] == 2, "those who need assistance move as such"
    # Presence settings: adults 0.30, children 0.15, elderly 0.85, assisted 1.0 on a working day.
    assert home["workday"] == {
        "adult": round(0.30 * 13),
        "child": round(0.15 * 3),
        "elderly": 2,
        "assisted": 2,
    }
    assert "/plans/households.csv" in (empty / ".gitignore").read_text(encoding="utf-8")


def test_crowding_is_told(empty: Path, tmp_path: Path) -> None:
    """Four houses of 100 m² and one floor: 39 people have more than 10 m² each, 41 less."""
    told = [
        any(
            "每人只有" in c.reason
            for c in take(empty, register(tmp_path / "p.csv", ("玩具社区", 9, n, 0, 0, 0, 0))).changes
        )
        for n in (39, 41)
    ]
    assert told == [False, True]


def test_importing_again_changes_nothing(empty: Path, tmp_path: Path) -> None:
    path = register(tmp_path / "p.csv", ("玩具社区", 9, 31, 4, 3, 2, 1))
    take(empty, path)
    before = every_file(empty)
    result = take(empty, path)
    assert (result.added, result.changed, result.removed, result.unchanged) == (0, 0, 0, 9)
    assert every_file(empty) == before


def test_new_totals_keep_ids_and_say_what_changed(empty: Path, tmp_path: Path) -> None:
    take(empty, register(tmp_path / "p.csv", ("玩具社区", 8, 20, 4, 3, 2, 1)))
    first = set(load_workspace(empty).households)
    result = take(empty, register(tmp_path / "of-2027.csv", ("玩具社区", 6, 18, 4, 3, 2, 1)))
    assert sums(empty, "community/toy") == (6, 18, 4, 3, 2, 1)
    assert set(load_workspace(empty).households) < first
    assert (result.added, result.removed) == (0, 2)


def test_registered_households_stay_and_count(town: Path, tmp_path: Path) -> None:
    """The toy register has people in every house: its houses take nobody else, so a larger total has no room."""
    path = tmp_path / "p.csv"
    with pytest.raises(InfeasibleError) as caught:
        take(town, register(path, ("玩具社区", 99, 300, 40, 30, 20, 1)))
    assert caught.value.exit_code == 3
    assert "没有可以住人的房屋" in caught.value.message.zh
    assert "已登记 4 户 14 人" in caught.value.message.zh
    rows = (town / "plans/households.csv").read_text(encoding="utf-8-sig").splitlines()
    (town / "plans/households.csv").write_text(
        "\n".join(r for r in rows if "building/h4" not in r and "building/h3" not in r) + "\n",
        encoding="utf-8",
    )
    kept = load_workspace(town).households
    result = take(town, register(path, ("玩具社区", 10, 30, 5, 6, 4, 1)))
    assert sums(town, "community/toy") == (10, 30, 5, 6, 4, 1)
    after = load_workspace(town)
    assert {i: h for i, h in after.households.items() if not h.estimated} == dict(kept)
    assert {h.building for h in after.households.values() if h.estimated} == {"building/h3", "building/h4"}
    assert result.communities[0].known_households == len(kept)


def test_a_column_that_is_not_there_is_no_total_of_nobody(town: Path, tmp_path: Path) -> None:
    rows = (town / "plans/households.csv").read_text(encoding="utf-8-sig").splitlines()
    kept = [r for r in rows if "building/h4" not in r]
    (town / "plans/households.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    before = sums(town, "community/toy")
    path = register(tmp_path / "p.csv", ("玩具社区", 5, 19), head=("社区", "户数", "常住人口"))
    result = take(town, path)
    assert sums(town, "community/toy") == (5, 19, *before[2:])
    assert before[3] > 0, "there are children, and the register has no column for them"
    assert any("不作分摊" in n for n in result.notes)


def test_a_register_of_households_goes_before_estimates(empty: Path, tmp_path: Path) -> None:
    totals = register(tmp_path / "p.csv", ("玩具社区", 8, 20, 4, 3, 2, 1))
    take(empty, totals)
    listed = register(
        tmp_path / "h.csv", ("h1", 1, 4), ("h1", 2, 3), ("h1", 3, 1), head=("楼栋", "楼层", "人数")
    )
    result = import_register(empty, TableRequest("households", listed), "zh")
    assert any("2 户估算住户" in n for n in result.notes)
    assert result.added == 3
    assert not any(h.estimated for h in load_workspace(empty).households_of["building/h1"])
    take(empty, totals)
    assert sums(empty, "community/toy") == (8, 20, 4, 3, 2, 1)
    assert [h.residents for h in load_workspace(empty).households_of["building/h1"]] == [4, 3, 1]


def test_an_estimate_edited_by_hand_stays_and_counts(empty: Path, tmp_path: Path) -> None:
    path = register(tmp_path / "p.csv", ("玩具社区", 8, 20, 4, 3, 2, 1))
    take(empty, path)
    table = empty / "plans/households.csv"
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    at = lines[0].split(",").index("residents")
    cells = lines[1].split(",")
    cells[at] = "6"
    table.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", encoding="utf-8")
    take(empty, path)
    assert load_workspace(empty).households[cells[0]].residents == 6
    assert sums(empty, "community/toy") == (8, 20, 4, 3, 2, 1)
    take(empty, path, force=True)
    assert load_workspace(empty).households[cells[0]].residents <= 3
    assert sums(empty, "community/toy") == (8, 20, 4, 3, 2, 1)


def test_estimates_from_floor_area_give_way(empty: Path, tmp_path: Path) -> None:
    from civdef.intake.osm.people import ESTIMATED

    path = empty / "maps/buildings.geojson"
    data = json.loads(path.read_text(encoding="utf-8"))
    for feature in data["features"]:
        feature["properties"]["persons_declared"] = {"value": 7, "source": ESTIMATED}
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    result = take(empty, register(tmp_path / "p.csv", ("玩具社区", 2, 5, 0, 0, 0, 0)))
    workspace = load_workspace(empty)
    assert int(demand_at(workspace, DayPart.NIGHT).residents.sum()) == 5, (
        "houses without a household have nobody"
    )
    assert any("4 座房屋" in n for n in result.notes)


def test_figures_that_somebody_declared_are_not_thrown_away_unasked(empty: Path, tmp_path: Path) -> None:
    path = empty / "maps/buildings.geojson"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["features"][0]["properties"]["persons_declared"] = 7
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    before = every_file(empty)
    source = register(tmp_path / "p.csv", ("玩具社区", 2, 5, 0, 0, 0, 0))
    with pytest.raises(ImportRefusedError, match="building/h1"):
        take(empty, source)
    assert every_file(empty) == before
    take(empty, source, force=True)
    assert int(demand_at(load_workspace(empty), DayPart.NIGHT).residents.sum()) == 5


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([("玩具社区", 8, 7, 0, 0, 0, 0)], "少于户数"),
        ([("玩具社区", 8, 20, 15, 6, 0, 0)], "之和超过"),
        ([("玩具社区", 8, 20, 0, 0, 21, 0)], "需协助人员 21 人"),
        ([("玩具社区", 8, 20, 0, 0, 0, 0), ("玩具", 8, 20, 0, 0, 0, 0)], "都是 community/toy"),
        ([("没有的社区", 8, 20, 0, 0, 0, 0)], "没有的社区"),
        ([], "没有数据"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    empty: Path, tmp_path: Path, rows: list[tuple[Any, ...]], word: str
) -> None:
    before = every_file(empty)
    with pytest.raises((InfeasibleError, ImportRefusedError)) as caught:
        take(empty, register(tmp_path / "p.csv", *rows))
    assert word in "\n".join(caught.value.lines("zh"))
    assert every_file(empty) == before


def test_a_workspace_with_faults_is_not_counted(town: Path, tmp_path: Path) -> None:
    path = town / "plans/households.csv"
    path.write_text(
        path.read_text(encoding="utf-8") + "household/x,building/nowhere,1,1,3,0,0\n", encoding="utf-8"
    )
    with pytest.raises(WorkspaceError):
        take(town, register(tmp_path / "p.csv", ("玩具社区", 8, 20, 0, 0, 0, 0)))


def test_a_field_that_is_not_there_is_named(town: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no field persons"):
        take(
            town,
            register(tmp_path / "p.csv", ("玩具社区", 8, 20, 0, 0, 0, 0)),
            mapping={"persons": "常住人口"},
        )


def test_the_sample_from_totals_alone(tmp_path: Path) -> None:
    """The sample's own totals, spread over its buildings; a random register on top of it, edited at random."""
    root = tmp_path / "town"
    make_sample(root)
    workspace = load_workspace(root)
    rng = random.Random(4)
    (root / "plans/households.csv").unlink()
    (root / "plans/assistance.csv").unlink()
    rows = []
    for community in sorted(workspace.communities):
        households = rng.randint(0, 4000)
        residents = rng.randint(households, 5 * households)
        elderly = rng.randint(0, residents)
        rows.append((community, households, residents, elderly, rng.randint(0, residents - elderly),
                     rng.randint(0, residents), rng.randint(0, residents)))  # fmt: skip
    take(root, register(tmp_path / "p.csv", *rows))
    for row in rows:
        assert sums(root, row[0]) == row[1:]
