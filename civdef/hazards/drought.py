"""Drought: water and supply, not streets."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.hazards.effects import Effects
from civdef.model.shelter import Footprint
from civdef.model.workspace import Workspace
from civdef.text import Text

NAME = Text("干旱", "drought")
NEEDS: tuple[str, ...] = ()
VALIDITY = Text(
    "干旱影响供水和农田，不封闭街巷，也不使房屋和避难场所失去安全：没有空间影响。即使画了范围，也只作说明。",
    "Drought strains water supply and farmland; it closes no street and makes no building or shelter unsafe. An area drawn for it is information only.",
)
SOURCES = ("国家防汛抗旱应急预案 2022 · national flood and drought plan 2022",)


def effects(workspace: Workspace, footprints: Sequence[Footprint]) -> Effects:
    """Return no effects: see `VALIDITY`."""
    return Effects()
