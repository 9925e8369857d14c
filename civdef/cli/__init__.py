"""The command line: one file per command in ``civdef.cli.commands``, imported on use."""

from civdef.cli.main import main

__all__ = ["main"]
