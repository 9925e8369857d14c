"""The list of scenarios."""

from __future__ import annotations

from civdef.drill.result import Both, DrillList, DrillRow
from civdef.model.workspace import Workspace


def drill_list(workspace: Workspace) -> DrillList:
    """Return every scenario of the workspace, in id order."""
    return DrillList(
        inputs={k: v for k, v in workspace.inputs.items() if k.startswith("drills/")},
        drills=[
            DrillRow(
                id=d.id,
                title=Both.of(d.name.text),
                plan=d.plan,
                plan_name=Both.of(workspace.name(d.plan).text),
                level=d.level,
                start=d.start.isoformat(timespec="seconds"),
                day_part=d.day_part.value,
                objectives=len(d.objectives),
                injects=len(d.injects),
            )
            for d in workspace.drills.values()
        ],
    )
