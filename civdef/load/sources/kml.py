"""KML and KMZ: placemarks of Google Earth, 奥维 and other map programs, always in longitude and latitude."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry.base import BaseGeometry

from civdef.errors import ImportRefusedError
from civdef.intake.raw import RawTable
from civdef.load.sources._limits import MAX_BYTES, MAX_ROWS, ZIP_FAULTS, bytes_of, unreadable
from civdef.text import Text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # noqa: TID251 - the type only; parsing is defusedxml's

SUFFIXES = (".kml", ".kmz")

_KIND = Text("KML 或 KMZ", "KML or KMZ")
_DEEPEST = 60


def read(path: Path, layer: str | None, _encoding: str | None) -> RawTable:
    """Return the placemarks, those of one folder if `layer` names it.

    Columns: ``name``, ``description``, ``folder``, and whatever the extended data hold.

    Raises
    ------
    ImportRefusedError
        If the file is damaged, has entities (as attacks do), or no folder of that name.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    data = bytes_of(path)
    if data.startswith(b"PK"):
        data = _unzipped(data, path)
    try:
        root = fromstring(data, forbid_dtd=True)
    except ParseError as error:
        line = error.position[0] if getattr(error, "position", None) else 0
        raise unreadable(
            path, Text("第 {n} 行 XML 语法错误", "XML syntax error in line {n}").format(n=line), _KIND
        ) from error
    except DefusedXmlException as error:
        raise unreadable(
            path, Text("含有实体或文档类型声明", "it declares entities or a document type"), _KIND
        ) from error
    except (ValueError, LookupError, RecursionError) as error:
        raise unreadable(path, str(error)[:120], _KIND) from error
    if _tag(root) != "kml":
        raise unreadable(path, Text("根元素不是 kml", "its root element is not kml"), _KIND)
    rows: list[dict[str, Any]] = []
    shapes: list[BaseGeometry | None] = []
    for folder, mark in _placemarks(root, ()):
        if layer is not None and layer not in folder:
            continue
        if len(rows) == MAX_ROWS:
            raise unreadable(path, Text("地标过多", "too many placemarks"), _KIND)
        rows.append(_row(mark, "/".join(folder)))
        shapes.append(_shape(mark, 0))
    if layer is not None and not rows:
        raise ImportRefusedError(
            Text("{f} 中没有文件夹 {l}", "{f} has no folder {l}").format(f=path.name, l=layer)
        )
    columns = tuple(dict.fromkeys(c for row in rows for c in row))
    return RawTable(
        path.name if layer is None else f"{path.name}:{layer}", "EPSG:4326", columns, rows, shapes
    )


def _unzipped(data: bytes, path: Path) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [n for n in archive.namelist() if n.lower().endswith(".kml")]
            if not names:
                raise unreadable(path, Text("压缩包里没有 .kml", "no .kml inside"), _KIND)
            chosen = "doc.kml" if "doc.kml" in names else min(names, key=lambda n: (n.count("/"), n))
            with archive.open(chosen) as stream:
                text = stream.read(MAX_BYTES + 1)
    except ZIP_FAULTS as error:
        raise unreadable(path, Text("压缩包已损坏", "the archive is damaged"), _KIND) from error
    if len(text) > MAX_BYTES:
        raise unreadable(path, Text("解开后过大", "too large unpacked"), _KIND)
    return text


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: Element, tag: str) -> str | None:
    for child in element:
        if _tag(child) == tag:
            return (child.text or "").strip() or None
    return None


def _placemarks(
    element: Element, folder: tuple[str, ...], depth: int = 0
) -> Iterator[tuple[tuple[str, ...], Element]]:
    if depth > _DEEPEST:
        return
    for child in element:
        tag = _tag(child)
        if tag == "Placemark":
            yield folder, child
        elif tag in ("Folder", "Document"):
            name = _text(child, "name")
            yield from _placemarks(child, (*folder, name or "") if tag == "Folder" else folder, depth + 1)


def _row(mark: Element, folder: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": _text(mark, "name"),
        "description": _text(mark, "description"),
        "folder": folder or None,
    }
    for element in mark.iter():
        if _tag(element) == "Data" and element.get("name"):
            row[str(element.get("name"))] = _text(element, "value")
        elif _tag(element) == "SimpleData" and element.get("name"):
            row[str(element.get("name"))] = (element.text or "").strip() or None
    return row


def _shape(element: Element, depth: int) -> BaseGeometry | None:
    """Return the geometry of a placemark or a part of one; None where there is none that can be used."""
    parts: list[BaseGeometry] = []
    for child in element:
        part: BaseGeometry | None = None
        tag = _tag(child)
        if tag == "Point":
            points = _coordinates(child)
            part = shapely.Point(points[0]) if points else None
        elif tag in ("LineString", "LinearRing"):
            points = _coordinates(child)
            part = shapely.LineString(points) if len(points) > 1 else None
        elif tag == "Polygon":
            part = _polygon(child)
        elif tag == "MultiGeometry" and depth < _DEEPEST:
            part = _shape(child, depth + 1)
        if part is not None:
            parts.append(part)
    if len(parts) < 2:
        return parts[0] if parts else None
    kinds = {p.geom_type for p in parts}
    if kinds == {"Polygon"}:
        return shapely.MultiPolygon(parts)
    if kinds == {"LineString"}:
        return shapely.MultiLineString(parts)
    return shapely.GeometryCollection(parts)


def _polygon(element: Element) -> BaseGeometry | None:
    outer: list[tuple[float, float]] = []
    holes = []
    for child in element:
        if _tag(child) in ("outerBoundaryIs", "innerBoundaryIs"):
            for ring in child:
                points = _coordinates(ring)
                if len(points) < 3:
                    continue
                if _tag(child) == "outerBoundaryIs":
                    outer = points
                else:
                    holes.append(points)
    return shapely.Polygon(outer, holes) if outer else None


def _coordinates(element: Element) -> list[tuple[float, float]]:
    points = []
    for item in (_text(element, "coordinates") or "").split():
        numbers = item.split(",")
        try:
            points.append((float(numbers[0]), float(numbers[1])))
        except (ValueError, IndexError):
            continue
    return points
