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
    from rich.cells import cell_len
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
    headings = [c.in_(lang) if isinstance(c, Text) else c for c in columns]
    room = console.width - 3 * len(headings) - 1  # a space on either side of each, and between two
    widths = _widths([[h, *(row[k] for row in cells)] for k, h in enumerate(headings)], room)
    for k, heading in enumerate(headings):
        numbers = bool(rows) and all(isinstance(row[k], (int, float)) or row[k] is None for row in rows)
        if cell_len(heading) > widths[k]:  # a unit in brackets stays whole
            heading = heading.replace("（", "\n（", 1)
        table.add_column(heading, justify="right" if numbers else "left", overflow="fold", width=widths[k])
    for row in cells:
        table.add_row(*row)
    # Too narrow a terminal wraps the lines itself: a figure is never cut short.
    console.width = max(console.width, sum(widths) + 3 * len(headings) + 1)
    console.print(table)


def _widths(columns: Sequence[Sequence[str]], room: int) -> list[int]:
    """Return the width of each column, heading first [terminal columns].

    No word is broken; what room is left goes to the widest cells, then to the headings.
    """
    from rich.cells import cell_len

    widths = [max(_least(text) for text in texts) for texts in columns]
    cells = [max((cell_len(text) for text in texts[1:]), default=0) for texts in columns]
    whole = [max(cell_len(text) for text in texts) for texts in columns]
    for goal in (cells, whole):
        for _ in range(room - sum(widths)):
            k = max(range(len(widths)), key=lambda k: goal[k] - widths[k])
            if goal[k] <= widths[k]:
                break
            widths[k] += 1
    return widths


def _least(text: str, most: int = 32, chinese: int = 6) -> int:
    """Return the width that a text needs [terminal columns]: its longest word; Chinese breaks after three characters."""
    from rich.cells import cell_len

    return max((min(cell_len(w), most if w.isascii() else chinese) for w in text.split()), default=1)


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
