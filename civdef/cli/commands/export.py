"""``civdef export``."""

from __future__ import annotations

from pathlib import Path

import click

from civdef.cli.common import App, Option, civdef_command
from civdef.cli.usage import Location
from civdef.errors import UsageError
from civdef.text import Text

TABLES = ("assistance", "duty", "equipment", "households", "roster", "vehicles")


@civdef_command(
    Text(
        "把表格写成 Excel 工作簿（带下拉列表和填表说明），填好后用 civdef import 读回。",
        "Write tables as Excel workbooks with drop-down lists and notes, to be filled in and imported again.",
    )
)
@click.argument("table", required=False, type=click.Choice(TABLES))
@click.option("--all", "every", cls=Option, is_flag=True, help=Text("全部表格。", "Every table."))
@click.option(
    "-o",
    "target",
    cls=Option,
    type=Location(),
    metavar="FILE",
    help=Text(
        "写到此文件；--all 时也可为目录。默认 out/tables/表名.xlsx。",
        "Write here; with --all it may be a folder. Default: out/tables/TABLE.xlsx.",
    ),
)
def command(app: App, table: str | None, every: bool, target: Path | None) -> None:
    """Write tables as workbooks."""
    if every == (table is not None):
        raise UsageError(
            Text("请给出一个表名，或用 --all", "Name one table, or use --all"),
            hint=Text("可用的表：" + "、".join(TABLES), "Tables: " + ", ".join(TABLES)),
        )
    from civdef.cli.results import ExportedTable, ExportResult
    from civdef.files import write_all
    from civdef.load.known import lookup_of
    from civdef.load.registers import table_rows, tables
    from civdef.load.workspace import read_workspace
    from civdef.render.workbook import Content, workbook

    root = app.root()
    with app.progress(Text("写出表格", "Writing tables")):
        workspace, faults = read_workspace(root)
        if workspace is None:
            raise UsageError(
                Text("civdef.toml 有错误，无法写出表格", "civdef.toml has faults: no table can be written"),
                hint=Text("先运行 civdef check。", "Run civdef check first."),
            )
        lookup = lookup_of(workspace)
        known = tables()
        chosen = [known[n] for n in (TABLES if every else (str(table),))]
        contents = [Content(t, table_rows(root, t)[0]) for t in chosen]
        folder = root / "out" / "tables" if target is None else target
        together = target is not None and (not every or target.suffix.lower() == ".xlsx")
        made: dict[Path, bytes] = {}
        if together:
            made[folder] = workbook(contents, lookup, app.lang)
        else:
            made = {folder / f"{c.table.name}.xlsx": workbook([c], lookup, app.lang) for c in contents}
        write_all(made)
    place = {c.table.name: folder if together else folder / f"{c.table.name}.xlsx" for c in contents}
    result = ExportResult(
        inputs={
            c.table.file: workspace.inputs[c.table.file] for c in contents if c.table.file in workspace.inputs
        },
        tables=[
            ExportedTable(table=c.table.name, file=_told(place[c.table.name], root), rows=len(c.rows))
            for c in contents
        ],
    )
    app.emit(result)
    for line in result.tables if not app.json else ():
        app.say(
            Text("{t}：{n} 行 → {f}", "{t}: {n} rows -> {f}").format(
                t=known[line.table].title, n=line.rows, f=line.file
            )
        )
    if faults:
        app.remark(
            Text(
                "工作区有 {n} 处错误，见 civdef check；表格照原样写出。",
                "The workspace has {n} faults, see civdef check; tables are written as they stand.",
            ).format(n=len(faults))
        )
    app.finish()


def _told(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
