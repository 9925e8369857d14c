"""Dangerous goods or gas leak: the isolation area is left and not entered."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.hazards.effects import Effects, unsafe_ground
from civdef.model.shelter import Footprint
from civdef.model.workspace import Workspace
from civdef.text import Text

NAME = Text("危险化学品和燃气泄漏", "dangerous goods or gas leak")
NEEDS: tuple[str, ...] = ("from_min",)
VALIDITY = Text(
    "以初始隔离区和下风向防护区为准，不推算扩散；就地关窗避险与撤离之间的取舍由现场指挥决定。",
    "Rests on the isolation and downwind areas as drawn; dispersion is not computed. Whether to stay in behind closed windows or leave is for the commander on site.",
)
SOURCES = ("危险化学品安全管理条例 2013 · dangerous chemicals regulations 2013",)


def effects(workspace: Workspace, footprints: Sequence[Footprint]) -> Effects:
    """Return the areas as ground to leave and not to enter."""
    return unsafe_ground(workspace, footprints)
