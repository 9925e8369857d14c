"""``civdef import hazard``."""

from __future__ import annotations

import click

from civdef.cli.common import Option
from civdef.cli.imports._layer import layer_command
from civdef.text import Text


def _kind(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    from civdef.hazards import check_kind

    if value is not None:
        check_kind(value)
    return value


def _name(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    from civdef.intake.fields import slug

    return slug(value) if value else None


command = layer_command(
    "hazard",
    Text("导入灾害范围。", "Import hazard footprints."),
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
)
