"""Traffic accident or crowd crush: the cordoned place is not entered."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.hazards.effects import Effects, unsafe_ground
from civdef.model.shelter import Footprint
from civdef.model.workspace import Workspace
from civdef.text import Text

NAME = Text("交通事故和人员拥挤踩踏", "traffic accident or crowd crush")
NEEDS: tuple[str, ...] = ()
VALIDITY = Text(
    "以管控范围为准：范围内人员向外疏散，外面的人不再进入；踩踏过程不推算。",
    "Rests on the controlled area: people inside leave, nobody else enters; the crush itself is not modelled.",
)
SOURCES = ("大型群众性活动安全管理条例 2007 · regulations on large mass activities 2007",)


def effects(workspace: Workspace, footprints: Sequence[Footprint]) -> Effects:
    """Return the areas as ground to leave and not to enter."""
    return unsafe_ground(workspace, footprints)
