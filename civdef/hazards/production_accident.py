"""Production accident: the danger area of a plant is left and not entered."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.hazards.effects import Effects, unsafe_ground
from civdef.model.shelter import Footprint
from civdef.model.workspace import Workspace
from civdef.text import Text

NAME = Text("生产安全事故", "production-safety accident")
NEEDS: tuple[str, ...] = ("from_min",)
VALIDITY = Text(
    "以事故警戒范围为准；爆炸冲击波距离不推算。",
    "Rests on the danger area as drawn; blast distances are not computed.",
)
SOURCES = ("生产安全事故应急条例 2019 · production-safety emergency regulations 2019",)


def effects(workspace: Workspace, footprints: Sequence[Footprint]) -> Effects:
    """Return the areas as ground to leave and not to enter."""
    return unsafe_ground(workspace, footprints)
