"""``civdef import``."""

from __future__ import annotations

from pathlib import Path

import click

from civdef.cli.common import App, Option, civdef_command
from civdef.errors import UsageError
from civdef.text import Text

_SHOWN = 20


@civdef_command(
    Text(
        "从 GeoPackage 或 GeoJSON 导入道路、房屋、社区、灾害范围或避难场所，逐行报告改动。",
        "Import streets, buildings, communities, hazard footprints or shelters from GeoPackage or GeoJSON.",
    ),
    name="import",
)
@click.argument("target", type=click.Choice(["roads", "buildings", "communities", "hazard", "shelters"]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--layer",
    cls=Option,
    metavar="NAME",
    help=Text("文件中的图层。", "Layer of the file."),
)
@click.option(
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
@click.option(
    "--set",
    "constants",
    cls=Option,
    multiple=True,
    metavar="FIELD=VALUE",
    help=Text("所有行取同一值的字段，如 class=emergency。", "A value for every row, e.g. class=emergency."),
)
@click.option(
    "--crs",
    cls=Option,
    metavar="EPSG:n",
    help=Text("文件没有说明坐标系时在此说明。", "Coordinate reference system, where the file names none."),
)
@click.option(
    "--hazard", cls=Option, metavar="KIND", help=Text("灾种，如 flood。", "Kind of hazard, e.g. flood.")
)
@click.option(
    "--name",
    cls=Option,
    metavar="NAME",
    help=Text("灾害范围文件名，如 flood-2007。", "Name of the footprint file, e.g. flood-2007."),
)
@click.option("--force", cls=Option, is_flag=True, help=Text("替换已有内容。", "Replace what is there."))  # fmt: skip
def command(
    app: App,
    target: str,
    file: Path,
    layer: str | None,
    mapping: tuple[str, ...],
    constants: tuple[str, ...],
    crs: str | None,
    hazard: str | None,
    name: str | None,
    force: bool,
) -> None:
    """Import a layer."""
    from civdef.hazards import check_kind
    from civdef.intake.fields import slug
    from civdef.load.imports import Request, run_import

    if hazard is not None:
        check_kind(hazard)
    request = Request(
        target=target,
        path=file,
        layer=layer,
        mapping=_pairs(mapping, "--map"),
        constants=_pairs(constants, "--set"),
        crs=crs,
        name=slug(name) if name else None,
        hazard=hazard,
        force=force,
    )
    root = app.root()
    with app.progress(Text("导入", "Importing")):
        result = run_import(root, request, app.lang)
    app.emit(result)
    if app.json:
        app.finish()
    app.say(
        Text(
            "{s}：读入 {r} 个，写入 {w} 个，修复 {m} 个，舍去 {d} 个 → {f}",
            "{s}: {r} read, {w} written, {m} repaired, {d} dropped -> {f}",
        ).format(
            s=result.source,
            r=result.read,
            w=result.written,
            m=result.repaired,
            d=result.dropped,
            f=result.file,
        )
    )
    for change in result.changes[:_SHOWN]:
        app.say(
            Text("  第 {n} 行 {a}：{w}", "  row {n} {a}: {w}").format(
                n=change.row,
                a=Text("舍去", "dropped") if change.action == "dropped" else Text("修复", "repaired"),
                w=change.reason,
            )
        )
    if result.changes:
        app.say(
            Text("全部改动见 out/import-{n}.csv", "Every change: out/import-{n}.csv").format(
                n=request.name or request.target
            )
        )
    app.finish()


def _pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    out: dict[str, str] = {}
    for item in given:
        field, equals, value = item.partition("=")
        if not equals or not field.strip() or not value.strip():
            raise UsageError(
                Text("{o} {i}：应写成 字段=值", "{o} {i}: write FIELD=VALUE").format(o=option, i=item)
            )
        out[field.strip()] = value.strip()
    return out
