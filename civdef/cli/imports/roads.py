"""``civdef import roads``."""

from __future__ import annotations

import click

from civdef.cli.common import Option
from civdef.cli.imports._layer import layer_command
from civdef.cli.imports._mend import repair_option
from civdef.cli.usage import Location
from civdef.text import Text

command = layer_command(
    "roads",
    Text("导入道路。", "Import streets."),
    click.option(
        "--nodes",
        cls=Option,
        type=Location(),
        metavar="FILE",
        help=Text("路段表的节点坐标表。", "Table of the nodes, where streets are a table of links."),
    ),
    repair_option,
)
