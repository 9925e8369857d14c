"""The exception tree.

::

    CivdefError
    ├── UsageError          a wrong argument or name on the command line         exit 2
    ├── WorkspaceError      the workspace cannot be read: carries every fault     exit 2
    ├── OutputError         a file cannot be written                              exit 2
    ├── ImportRefusedError  a file to import is unusable, or would overwrite      exit 2
    └── InfeasibleError     the question has no feasible answer: says what binds  exit 3

Findings, missed objectives and left-over people are *results*, never exceptions.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from civdef.source import Place
from civdef.text import Lang, Text

EXIT_OK = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_INFEASIBLE = 3
EXIT_INTERNAL = 4


def installing(extra: str, otherwise: Text | None = None) -> Text:
    """Return the hint to install an extra, for the very Python that runs, and what else to do."""
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    command = f'{python} -m pip install "civdef[{extra}]"'
    if otherwise is None:
        return Text(f"运行 {command}", f"Run {command}")
    return Text(f"运行 {command}，或{otherwise.zh}。", f"Run {command}, or {otherwise.en}.")


class CivdefError(Exception):
    """Base of all errors that civdef explains to its user: what, where, what to do next."""

    exit_code = EXIT_INTERNAL

    def __init__(self, message: Text, *, hint: Text | None = None, place: Place | None = None) -> None:
        super().__init__(message.en)
        self.message = message
        self.hint = hint
        self.place = place

    def lines(self, lang: Lang) -> list[str]:
        """Return the message as lines for a terminal."""
        where = f"{self.place}: " if self.place else ""
        out = [where + self.message.in_(lang)]
        if self.hint is not None:
            out.append(("下一步：" if lang == "zh" else "Next: ") + self.hint.in_(lang))
        return out


class UsageError(CivdefError):
    """A wrong argument, option or name on the command line."""

    exit_code = EXIT_USAGE


class OutputError(CivdefError):
    """A file or folder cannot be written."""

    exit_code = EXIT_USAGE


class ImportRefusedError(CivdefError):
    """A file to import is unusable, or importing it would overwrite what the user has."""

    exit_code = EXIT_USAGE


class InfeasibleError(CivdefError):
    """The question has no feasible answer; `binding` names the objects that bind."""

    exit_code = EXIT_INFEASIBLE

    def __init__(
        self,
        message: Text,
        *,
        hint: Text | None = None,
        place: Place | None = None,
        binding: Sequence[str] = (),
    ) -> None:
        super().__init__(message, hint=hint, place=place)
        self.binding = tuple(binding)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a workspace file.

    Attributes
    ----------
    code
        Stable short name of the kind of fault, e.g. ``dangling-reference``.
    place
        File, line, column, row, field or feature.
    message
        What is wrong.
    value
        The value found, as text, shortened.
    allowed
        What would be right.
    nearest
        The nearest valid name, where there is one.
    """

    code: str
    place: Place
    message: Text
    value: str | None = None
    allowed: Text | None = None
    nearest: str | None = None

    def line(self, lang: Lang) -> str:
        """Return the fault as one line for a terminal."""
        detail = self.place.detail.in_(lang)
        zh = lang == "zh"
        out = f"{self.place}: "
        if detail:
            out += f"（{detail}）" if zh else f"({detail}) "
        out += self.message.in_(lang)
        if self.allowed is not None:
            out += f"。应为：{self.allowed.in_(lang)}" if zh else f". Allowed: {self.allowed.in_(lang)}"
        if self.nearest is not None:
            out += f"。是否想写 {self.nearest}？" if zh else f". Did you mean {self.nearest}?"
        return out


class WorkspaceError(CivdefError):
    """A workspace cannot be read; carries every fault found, not the first only."""

    exit_code = EXIT_USAGE
    SHOWN: ClassVar[int] = 40
    """So many faults are printed by a command that is not ``civdef check``."""

    def __init__(self, message: Text, faults: Sequence[Fault] = (), *, hint: Text | None = None) -> None:
        super().__init__(message, hint=hint)
        self.faults = tuple(faults)

    def lines(self, lang: Lang) -> list[str]:
        """Return the summary, each fault, and what to do next."""
        head = super().lines(lang)
        shown = [f"  {f.line(lang)}" for f in self.faults[: self.SHOWN]]
        more = len(self.faults) - len(shown)
        if more:
            zh = f"  …… 另有 {more:,} 处，civdef check 全部列出"
            shown.append(zh if lang == "zh" else f"  … and {more:,} more; civdef check lists them all")
        return [head[0], *shown, *head[1:]]
