"""Reading ``maps/``: GeoJSON layers → placed nouns in WGS84 and in the metric CRS."""

from __future__ import annotations

from typing import Any

from shapely.geometry.base import BaseGeometry

from civdef.load import geojson_file
from civdef.load.cells import from_cells
from civdef.load.crs import check_crs, choose_crs
from civdef.load.reader import Reader
from civdef.load.shapes import project, to_shape
from civdef.load.tables import HAZARDS, LAYERS, SETTINGS, Layer
from civdef.load.validate import build
from civdef.model.settings import Settings
from civdef.source import Origin, Place
from civdef.text import Text

Drawn = tuple[Layer, dict[str, Any], Origin, BaseGeometry]

ELSEWHERE = (114.0, 30.0)
"""Longitude and latitude used to choose a CRS when nothing is drawn at all [degrees]."""


def read_layers(reader: Reader) -> list[Drawn]:
    """Read every layer as drawn; geometry that is unusable becomes a fault."""
    drawn: list[Drawn] = []
    for file, layer in LAYERS.items():
        drawn.extend(_layer(reader, file, layer))
    for file in reader.listing("maps/hazards", ".geojson"):
        drawn.extend(_layer(reader, file, HAZARDS))
    return drawn


def metric_crs(reader: Reader, settings: Settings | None, drawn: list[Drawn]) -> str | None:
    """Return the workspace's metric CRS: the one given if it fits, else one chosen; None after a fault."""
    given = settings.metric_crs if settings else None
    if not drawn:
        return given or choose_crs(*ELSEWHERE)
    boxes = [shape.bounds for _, _, _, shape in drawn]
    lon = (min(b[0] for b in boxes) + max(b[2] for b in boxes)) / 2
    lat = (min(b[1] for b in boxes) + max(b[3] for b in boxes)) / 2
    if given is None:
        return choose_crs(lon, lat)
    wrong = check_crs(given, lon, lat)
    if wrong is None:
        return given
    place = reader.sources.place("settings", ("metric_crs",)) or Place(SETTINGS)
    reader.fault("wrong-crs", Place(SETTINGS, place.line, place.column, field="metric_crs"), wrong)
    return None


def build_layers(reader: Reader, drawn: list[Drawn], crs: str) -> None:
    """Make nouns of everything drawn and keep them."""
    projected = project([d[3] for d in drawn], crs)
    for (layer, data, origin, shape), shape_m in zip(drawn, projected, strict=True):
        rename = {**layer.rename, "name": "name_zh"}
        noun = build(
            layer.noun, {**data, "shape": shape, "shape_m": shape_m}, origin, reader.faults, rename=rename
        )
        if noun is None:
            reader.refuse(data.get("id"))
        else:
            reader.keep(layer.attribute, noun, origin)


def _layer(reader: Reader, file: str, layer: Layer) -> list[Drawn]:
    text = reader.text_of(file, required=layer.required, most=geojson_file.MAX_BYTES)
    if text is None:
        return []
    parsed = geojson_file.parse_geojson(text, file)
    reader.faults.extend(parsed.faults)
    if parsed.crs is not None and "CRS84" not in parsed.crs and "4326" not in parsed.crs:
        reader.fault(
            "wrong-crs",
            Place(file, 1),
            Text("文件声明的坐标系是 {c}", "The file says its CRS is {c}").format(c=parsed.crs),
            Text(
                "WGS84 经纬度；请用 civdef import --crs 重新导入",
                "WGS84; bring it in again with civdef import --crs",
            ),
        )
        return []
    drawn: list[Drawn] = []
    for feature in parsed.features:
        place = Place(file, feature.line, feature=feature.index)
        shape = to_shape(feature.geometry, layer.shapes, place, reader.faults)
        if shape is None:
            reader.refuse(feature.properties.get("id"))
        else:
            drawn.append(
                (layer, from_cells(layer.noun, feature.properties, layer.rename), Origin(place), shape)
            )
    return drawn
