"""Parts of the network that hang apart, told one by one."""

from __future__ import annotations

import numpy as np
import shapely

from civdef.intake.repair.connect import components
from civdef.intake.repair.lines import Streets, as_spot
from civdef.intake.repair.notes import Notes
from civdef.text import Text

EDGE_M = 30.0
"""An island this near the rim of the data probably goes on outside [m]."""


def note_islands(streets: Streets, notes: Notes) -> None:
    """Record every part that is not joined to the largest: how long, how far away, whether it lies at the data's rim."""
    part = components(streets)
    if part.max(initial=0) < 1:
        return
    tree = shapely.STRtree(streets.shapes_m(np.flatnonzero(part == 0).tolist()))
    xy = streets.flat().xy_m
    low, high = xy.min(axis=0), xy.max(axis=0)
    for k in range(1, int(part.max()) + 1):
        lines = np.flatnonzero(part == k).tolist()
        shapes = streets.shapes_m(lines)
        _, away = tree.query_nearest(shapes, return_distance=True, all_matches=False)
        near = lines[int(np.argmin(away))]
        length = sum(streets.length_m(i) for i in lines)
        box = shapely.total_bounds(np.array(shapes, dtype=object))
        rim = bool((box[:2] - low <= EDGE_M).any() or (high - box[2:] <= EDGE_M).any())
        reason = Text(
            "与主路网不连通（{n} 条，共 {m:,.0f} 米），{w}",
            "Not joined to the main network ({n} lines, {m:,.0f} m); {w}",
        ).format(
            n=len(lines),
            m=length,
            w=Text("最近处相距 {g:,.1f} 米", "nearest gap {g:,.1f} m").format(g=float(away.min()))
            if away.min() > 0
            else Text(
                "从其上方或下方跨过，未见可上下的连接", "it passes above or below without a way up or down"
            ),
        )
        if rim:
            reason = Text(
                reason.zh + "；位于数据边缘，可能在范围外相连",
                reason.en + "; at the rim of the data, perhaps joined outside it",
            )
        notes.add(
            "island",
            "noted",
            near,
            None,
            as_spot(streets.spots[near][0]),
            reason,
            Text("不连通", "apart"),
            Text("未作改动", "unchanged"),
        )
