"""``civdef import bounds``."""

from __future__ import annotations

from pathlib import Path

import click

from civdef.cli.common import App, Option, civdef_command
from civdef.cli.imports._again import again_options
from civdef.cli.imports._pairs import pairs
from civdef.cli.usage import Location
from civdef.text import Text


@civdef_command(
    Text(
        "按四至导入社区：东至、南至、西至、北至（表格或 YAML）→ 沿路中、河流、湖岸的社区边界。",
        "Communities by their bounds: east, south, west and north (a table or YAML) become areas along the middle of"
        " the streets, rivers and shores named.",
    ),
    name="bounds",
)
@click.argument("file", type=Location())
@click.option("--layer", cls=Option, metavar="NAME", help=Text("工作簿中的工作表。", "Sheet of the workbook."))  # fmt: skip
@click.option(
    "--map", "mapping", cls=Option, multiple=True, metavar="FIELD=COLUMN",
    help=Text(
        "字段取自哪一列：name、code、east、south、west、north，或 bounds（四至写在一格里）。",
        "Which column a field comes from: name, code, east, south, west, north, or bounds (all in one cell).",
    ),
)  # fmt: skip
@click.option(
    "--gap", "gap_m", cls=Option, type=click.FloatRange(0, 200), metavar="METRES",
    help=Text(
        "界线相距不超过此距离视为相接；默认取设置 streets.bound_gap_m。",
        "Bounds this near each other meet; by default the setting streets.bound_gap_m.",
    ),
)  # fmt: skip
@click.option("--encoding", cls=Option, metavar="NAME", help=Text("文字编码；不写则自动识别。", "Encoding of the text; detected by default."))  # fmt: skip
@again_options
def command(
    app: App,
    file: Path,
    layer: str | None,
    mapping: tuple[str, ...],
    gap_m: float | None,
    encoding: str | None,
    add: bool,
    update: bool,
    force: bool,
) -> None:
    """Make communities of their bounds."""
    from civdef.cli.imports._report import tell
    from civdef.load.bounds import BoundsRequest, import_bounds

    request = BoundsRequest(file, layer, pairs(mapping, "--map"), encoding, gap_m, add, update, force)
    root = app.root()
    with app.progress(Text("导入", "Importing"), 1.0) as update_progress:
        result = import_bounds(root, request, app.lang, update_progress)
    tell(app, result)
