"""Cells of a table, or properties of a feature → fields of a noun."""

from __future__ import annotations

import typing
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from civdef.load import csv_file
from civdef.load.reader import LOOSE, Reader
from civdef.load.tables import TABLES
from civdef.load.validate import build
from civdef.model.base import Name, Noun
from civdef.source import Origin, Place
from civdef.text import Text, nearest


def read_tables(reader: Reader, but: Collection[str] = ()) -> None:
    """Read every CSV table, other than the files `but`, and keep its rows as nouns."""
    for file, table in TABLES.items():
        if file in but:
            continue
        data = reader.bytes_of(file, required=False, most=csv_file.MAX_BYTES)
        if data is None:
            continue
        parsed = csv_file.parse_csv(data, file)
        reader.faults.extend(parsed.faults)
        known = columns(table.noun)
        for column in parsed.columns:
            if column and column not in known:
                reader.fault(
                    "extra-forbidden",
                    Place(file, parsed.header_line, field=column),
                    Text("不认识的列 {c}", "Unknown column {c}").format(c=column),
                    Text("、".join(known), ", ".join(known)),
                    nearest(column, known),
                )
        for row in parsed.rows:
            origin = Origin(Place(file, row.line, row=row.number))
            cells = from_cells(table.noun, {c: v for c, v in row.cells.items() if c in known}, {})
            noun = build(table.noun, cells, origin, reader.faults, rename={"name": "name_zh"})
            if noun is None:
                reader.refuse(cells.get("id"))
                continue
            if table.attribute in LOOSE:
                reader.keep_loose(table.attribute, noun, origin)
            else:
                reader.keep(table.attribute, noun, origin)


def from_cells(noun: type[Noun], cells: Mapping[str, Any], rename: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a noun from table cells or GeoJSON properties.

    Empty cells and nulls are left out; ``name_zh`` and ``name_en`` become a name (so for every field that is a
    name); lists may be written ``a;b;c``; `rename` maps fields of the model to other names in the file. A column
    that the noun does not know is kept, so that validation refuses it by name.
    """
    data: dict[str, Any] = {}
    back = {v: k for k, v in rename.items()}
    names, lists = _name_fields(noun), _list_fields(noun)
    for column, value in cells.items():
        if value is None or value == "":
            continue
        stem, _, lang = column.rpartition("_")
        if stem in names and lang in ("zh", "en"):
            data.setdefault(stem, {})[lang] = value
            continue
        key = back.get(column, column)
        listed = key in lists and isinstance(value, str)
        data[key] = [v.strip() for v in value.split(";") if v.strip()] if listed else value
    return data


@cache
def columns(noun: type[Noun]) -> tuple[str, ...]:
    """Return the columns that a table of `noun` may have."""
    names = _name_fields(noun)
    return tuple(c for n in noun.model_fields for c in ((f"{n}_zh", f"{n}_en") if n in names else (n,)))


@cache
def _list_fields(noun: type[Noun]) -> frozenset[str]:
    return frozenset(n for n, f in noun.model_fields.items() if typing.get_origin(f.annotation) is tuple)


@cache
def _name_fields(noun: type[Noun]) -> frozenset[str]:
    return frozenset(
        n for n, f in noun.model_fields.items() if Name in (f.annotation, *typing.get_args(f.annotation))
    )
