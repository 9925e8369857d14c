"""Repair as a step of an import: the streets of a layer are mended, and the layer's report tells each change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from civdef.intake.raw import Change, Cleaned
from civdef.intake.repair import RULES, repair_streets
from civdef.intake.repair.connect import connectivity
from civdef.intake.repair.lines import Streets
from civdef.intake.repair.record import Connectivity
from civdef.model.settings import StreetRepair
from civdef.text import Text, percent


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
        roads.told.append(_connected(before, out.after, after))


def _connected(before: Connectivity, mended: Connectivity, after: Connectivity) -> Text:
    """Say in how many parts the streets hang together, before mending, after it, and without the islands left out."""
    share, first = percent(100 * mended.largest_share), percent(100 * before.largest_share)
    if (before.components, first) == (mended.components, share):
        said = Text(
            "修整后，互不连通的路网仍为 {b} 块，最大一块占步行总长的 {y}",
            "mended: the streets hang together in {b} as before, the largest holds {y} of the walkable length",
        )
    else:
        said = Text(
            "修整后，互不连通的路网由 {a} 块变为 {b} 块，最大一块占步行总长的比例由 {x} 变为 {y}",
            "mended: the streets hang together in {b} (before: {a}), the largest holds {y} of the walkable length"
            " (before: {x})",
        )
    said = said.format(a=before.components, b=_parts(mended.components), x=first, y=share)
    if after == mended:
        return said
    return Text(
        "{s}；再舍去孤立的零散路段，为 {b} 块、{y}", "{s}; without the islands left out, {b} and {y}"
    ).format(s=said, b=_parts(after.components), y=percent(100 * after.largest_share))


def _parts(count: int) -> Text:
    return Text(f"{count:,}", "1 part" if count == 1 else f"{count:,} parts")
