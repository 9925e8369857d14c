"""``civdef init``."""

from __future__ import annotations

from pathlib import Path

import click

from civdef.cli.common import App, Option, civdef_command
from civdef.cli.usage import Location
from civdef.text import Text


@civdef_command(
    Text(
        "新建工作区：默认复制样例街道，--blank 为带说明的空白工作区。",
        "Make a new workspace: a copy of the sample street, or with --blank an empty one with comments that teach.",
    )
)
@click.argument("directory", type=Location())
@click.option("--blank", cls=Option, is_flag=True, help=Text("空白工作区。", "A blank workspace."))
def command(app: App, directory: Path, blank: bool) -> None:
    """Make a workspace."""
    from civdef.load.init import make_blank, make_sample

    count = make_blank(directory) if blank else make_sample(directory)
    app.say(
        Text("已在 {d} 建立工作区（{n} 个文件）。", "Workspace made in {d} ({n} files).").format(
            d=directory, n=count
        )
    )
    app.say(
        Text("下一步：civdef check -C {d}", "Next: civdef check -C {d}").format(d=directory)
        if not blank
        else Text(
            "下一步：编辑 {d}/civdef.toml，用 civdef import 导入社区、道路和房屋，再运行 civdef check -C {d}",
            "Next: edit {d}/civdef.toml, bring in communities, streets and buildings with civdef import,"
            " then run civdef check -C {d}",
        ).format(d=directory)
    )
    app.finish()
