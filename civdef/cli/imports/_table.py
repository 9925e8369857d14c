"""The subcommand of a table: made once here for every register."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from civdef.cli.common import App, Command, Option, civdef_command
from civdef.cli.imports._pairs import pairs
from civdef.cli.usage import Location
from civdef.text import Text

if TYPE_CHECKING:
    from civdef.load.registers import TableImportResult

_OPTIONS = (
    click.argument("file", type=Location()),
    click.option(
        "--sheet",
        cls=Option,
        metavar="NAME",
        help=Text(
            "只读这一张工作表；默认读取表头相符的全部工作表。",
            "Read this sheet only; by default every sheet that has the heading.",
        ),
    ),
    click.option(
        "--map",
        "mapping",
        cls=Option,
        multiple=True,
        metavar="FIELD=COLUMN",
        help=Text(
            "字段取自哪一列，可多次给出，如 phone=联系方式。",
            "Which column a field comes from, e.g. phone=Tel.",
        ),
    ),
    click.option(
        "--set",
        "constants",
        cls=Option,
        multiple=True,
        metavar="FIELD=VALUE",
        help=Text(
            "所有行取同一值的字段，如 community=望海社区。", "A value for every row, e.g. community=Wanghai."
        ),
    ),
    click.option(
        "--complete",
        cls=Option,
        is_flag=True,
        help=Text(
            "登记表是全部内容：工作区里多出的行删去（仍被引用的保留）。",
            "The register is complete: rows it does not have are removed, unless something refers to them.",
        ),
    ),
    click.option(
        "--force",
        cls=Option,
        is_flag=True,
        help=Text("手工改过的单元格也以登记表为准。", "The register goes before what was edited by hand."),
    ),
)


def table_command(table: str, text: Text) -> Command:
    """Return the command that imports a register into a table."""

    def command(
        app: App,
        file: Path,
        sheet: str | None,
        mapping: tuple[str, ...],
        constants: tuple[str, ...],
        complete: bool,
        force: bool,
    ) -> None:
        from civdef.load.registers import TableRequest, import_register

        request = TableRequest(
            table=table,
            path=file,
            sheet=sheet,
            mapping=pairs(mapping, "--map"),
            constants=pairs(constants, "--set"),
            complete=complete,
            force=force,
        )
        root = app.root()
        with app.progress(Text("导入", "Importing")):
            result = import_register(root, request, app.lang)
        _tell(app, result)

    for option in reversed(_OPTIONS):
        command = option(command)
    return civdef_command(text, name=table)(command)


def _tell(app: App, result: TableImportResult) -> NoReturn:
    from civdef.cli.imports._report import tell

    if not app.json:
        columns = [(f, t) for f, t in result.columns.items()]
        app.say(
            Text("读取的列：{c}", "Columns read: {c}").format(c=", ".join(f"{t} → {f}" for f, t in columns))
        )
        if result.unused_columns:
            app.say(Text("未用的列：{c}", "Columns not used: {c}").format(c="、".join(result.unused_columns)))
        app.say(
            Text(
                "新增 {a} 行，更新 {c} 行，删去 {r} 行，未变 {u} 行，手工改过未覆盖 {k} 行",
                "{a} rows added, {c} changed, {r} removed, {u} unchanged, {k} edited by hand and kept",
            ).format(a=result.added, c=result.changed, r=result.removed, u=result.unchanged, k=result.kept)
        )
    tell(app, result)
