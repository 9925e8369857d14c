"""``civdef import hazard``."""

from __future__ import annotations

import click

from civdef.cli.common import Option
from civdef.cli.imports._layer import layer_command
from civdef.errors import UsageError
from civdef.text import Text


def _kind(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    from civdef.hazards import check_kind

    if value is not None:
        check_kind(value)
    return value


def _name(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    from civdef.intake.fields import slug

    return slug(value) if value else None


def _depths(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[float, ...] | None:
    if value is None:
        return None
    try:
        return tuple(float(v) for v in value.replace("，", ",").split(",") if v.strip())
    except ValueError as error:
        raise UsageError(
            Text(
                "--depths {v}：应为以逗号隔开的米数", "--depths {v}: write metres with commas between"
            ).format(v=value),
            hint=Text("例如 --depths 0.15,0.3,0.5,1,2。", "For example --depths 0.15,0.3,0.5,1,2."),
        ) from error


command = layer_command(
    "hazard",
    Text(
        "导入灾害范围；水深栅格（.asc、.tif）按深度分级。",
        "Import hazard footprints; a raster of depth (.asc, .tif) is cut into classes.",
    ),
    click.option(
        "--hazard",
        cls=Option,
        metavar="KIND",
        callback=_kind,
        help=Text("灾种，如 flood。", "Kind of hazard, e.g. flood."),
    ),
    click.option(
        "--name",
        cls=Option,
        metavar="NAME",
        callback=_name,
        help=Text("灾害范围文件名，如 flood-2007。", "Name of the footprint file, e.g. flood-2007."),
    ),
    click.option(
        "--depths",
        "depths_m",
        cls=Option,
        metavar="M,M,…",
        callback=_depths,
        help=Text(
            "水深栅格的分级下限（米），默认取设置 hazards.depth_classes_m。",
            "Lower limits of the depth classes [m]; by default the setting hazards.depth_classes_m.",
        ),
    ),
)
