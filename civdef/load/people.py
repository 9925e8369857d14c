"""``civdef import people``: a register of totals by community → estimated households in the workspace."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from civdef.errors import CivdefError, Fault, ImportRefusedError, InfeasibleError, WorkspaceError
from civdef.evacuate.demand import KINDS, demand_at
from civdef.intake.merge import Memory, Merged, Row, fingerprint, merge
from civdef.intake.osm.people import ESTIMATED
from civdef.intake.people.register import TABLE, repeated, totals_of
from civdef.intake.people.spread import NAMES, Homes, HouseholdEstimate, Totals, impossible, spread
from civdef.intake.raw import Cleaned
from civdef.intake.registers.draft import Draft
from civdef.load import layer_settings
from civdef.load.cells import columns as columns_of
from civdef.load.ignore import with_personal_tables
from civdef.load.imported import ImportResult, Part, save
from civdef.load.known import ids_in, lookup_of
from civdef.load.memory import memory_path, memory_text, recall
from civdef.load.registers import (
    TableRequest,
    check_fields,
    collector_paused,
    columns_remembered,
    read_table,
    table_rows,
    tables,
)
from civdef.load.target import features_in
from civdef.load.workspace import read_workspace
from civdef.load.write_layer import raw_layer_text
from civdef.model.resident import Household
from civdef.model.town import Building, BuildingUse, DayPart
from civdef.model.workspace import Workspace
from civdef.result import Record
from civdef.text import Lang, Text, listing

BUILDINGS = "maps/buildings.geojson"
CROWDED_M2 = 10.0
"""Floor area a person below which the totals and the buildings hardly belong together [m²]; a tolerance, not a norm."""
PREFIX = "household/est-"
"""How ids of estimated households begin; the name of the building and a number follow."""


class CommunityRecord(Record):
    """What one community came to: the register's totals, of which `known_*` stood in the workspace already."""

    community: str
    name: str
    households: int
    residents: int
    children: int
    elderly: int
    assisted: int
    floating: int
    known_households: int = Field(
        description="households of the register of households, which stay as they are"
    )
    known_residents: int
    buildings: int = Field(description="buildings that estimated households were put in")
    at_home: dict[str, dict[str, int]] = Field(
        description="time of day (night, workday, holiday) → kind of person → residents at home, by the presence settings"
    )


class PeopleResult(ImportResult):
    """What ``civdef import people`` did."""

    SCHEMA: ClassVar[str] = "civdef.import-people/1"

    communities: list[CommunityRecord]
    not_in_register: list[str] = Field(
        description="communities of the workspace that the register does not name"
    )
    added: int = Field(description="estimated households added, changed, removed, unchanged")
    changed: int
    removed: int
    unchanged: int


@dataclass(frozen=True)
class PeopleRequest:
    """What register of totals to spread; `force` goes before figures and estimates that were edited by hand."""

    path: Path
    sheet: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    force: bool = False


@dataclass
class _Community:
    """A community in the making."""

    id: str
    row: int
    totals: Totals
    known: list[Household]
    named: int
    homes: list[Homes]
    estimates: list[HouseholdEstimate] = field(default_factory=list)

    @property
    def counted(self) -> Totals:
        """What stands in the workspace and stays."""
        return Totals(
            len(self.known),
            sum(h.residents for h in self.known),
            sum(h.children for h in self.known),
            sum(h.elderly for h in self.known),
            sum(h.assisted for h in self.known) + self.named,
            sum(h.floating for h in self.known),
        )


