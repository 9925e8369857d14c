"""``civdef import promote``: candidates of the workspace → shelters and entrances in its files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from civdef.errors import ImportRefusedError, UsageError
from civdef.files import write_all
from civdef.intake.promote import promote
from civdef.load.workspace import load_workspace
from civdef.model.shelter import CandidateKind, ShelterClass
from civdef.model.workspace import Workspace
from civdef.result import Record, Result
from civdef.text import Lang, Text, listing, nearest

SHELTERS = "maps/shelters.geojson"
ENTRANCES = "maps/entrances.geojson"

SCHOOLS = (CandidateKind.SCHOOL, CandidateKind.SCHOOL_BUILDING)


class PromotedRecord(Record):
    """A candidate that became a shelter."""

    candidate: str
    shelter: str
    name: str
    shelter_class: ShelterClass
    places: int = Field(description="estimated [persons]")
    entrances: int
    access: list[str] = Field(
        description="how each way in was found: gate, street (crosses the edge), edge (an open edge), nearest street"
    )


class UnsuitedRecord(Record):
    """A candidate that does not reach the class asked for."""

    candidate: str
    reason: str


class PromoteResult(Result):
    """What ``civdef import promote`` did."""

    SCHEMA: ClassVar[str] = "civdef.promote/1"

    promoted: list[PromotedRecord]
    already: list[str] = Field(description="candidates that were shelters before")
    unsuited: list[UnsuitedRecord]
    places: int = Field(description="places of all that were promoted, estimated [persons]")


def choose(
    workspace: Workspace, wanted: Sequence[str], kinds: Sequence[CandidateKind], *, everything: bool
) -> list[str]:
    """Return the candidates meant, by id (with or without its prefix), name, or kind.

    Raises
    ------
    UsageError
        If there are no candidates, or one that is named is not there.
    """
    if not workspace.candidates:
        raise UsageError(
            Text("工作区中没有候选避难场所", "The workspace has no shelter candidates"),
            hint=Text(
                "用 civdef import osm 文件 导入（只有 OpenStreetMap 数据带候选场所），或用 civdef import shelters 文件 导入已确定的避难场所。",
                "They come with civdef import osm FILE; shelters already decided on come with civdef import shelters FILE.",
            ),
        )
    found = {c.id for c in workspace.candidates.values() if everything or c.kind in kinds}
    for name in wanted:
        found |= _named(workspace, name)
    return sorted(found)


def run_promote(
    root: Path,
    wanted: Sequence[str],
    lang: Lang,
    *,
    kinds: Sequence[CandidateKind] = (),
    everything: bool = False,
    shelter_class: ShelterClass | None = None,
) -> PromoteResult:
    """Promote candidates of the workspace at `root`; what is in its files already stays as it is.

    Raises
    ------
    UsageError
        As :func:`choose`.
    ImportRefusedError
        If the shelters' file cannot be added to.
    OutputError
        If the workspace cannot be written; nothing is changed then.
    """
    workspace = load_workspace(root)
    made = promote(workspace, choose(workspace, wanted, kinds, everything=everything), shelter_class)
    if made.shelters:
        write_all(
            {
                root / SHELTERS: _added(root / SHELTERS, made.shelters).encode(),
                root / ENTRANCES: _added(root / ENTRANCES, made.entrances).encode(),
            }
        )
    promoted = [
        PromotedRecord(
            candidate=f"candidate/{p['id'].partition('/')[2]}",
            shelter=p["id"],
            name=str((p.get("name_zh") if lang == "zh" else None) or p.get("name_en") or p.get("name_zh")),
            shelter_class=p["class"],
            places=p["places"]["value"],
            entrances=len(made.ways[p["id"]]),
            access=[w.via for w in made.ways[p["id"]]],
        )
        for p, _ in made.shelters
    ]
    return PromoteResult(
        inputs=dict(workspace.inputs),
        promoted=promoted,
        already=made.already,
        unsuited=[UnsuitedRecord(candidate=c, reason=r.in_(lang)) for c, r in made.unsuited],
        places=sum(p.places for p in promoted),
    )


def _named(workspace: Workspace, wanted: str) -> set[str]:
    known = workspace.candidates
    for object_id in (wanted, f"candidate/{wanted}"):
        if object_id in known:
            return {object_id}
    named = {c.id for c in known.values() if wanted in (c.name.zh, c.name.en)}
    if named:
        return named
    names = [n for c in known.values() for n in (c.id, c.name.zh, c.name.en) if n]
    close = nearest(wanted, names)
    raise UsageError(
        Text("没有名为 {n} 的候选避难场所", "There is no shelter candidate called {n}").format(n=wanted),
        hint=Text("是否想写 {c}？", "Did you mean {c}?").format(c=close)
        if close
        else Text("已有：{k}", "Known: {k}").format(k=listing(known)),
    )


def _added(path: Path, features: Sequence[tuple[dict[str, Any], BaseGeometry]]) -> str:
    """Return a layer's text with features added; what it holds, members of its own too, stays as it is."""
    data: dict[str, Any] = {"type": "FeatureCollection", "features": []}
    if path.exists():
        try:
            data = json.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            raise ImportRefusedError(
                Text("无法读取 {f}：{w}", "Cannot read {f}: {w}").format(f=path.name, w=str(error)[:200])
            ) from error
    new = [{"type": "Feature", "properties": p, "geometry": mapping(s)} for p, s in features]
    rows = [
        json.dumps(f, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        for f in [*data["features"], *new]
    ]
    head = json.dumps(
        {k: v for k, v in data.items() if k != "features"}, ensure_ascii=False, separators=(",", ":")
    )
    return head[:-1] + ',"features":[\n' + ",\n".join(rows) + "\n]}\n"
