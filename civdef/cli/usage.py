"""Wrong arguments as exceptions of our own, so that they are told apart by class and never by click's English words."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from civdef.text import Text


class ExtraArgumentsError(click.UsageError):
    """More arguments than the command takes."""

    def __init__(self, extra: Sequence[str], ctx: click.Context) -> None:
        self.extra = " ".join(map(str, extra))
        super().__init__(f"unexpected: {self.extra}", ctx)


class RefusedError(click.BadParameter):
    """A value refused for a reason that is told in both languages."""

    def __init__(self, reason: Text, param: click.Parameter | None, ctx: click.Context | None) -> None:
        self.reason = reason
        super().__init__(reason.en, ctx, param)


class Location(click.Path):
    """The type of a parameter that names a file or a folder; it need not exist.

    Parameters
    ----------
    file_okay, dir_okay
        Whether it may be a file, whether it may be a folder.
    """

    def __init__(self, *, file_okay: bool = True, dir_okay: bool = True) -> None:
        super().__init__(path_type=Path, file_okay=file_okay, dir_okay=dir_okay)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path.

        Raises
        ------
        RefusedError
            If it is there and is of the wrong kind or cannot be read, or no file can be called so.
        """
        told: Text | None = None
        if not self.file_okay and os.path.isfile(value):
            told = Text("{p} 是一个文件，这里要的是目录", "{p} is a file; give a folder")
        elif not self.dir_okay and os.path.isdir(value):
            told = Text("{p} 是一个目录，这里要的是文件", "{p} is a folder; give a file")
        elif _too_long(value):
            told = Text("名称太长：{p}", "The name is too long: {p}")
        elif os.path.exists(value) and not os.access(value, os.R_OK):
            told = Text("{p} 不能读取", "{p} cannot be read")
        if told is not None:
            raise RefusedError(told.format(p=value), param, ctx)
        return super().convert(value, param, ctx)


def _too_long(value: str | os.PathLike[str]) -> bool:
    """Return whether no file can be called so here."""
    try:
        os.stat(value)
    except OSError as error:
        return error.errno == errno.ENAMETOOLONG
    return False