@collector_paused()
def import_people(root: Path, request: PeopleRequest, lang: Lang) -> PeopleResult:
    """Spread a register of totals over the buildings of the workspace at `root`.

    Households that were registered one by one stay and count towards the totals; the rest is spread over the other
    buildings. Estimates of an earlier import of totals are replaced, in the communities that the register names.
    Estimates from floor area (``civdef import osm --estimate-people``) go there too.

    Raises
    ------
    ImportRefusedError
        If the file is unusable, or buildings declare residents of their own.
    InfeasibleError
        If totals cannot be met; then nothing is written, and every community and reason is told.
    UsageError
        If a field or sheet is not known.
    WorkspaceError
        If the workspace has faults that stand in the way.
    OutputError
        If the workspace cannot be written.
    """
    check_fields(TABLE, (*request.mapping, *request.constants))
    households = tables()["households"]
    rows, header_row = table_rows(root, households)
    workspace = _workspace(root, rows)
    table_request = TableRequest(
        "people", request.path, request.sheet, mapping=request.mapping, constants=request.constants
    )
    known = layer_settings.recall(root, TABLE.name).mapping
    _, cleaned, drafts, fields = read_table(TABLE, table_request, lookup_of(workspace), known)
    if not drafts:
        raise _nothing(request.path.name, cleaned)
    if twice := repeated(drafts):
        raise ImportRefusedError(
            Text(
                "{s} 第 {a} 行和第 {b} 行都是 {c}，无法判断以哪一行为准，未作改动",
                "Rows {a} and {b} of {s} are both {c}: which is right cannot be told; nothing was changed",
            ).format(
                s=request.path.name, a=twice[0][0].row, b=twice[0][1].row, c=twice[0][0].values["community"]
            ),
            hint=Text("合并或删去其中一行。", "Join them, or delete one."),
        )
    memory = recall(root, households.file)
    fixed = _fixed(root, rows, memory, force=request.force)
    communities = _communities(workspace, drafts, fixed)
    _leave_unknown(communities, fields)
    declared = _declared(root, {c.id for c in communities})
    _possible(workspace, communities, declared, request, cleaned)
    for community in communities:
        community.estimates = spread(community.totals - community.counted, community.homes)
    merged, kept_memory, written = _merge(workspace, rows, memory, communities, fixed, request.path.name)
    _tell(cleaned, workspace, communities, fields)
    every = columns_of(Household)
    filled = {f for r in written for f, v in r.items() if v}
    columns = tuple(c for c in every if c in header_row or c in filled)
    cleaned.features = [(dict(r), None) for r in written]
    more: dict[Path, bytes] = {memory_path(root, households.file): memory_text(kept_memory).encode()}
    more |= columns_remembered(root, TABLE.name, request.mapping)
    if (ignore := with_personal_tables(root)) is not None:
        more[root / ".gitignore"] = ignore.encode()
    if declared:
        more[root / BUILDINGS] = _without_declared(root, set(declared)).encode()
        cleaned.told.append(
            Text(
                "{n} 座房屋按建筑面积估算或自行填报的居民人数已删去，改用本次分摊的住户",
                "Figures of residents of {n} buildings (estimated from floor area, or declared) are gone: the households take their place",
            ).format(n=len(declared))
        )
    saved = save(
        root,
        [Part("people", households.file, request.path.name, cleaned, columns)],
        target="people",
        source=request.path.name,
        crs=None,
        lang=lang,
        force=True,
        more=more,
    )
    return PeopleResult(
        **{k: v for k, v in saved if k != "schema_"},
        communities=_records(root, communities, lang),
        not_in_register=sorted(set(workspace.communities) - {c.id for c in communities}),
        added=merged.count("added"),
        changed=merged.count("changed"),
        removed=merged.count("removed"),
        unchanged=merged.unchanged,
    )


def _workspace(root: Path, rows: Sequence[Row]) -> Workspace:
    """Return the workspace. Raises ``WorkspaceError`` where people or places of it cannot be counted."""
    workspace, faults = read_workspace(root)
    files = (
        "civdef.toml",
        "plans/households.csv",
        "plans/assistance.csv",
        "maps/communities.geojson",
        BUILDINGS,
    )
    standing: list[Fault] = [f for f in faults if f.place.file in files]
    if workspace is None or len(workspace.households) < len(rows) or standing:
        raise WorkspaceError(
            Text("工作区有错误，无法清点已有住户，未作改动", "The workspace has faults: who lives where cannot be counted; nothing was changed"),
            standing or faults,
            hint=Text("先改正再导入。", "Mend it first, then import."),
        )  # fmt: skip
    return workspace


def _fixed(root: Path, rows: Sequence[Row], memory: Mapping[str, Memory], *, force: bool) -> set[str]:
    """Return ids of the households that stay: those registered, and estimates that somebody edited or refers to."""
    needed = ids_in(root, "household", but="plans/households.csv")
    fixed = set()
    for row in rows:
        known = memory.get(row["id"])
        untouched = known is not None and known.fingerprint == fingerprint(row)
        if row.get("estimated") != "true" or row["id"] in needed or not (untouched or force):
            fixed.add(row["id"])
    return fixed


def _communities(workspace: Workspace, drafts: Sequence[Draft], fixed: set[str]) -> list[_Community]:
    named: dict[str, int] = {}
    for person in workspace.assisted.values():
        named[person.household] = named.get(person.household, 0) + 1
    of: dict[str, _Community] = {}
    for draft in drafts:
        community = draft.values["community"]
        of[community] = _Community(community, draft.row, totals_of(draft), [], 0, [])
    for building in workspace.buildings.values():
        if building.community not in of:
            continue
        place = of[building.community]
        living = [h for h in workspace.households_of.get(building.id, ()) if h.id in fixed]
        place.known.extend(living)
        place.named += sum(named.get(h.id, 0) for h in living)
        area = _home_area_m2(workspace, building)
        if area > 0 and all(h.estimated for h in living):
            place.homes.append(Homes(building.id, area, building.floors, building.stairwells))
    return list(of.values())


