"""Repair as a step of an import: the streets of a layer are mended, and the layer's report tells each change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from civdef.intake.raw import Change, Cleaned
from civdef.intake.repair import RULES, repair_streets
from civdef.intake.repair.connect import connectivity
from civdef.intake.repair.lines import Streets
from civdef.model.settings import StreetRepair
from civdef.text import Text


@dataclass(frozen=True)
class Mending:
    """What repair needs to know of the workspace.

    Attributes
    ----------
    tolerances
        Distances within which lines are taken to meet.
    walls, gates
        What no gap is closed across, and where it may be passed, in WGS84.
    keep
        Ids of roads that something refers to.
    """

    tolerances: StreetRepair
    walls: Sequence[BaseGeometry] = ()
    gates: Sequence[BaseGeometry] = ()
    keep: Collection[str] = ()


def mend_layer(
    roads: Cleaned,
    mending: Mending,
    row_of: Callable[[str], tuple[int, str | None]],
    then: Callable[[Cleaned], None] | None = None,
) -> None:
    """Mend the streets of a layer in place and add what was done to its changes.

    Parameters
    ----------
    row_of
        Id of a road as imported → its row in the source, and how the source itself names it.
    then
        What else is done to the streets once they are mended; how they hang together is told of what it leaves.
    """
    drawn = [(p, s) for p, s in roads.features if s is not None]
    ids = [str(p["id"]) for p, _ in drawn]
    out = repair_streets(
        drawn, mending.tolerances, walls=mending.walls, gates=mending.gates, keep=mending.keep
    )
    roads.features[:] = out.features
    new = {str(p["id"]) for p, _ in out.features} - set(ids)
    roads.made |= new
    for r in out.repairs:
        row, ref = row_of(ids[r.feature])
        roads.changes.append(
            Change(
                row,
                None if r.action == "dropped" else r.road_id,
                r.action,
                Text(f"{RULES[r.rule].zh}：{r.reason.zh}", f"{RULES[r.rule].en}: {r.reason.en}"),
                ref,
                RULES[r.rule],
            )
        )
    before, after = out.before, out.after
    if then is not None:
        then(roads)
        after = connectivity(Streets([(p, s) for p, s in roads.features if s is not None]))
    roads.connected = before, after
    if before != after:
        roads.told.append(
            Text(
                "修整后，互不连通的路网由 {a} 块变为 {b} 块，最大一块占步行总长的比例由 {x:.1%} 变为 {y:.1%}{then}",
                "mended: the streets hang together in {b} parts (before: {a}), the largest holds {y:.1%} of the walkable"
                " length (before: {x:.1%}){then}",
            ).format(
                a=before.components,
                b=out.after.components,
                x=before.largest_share,
                y=out.after.largest_share,
                then=Text(
                    "；再舍去孤立的零散路段，为 {b} 块、{y:.1%}",
                    "; without the islands left out, {b} parts and {y:.1%}",
                ).format(b=after.components, y=after.largest_share)
                if after != out.after
                else Text("", ""),
            )
        )
