"""The subcommand of a layer: made once here for every kind of layer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from civdef.cli.common import App, Command, Option, civdef_command
from civdef.cli.imports._again import again_options
from civdef.cli.imports._pairs import pairs
from civdef.cli.usage import Location
from civdef.text import Text

_MAP = click.option(
    "--map",
    "mapping",
    cls=Option,
    multiple=True,
    metavar="FIELD=COLUMN",
    help=Text(
        '字段取自哪一列，可多次给出；列可写成模板，如 "name={镇} {村}"。',
        'Which column a field comes from; a template such as "name={TOWN} {NO}" joins columns.',
    ),
)
_SET = click.option(
    "--set",
    "constants",
    cls=Option,
    multiple=True,
    metavar="FIELD=VALUE",
    help=Text("所有行取同一值的字段，如 class=emergency。", "A value for every row, e.g. class=emergency."),
)
_OPTIONS: tuple[Callable[..., Any], ...] = (
    click.argument("file", type=Location()),
    click.option("--layer", cls=Option, metavar="NAME", help=Text("文件中的图层。", "Layer of the file.")),
    _MAP,
    _SET,
    click.option(
        "--crs",
        cls=Option,
        metavar="CRS",
        help=Text(
            "文件的坐标系：wgs84、cgcs2000、gcj02（高德、腾讯）、bd09（百度）或 EPSG:代号；不写则按文件所说。",
            "Coordinate system of the file: wgs84, cgcs2000, gcj02 (Amap, Tencent), bd09 (Baidu) or EPSG:n; by default what"
            " the file says.",
        ),
    ),
    click.option(
        "--swap",
        cls=Option,
        is_flag=True,
        help=Text(
            "文件中纬度在前、经度在后（或纵坐标在前、横坐标在后）。",
            "The file has latitude before longitude, or northing before easting.",
        ),
    ),
    click.option(
        "--encoding",
        cls=Option,
        metavar="NAME",
        help=Text(
            "文字编码，如 gb18030、utf-8、cp932；不写则自动识别。",
            "Encoding of the text, such as gb18030, utf-8, cp932; detected by default.",
        ),
    ),
)


def layer_command(target: str, text: Text, *more: Callable[..., Any]) -> Command:
    """Return the command that imports a layer into `target`; `more` are options of its own (hazard, name)."""

    def command(app: App, file: Path, layer: str | None, **given: Any) -> None:
        from civdef.cli.imports._report import tell
        from civdef.load.imports import Request, run_import

        request = Request(
            target=target,
            path=file,
            layer=layer,
            mapping=pairs(given.pop("mapping"), "--map"),
            constants=pairs(given.pop("constants"), "--set"),
            **given,
        )
        root = app.root()
        with app.progress(Text("导入", "Importing"), 1.0) as update:
            result = run_import(root, request, app.lang, update)
        tell(app, result)

    command = again_options(command)
    for option in (*reversed(more), *reversed(_OPTIONS)):
        command = option(command)
    return civdef_command(text, name=target)(command)
