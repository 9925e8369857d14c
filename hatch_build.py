"""Build hook: put the sample workspace into the wheel, so that ``civdef init`` works after ``pip install``.

In the repository the sample workspace lies at the root, where a newcomer sees it; inside the wheel it
lies at ``civdef/sample``. The source archive keeps the repository's layout, so a wheel built from it is the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SAMPLE = ("civdef.toml", "plans", "maps", "drills")


class SampleWorkspaceHook(BuildHookInterface):
    """Add the parts of the sample workspace to the files of a standard wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files to include; an editable install reads them at the repository's root instead.

        Raises
        ------
        FileNotFoundError
            If a part of the sample workspace is missing.
        """
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        for part in SAMPLE:
            if not (root / part).exists():
                raise FileNotFoundError(f"the sample workspace lacks {part}; make it with `make sample`")
            build_data["force_include"][str(root / part)] = f"civdef/sample/{part}"
