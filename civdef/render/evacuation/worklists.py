"""Work lists as sheets of a workbook and as tables of a page."""

from __future__ import annotations

from collections.abc import Sequence

from civdef.errors import UsageError
from civdef.evacuate.worklist import WorkList
from civdef.render.audience import Audience
from civdef.render.blocks import Table
from civdef.render.evacuation.sheets import Column, Sheet, cells
from civdef.text import Lang, Text, render

_WIDEST, _NARROWEST, _TICK_WIDTH = 34.0, 7.0, 9.0


def table_of(one: WorkList, lang: Lang, tick: Text | None = None) -> Table:
    """Return a list as a table, with a column to tick off if it is worked through."""
    head, room = tuple(c.in_(lang) for c in one.columns), ("",) if tick else ()
    if tick:
        head = (*head, tick.in_(lang))
    rows = [(*(_text(v, lang) for v in row), *room) for row in one.rows]
    return Table(head, rows, numbers=one.numbers, fill=tick is not None)


def sheet_of(one: WorkList, title: Text, said: Sequence[Text], tick: Text | None, lang: Lang) -> Sheet:
    """Return a list as a sheet of a workbook.

    Parameters
    ----------
    one
        The list; its title names the sheet.
    title, said
        Printed on top and under it.
    tick
        Heading of a column to tick off; None: none.
    lang
        Language.
    """
    rows: list[list[str | int | float | None]] = [
        [*(_cell(v, k in one.numbers, lang) for k, v in enumerate(row)), *([""] if tick else [])]
        for row in one.rows
    ]
    columns = [
        Column(
            name.in_(lang),
            _width([name.in_(lang), *(_text(row[k], lang) for row in rows)]),
            number=k in one.numbers,
            centred=k in one.numbers or _short(rows, k),
        )
        for k, name in enumerate(one.columns)
    ]
    if tick:
        columns.append(Column(tick.in_(lang), _TICK_WIDTH))
    return Sheet(one.title.in_(lang), title.in_(lang), [t.in_(lang) for t in said], columns, rows)


def refuse_public(audience: Audience, said: Text) -> None:
    """Refuse to make lists for the public that hold what is not for it.

    Raises
    ------
    UsageError
        For the public, saying `said`.
    """
    if audience is Audience.PUBLIC:
        raise UsageError(
            said, hint=Text("改用 --audience team 或 command。", "Use --audience team or command.")
        )


def count(number: int, one: str, more: str | None = None) -> str:
    """Return a number and its English noun, singular or plural."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def _width(texts: Sequence[str]) -> float:
    return min(max(_NARROWEST, *(cells(t) + 3.0 for t in texts)), _WIDEST)


def _short(rows: Sequence[Sequence[object]], column: int) -> bool:
    """Return whether a column holds times and numbers only, which stand in the middle."""
    return all(str(row[column]).replace(":", "").isdigit() for row in rows)


def _cell(value: object, number: bool, lang: Lang) -> str | int | float | None:
    if number and (value is None or isinstance(value, (int, float))):
        return value
    return _text(value, lang)


def _text(value: object, lang: Lang) -> str:
    if isinstance(value, (int, float)):
        return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    return "" if value is None else str(render(value, lang))
