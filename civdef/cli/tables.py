"""Tables and progress bars for the terminal; plain ASCII where the console is not Unicode."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from civdef.text import Lang, Text, render


def print_table(
    lang: Lang,
    columns: Sequence[Text | str],
    rows: Sequence[Sequence[object]],
    *,
    title: Text | None = None,
    colour: bool | None = None,
) -> None:
    """Print a table on stdout; columns that hold only numbers are right-aligned."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    unicode = (sys.stdout.encoding or "").lower().replace("-", "") in ("utf8", "utf16")
    console = Console(
        file=sys.stdout,
        no_color=colour is False,
        highlight=False,
        emoji=False,
        markup=False,
        width=None if sys.stdout.isatty() else 120,
    )
    table = Table(
        title=title.in_(lang) if title else None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD if unicode else box.ASCII2,
        pad_edge=False,
    )
    cells = [[_cell(value, lang) for value in row] for row in rows]
    for k, column in enumerate(columns):
        numbers = bool(rows) and all(isinstance(row[k], (int, float)) or row[k] is None for row in rows)
        heading = column.in_(lang) if isinstance(column, Text) else column
        table.add_column(
            heading,
            justify="right" if numbers else "left",
            overflow="fold",
            min_width=_longest_word([heading, *(row[k] for row in cells)]),
        )
    for row in cells:
        table.add_row(*row)
    console.print(table)


def _longest_word(texts: Sequence[str], most: int = 16) -> int:
    """Return the width of the longest word [columns], so that no word need be broken; Chinese breaks anywhere."""
    from rich.cells import cell_len

    words = [w for t in texts for w in t.split() if w.isascii()]
    return min(max((cell_len(w) for w in words), default=1), most)


def _cell(value: object, lang: Lang) -> str:
    value = render(value, lang)
    if value is None:
        return "-"
    if isinstance(value, bool):
        return {("zh", True): "是", ("zh", False): "否", ("en", True): "yes", ("en", False): "no"}[
            (lang, value)
        ]
    if isinstance(value, float):
        return f"{value:,.1f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


@contextmanager
def progress_bar(
    label: str, total: float | None, *, colour: bool | None
) -> Iterator[Callable[[float], None]]:
    """Show a bar on stderr; yields a function that sets the amount done."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(file=sys.stderr, no_color=colour is False)
    spinner = "dots" if (sys.stderr.encoding or "").lower().startswith("utf") else "line"
    columns = (SpinnerColumn(spinner), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.update(task, completed=done)