def _leave_unknown(communities: Sequence[_Community], fields: set[str]) -> None:
    """Take what the register has no column for as it stands: nobody is added, and nobody is missed."""
    for community in communities:
        counted = community.counted
        unknown = {f: getattr(counted, f) for f in NAMES if f not in fields}
        community.totals = replace(community.totals, **unknown)


def _home_area_m2(workspace: Workspace, building: Building) -> float:
    """Return the floor area that counts as homes [m²]: of a building of unknown use, the share that the settings say."""
    floor = float(building.shape_m.area) * building.floors
    if building.use is BuildingUse.RESIDENTIAL:
        return floor
    return (
        floor * workspace.settings.people_estimate.unknown_share if building.use is BuildingUse.OTHER else 0.0
    )


def _declared(root: Path, communities: set[str]) -> dict[str, bool]:
    """Return the buildings of communities with a figure of residents of their own → whether it is an estimate from floor area."""
    found: dict[str, bool] = {}
    for feature in features_in(root / BUILDINGS):
        of = feature.get("properties") or {}
        if of.get("community") in communities and of.get("persons_declared") is not None:
            figure = of["persons_declared"]
            found[str(of["id"])] = isinstance(figure, dict) and figure.get("source") == ESTIMATED
    return found


def _possible(
    workspace: Workspace,
    communities: Sequence[_Community],
    declared: Mapping[str, bool],
    request: PeopleRequest,
    cleaned: Cleaned,
) -> None:
    """Refuse totals that cannot be met. Raises ``InfeasibleError``, ``ImportRefusedError``."""
    told: list[Text] = []
    binding: list[str] = []
    for community in communities:
        counted = community.counted
        why = impossible(community.totals - counted, community.homes)
        if why and counted.households:
            why = [
                Text(
                    "{w}（已登记 {h} 户 {r} 人，计入总数）",
                    "{w} ({h} households with {r} residents are registered already and count)",
                ).format(w=w, h=counted.households, r=counted.residents)
                for w in why
            ]
        name = workspace.name(community.id)
        binding += [community.id] if why else []
        told += [
            Text("第 {n} 行 {c}：{w}", "row {n}, {c}: {w}").format(
                n=community.row, c=Text(name.zh or community.id, name.en or community.id), w=w
            )
            for w in why
        ]
    if told:
        raise InfeasibleError(
            Text("{s} 的总数无法分摊，未作改动：{w}", "The totals of {s} cannot be spread; nothing was changed: {w}").format(
                s=request.path.name,
                w=Text("".join(f"\n  {t.zh}" for t in told), "".join(f"\n  {t.en}" for t in told)),
            ),
            binding=binding,
            hint=Text("改正登记表中的数字，或补充社区内房屋的用途。", "Correct the figures, or the use of buildings in the community."),
        )  # fmt: skip
    own = sorted(b for b, estimated in declared.items() if not estimated)
    if own and not request.force:
        raise ImportRefusedError(
            Text(
                "{n} 座房屋自行填报了居民人数（{b}），与社区总数重复，未作改动",
                "{n} buildings declare residents of their own ({b}), which the totals would count again; nothing was changed",
            ).format(n=len(own), b=listing(own, 3)),
            hint=Text(
                "删去 maps/buildings.geojson 中的 persons_declared，或加 --force 由程序删去。",
                "Delete persons_declared in maps/buildings.geojson, or add --force to have it deleted.",
            ),
        )


def _merge(
    workspace: Workspace,
    rows: Sequence[Row],
    memory: Mapping[str, Memory],
    communities: Sequence[_Community],
    fixed: set[str],
    source: str,
) -> tuple[Merged, dict[str, Memory], list[Row]]:
    """Return what became of the estimates, what to remember of every household, and all rows to write."""
    ids = {c.id for c in communities}
    replaced = {
        h.id
        for h in workspace.households.values()
        if h.id not in fixed and workspace.buildings[h.building].community in ids
    }
    others = [r for r in rows if r["id"] not in replaced]
    taken = {r["id"] for r in others}
    incoming = [_row(e, taken) for c in communities for e in c.estimates]
    incoming.sort(key=lambda r: r["id"])
    merged = merge(
        incoming,
        [r for r in rows if r["id"] in replaced],
        memory,
        source=source,
        fields={f for r in incoming for f in r},
        complete=True,
        force=True,
    )
    kept = {i: m for i, m in memory.items() if i in taken}
    return merged, {**kept, **merged.memory}, [*others, *merged.rows]


