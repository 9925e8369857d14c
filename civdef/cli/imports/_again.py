"""Options that say how an import meets what is there: shared by every subcommand that goes through ``save``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from civdef.cli.common import Option
from civdef.text import Text

F = TypeVar("F", bound=Callable[..., Any])


def again_options(function: F) -> F:
    """Add ``--add --update --force`` to a command."""
    for option in (
        click.option(
            "--force", cls=Option, is_flag=True,
            help=Text("以文件为准，覆盖人工修改和原有内容。", "The file wins over edits and everything that is there."),
        ),
        click.option(
            "--update", cls=Option, is_flag=True,
            help=Text(
                "本文件是以前导入文件的新版：其中没有的予以移除（人工改过的除外）。",
                "The file is the new edition of earlier ones: what it lacks goes, unless it was edited.",
            ),
        ),
        click.option(
            "--add", cls=Option, is_flag=True,
            help=Text("只增补，不移除。", "Add to what is there; remove nothing."),
        ),
    ):  # fmt: skip
        function = option(function)
    return function
