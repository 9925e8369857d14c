"""The option that leaves streets as drawn: shared by the subcommands that bring streets in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from civdef.cli.common import Option
from civdef.text import Text

repair_option: Callable[..., Any] = click.option(
    "--repair/--no-repair",
    "repair",
    cls=Option,
    default=True,
    help=Text(
        "修整路网（补路口节点、接断头、去重复），默认修整；容差见设置 streets。",
        "Mend the streets (nodes at crossings, near misses, duplicates); on by default, tolerances in the setting streets.",
    ),
)