def _row(estimate: HouseholdEstimate, taken: set[str]) -> dict[str, str]:
    building = estimate.building.partition("/")[2]
    number = estimate.number
    while (object_id := f"{PREFIX}{building}-{number:04d}") in taken:
        number += 1
    taken.add(object_id)
    counts = {k: str(getattr(estimate, k)) for k in ("children", "elderly", "floating", "assisted")}
    return {
        "id": object_id,
        "building": estimate.building,
        "stairwell": str(estimate.stairwell),
        "floor": str(estimate.floor),
        "residents": str(estimate.residents),
        **counts,
        "estimated": "true",
    }


def _tell(
    cleaned: Cleaned, workspace: Workspace, communities: Sequence[_Community], columns: set[str]
) -> None:
    missing = [c.title for c in TABLE.columns if c.field not in columns]
    if missing:
        cleaned.told.append(
            Text(
                "登记表没有这些列，不作分摊：{m}",
                "The register has no such columns, and nothing is spread for them: {m}",
            ).format(m=Text("、".join(m.zh for m in missing), ", ".join(m.en for m in missing)))
        )
    used = {e.building for c in communities for e in c.estimates}
    unknown = sum(workspace.buildings[b].use is BuildingUse.OTHER for b in used)
    if unknown:
        cleaned.told.append(
            Text(
                "{n} 座房屋用途未注明，按 {s:.0%} 的建筑面积当作住宅；请补充用途，或改设置 people_estimate.unknown_share",
                "{n} buildings are of unknown use, and {s:.0%} of their floor area counts as homes: give their use, or change"
                " people_estimate.unknown_share",
            ).format(n=unknown, s=workspace.settings.people_estimate.unknown_share)
        )
    for community in communities:
        people = sum(e.residents for e in community.estimates)
        area = sum(h.area_m2 for h in community.homes)
        if people and area < CROWDED_M2 * people:
            cleaned.note(
                community.row,
                community.id,
                Text(
                    "分摊后每人只有 {a:.1f} 平方米建筑面积，请核对总数、房屋的用途和层数，以及已登记的住户",
                    "That leaves {a:.1f} m² of floor area a person: look over the totals, the use and floors of buildings, and the"
                    " households registered",
                ).format(a=area / people),
            )
        cleaned.note(
            community.row,
            community.id,
            Text(
                "{h} 户 {r} 人分摊到 {b} 座房屋；已登记 {kh} 户 {kr} 人",
                "{h} households with {r} residents in {b} buildings; {kh} with {kr} residents were registered already",
            ).format(
                h=len(community.estimates),
                r=sum(e.residents for e in community.estimates),
                b=len({e.building for e in community.estimates}),
                kh=community.counted.households,
                kr=community.counted.residents,
            ),
        )


def _without_declared(root: Path, buildings: set[str]) -> str:
    """Return the layer of buildings, one feature a line, without figures of residents of some of them."""
    data: dict[str, Any] = json.loads((root / BUILDINGS).read_text(encoding="utf-8-sig"))
    for feature in data["features"]:
        if (feature.get("properties") or {}).get("id") in buildings:
            del feature["properties"]["persons_declared"]
    return raw_layer_text(data)


def _records(root: Path, communities: Sequence[_Community], lang: Lang) -> list[CommunityRecord]:
    """Return the result by community, with who is at home when, from the workspace as it is now."""
    workspace, _ = read_workspace(root)
    assert workspace is not None
    at_home: dict[str, dict[str, dict[str, int]]] = {c.id: {} for c in communities}
    for time in DayPart:
        demand = demand_at(workspace, time)
        for place in at_home.values():
            place[time.value] = dict.fromkeys((k.value for k in KINDS), 0)
        for building, counts in zip(demand.building_ids, demand.residents.tolist(), strict=True):
            community = workspace.buildings[building].community
            if community in at_home:
                for kind, n in zip(KINDS, counts, strict=True):
                    at_home[community][time.value][kind.value] += n
    return [
        CommunityRecord(
            community=c.id,
            name=workspace.name(c.id).text.in_(lang),
            **vars(c.totals),
            known_households=c.counted.households,
            known_residents=c.counted.residents,
            buildings=len({e.building for e in c.estimates}),
            at_home=at_home[c.id],
        )
        for c in communities
    ]


def _nothing(source: str, cleaned: Cleaned) -> CivdefError:
    first = min((c for c in cleaned.changes if c.action == "dropped"), key=lambda c: c.row, default=None)
    if first is None:
        return ImportRefusedError(
            Text(
                "{s} 的表头下没有数据，未作改动", "{s} has no rows below its heading; nothing was changed"
            ).format(s=source)
        )
    return ImportRefusedError(
        Text(
            "{s} 一行也不能用，未作改动；第 {n} 行：{w}", "No row of {s} can be used; nothing was changed. Row {n}: {w}"
        ).format(s=source, n=first.row, w=first.reason),
        hint=Text("社区须先在地图上（civdef import communities）。", "Communities must be on the map first (civdef import communities)."),
    )  # fmt: skip
