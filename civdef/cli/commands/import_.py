"""``civdef import``: a group; each kind of source is one file of ``civdef.cli.imports``."""

from __future__ import annotations

from civdef.cli.common import App, civdef_group
from civdef.text import Text


@civdef_group(
    Text(
        "导入现有的地图和表格，逐行报告舍去和修复了什么。",
        "Import maps and tables you already have; every row left out or mended is reported.",
    ),
    name="import",
    package="civdef.cli.imports",
)
def command(_app: App) -> None:
    """Import something; the subcommands do it."""
