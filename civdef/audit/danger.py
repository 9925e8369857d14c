"""Effects of every kind of hazard that is drawn on the map."""

from __future__ import annotations

from collections.abc import Mapping

from civdef.hazards import kinds
from civdef.hazards.effects import Effects, effects_of
from civdef.model.workspace import Workspace

ANYWHERE = frozenset(
    {
        "air_raid",
        "earthquake",
        "urban_fire",
        "traffic_crowd",
        "mass_incident",
        "epidemic",
        "food_water",
        "snow_ice",
    }
)
"""Hazards that may strike anywhere: their areas on the map are scenarios, not standing danger zones."""


def effects_by_kind(workspace: Workspace) -> Mapping[str, Effects]:
    """Return kind → joint effects of all its footprints, for every kind that is drawn."""
    drawn = {f.hazard for f in workspace.footprints.values()} & set(kinds())
    return {
        kind: effects_of(workspace, [f for f in workspace.footprints.values() if f.hazard == kind])
        for kind in sorted(drawn)
    }
