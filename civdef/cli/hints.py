"""What to do next, where a workspace is not complete yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civdef.text import Text

if TYPE_CHECKING:
    from civdef.model.workspace import Workspace


def no_shelters(workspace: Workspace) -> Text | None:
    """Say that there are shelter candidates to choose from, where there is no shelter yet."""
    if workspace.shelters or not workspace.candidates:
        return None
    return Text(
        "工作区还没有避难场所，但有 {n} 处候选：运行 civdef import promote 查看，再用 civdef import promote --all 或逐处选用。",
        "The workspace has no shelter yet, but {n} candidates: civdef import promote lists them; civdef import promote"
        " --all, or their names, makes them shelters.",
    ).format(n=len(workspace.candidates))
