"""What a map layer is, and what it is built from.

Each file in ``render/layers`` is one layer. It declares

* ``KEY``, ``TITLE`` (:class:`~civdef.text.Text`), ``GROUP`` (a key of `GROUPS`), ``ORDER`` (drawn from low to high),
  ``DEFAULT_ON``,
* ``NEEDS``: the results it draws (``coverage``, ``evacuation``); without them it is left out,
* ``AUDIENCES``: who may see it,
* ``build(context)`` → :class:`Layer`, or None where there is nothing to draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from civdef.render.audience import Audience, guarded
from civdef.render.columns import Origin, Ring, words
from civdef.text import Lang, Text

if TYPE_CHECKING:
    from civdef.coverage.result import CoverageResult
    from civdef.evacuate.result import EvacuationResult
    from civdef.evacuate.solve import Solution
    from civdef.graph.roads import StreetNetwork
    from civdef.model.workspace import Workspace

EVERYONE = frozenset(Audience)

GROUPS: Mapping[str, Text] = {
    "evacuation": Text("疏散", "Evacuation"),
    "shelter": Text("避难与应急设施", "Shelters and emergency facilities"),
    "hazard": Text("危险区", "Hazards"),
    "town": Text("街道底图", "The street"),
}
"""Groups of the layer switch, in order."""


@dataclass(frozen=True)
class MapContext:
    """What layers are built from.

    Attributes
    ----------
    workspace, network
        The town and its street network.
    lang, audience
        Language of all text; who reads it.
    origin
        Where coordinates are counted from.
    footprints
        Ids of the hazard footprints that the map is about; the others are drawn but switched off.
    coverage, evacuation
        Results, where there are any.
    solution
        The routes behind `evacuation`, street by street.
    routes
        Whether routes are wanted.
    """

    workspace: Workspace
    network: StreetNetwork
    lang: Lang
    audience: Audience
    origin: Origin
    footprints: tuple[str, ...] = ()
    coverage: CoverageResult | None = None
    evacuation: EvacuationResult | None = None
    solution: Solution | None = None
    routes: bool = True

    def say(self, text: Text) -> str:
        """Return `text` in the map's language."""
        return text.in_(self.lang)

    def name(self, object_id: str) -> str:
        """Return the name of an object in the map's language."""
        return self.workspace.name(object_id).in_(self.lang)

    def persons(self, count: int) -> str:
        """Return a count of persons as this audience may see it."""
        return self.say(guarded(count, self.audience, self.workspace.settings.maps.public_small_count))

    def households(self, count: int) -> str | None:
        """Return a count of households; None where there are none, or too few to be told to this audience."""
        few = self.public and count < self.workspace.settings.maps.public_small_count
        return f"{count:,}" if count and not few else None

    @property
    def public(self) -> bool:
        """Whether the map is for everyone."""
        return self.audience is Audience.PUBLIC

    @cached_property
    def building_row(self) -> Mapping[str, int]:
        """Building → its row in the table of building shapes."""
        return {b: i for i, b in enumerate(self.workspace.buildings)}


@dataclass(frozen=True)
class Style:
    """How a class of features looks, and its line in the legend.

    Attributes
    ----------
    label
        Text in the legend; None: no line of its own.
    fill, stroke, casing
        Colours as ``#rrggbb`` or ``rgba(…)``.
    width, casing_width
        Line widths at map scale 1 : 1 pixel [px]; lines grow with the zoom between `width` and `width_m`.
    width_m
        True width of a street [m].
    dash
        Dash pattern [px].
    symbol
        Name of a point symbol drawn by the page; ``box-警|P`` is a box with a letter, in Chinese and English.
    hatch
        Colour of hatching.
    """

    label: Text | None = None
    fill: str | None = None
    stroke: str | None = None
    width: float = 1.0
    width_m: float = 0.0
    casing: str | None = None
    dash: tuple[int, ...] = ()
    symbol: str | None = None
    hatch: str | None = None
    min_zoom: float = 0.0

    def document(self, lang: Lang) -> dict[str, Any]:
        """Return the style as data, defaults left out."""
        found: dict[str, Any] = {
            "label": self.label.in_(lang) if self.label else None,
            "fill": self.fill,
            "stroke": self.stroke,
            "width": self.width,
            "widthM": self.width_m or None,
            "casing": self.casing,
            "dash": list(self.dash) or None,
            "symbol": _half(self.symbol, lang),
            "hatch": self.hatch,
            "minZoom": self.min_zoom or None,
        }
        return {k: v for k, v in found.items() if v is not None}


def _half(symbol: str | None, lang: Lang) -> str | None:
    """Return a symbol whose letter is written ``box-警|P`` with the letter of the language."""
    if symbol is None or "|" not in symbol:
        return symbol
    kind, _, letters = symbol.partition("-")
    return f"{kind}-{letters.split('|')[0 if lang == 'zh' else 1]}"


@dataclass(frozen=True)
class Field:
    """One line of the pop-ups of a layer: a label and a text for each feature (None: not shown)."""

    label: Text
    values: Sequence[str | None]

    def document(self, lang: Lang) -> dict[str, Any]:
        """Return the field as data; repeated strings are written once."""
        known, index = words(self.values)
        return {"label": self.label.in_(lang), "words": known, "values": index}


@dataclass(frozen=True)
class Labels:
    """Names on the map.

    Attributes
    ----------
    kind
        How they are set: ``area``, ``water``, ``shelter``, ``line``, ``small``.
    rows
        Features that get one.
    min_zoom
        Zoom from which they are drawn.
    priority
        Lower ones take their room first.
    along, texts
        Lines to run along, and the text of each (kind ``line``).
    at
        Where each stands; empty: the middle of its feature.
    """

    kind: str
    rows: Sequence[int]
    min_zoom: float
    priority: int
    along: Sequence[list[Ring]] = ()
    texts: Sequence[str] = ()
    at: Sequence[Ring] = ()

    def document(self) -> dict[str, Any]:
        """Return the labels as data."""
        return {
            "kind": self.kind,
            "rows": list(self.rows),
            "minZoom": self.min_zoom,
            "priority": self.priority,
            "along": list(self.along),
            "texts": list(self.texts),
            "at": list(self.at),
        }


@dataclass(frozen=True)
class Layer:
    """A layer ready for the page: shapes, styles, names and pop-ups in columns.

    Attributes
    ----------
    shape
        ``polygon``, ``line`` or ``point``.
    shapes
        Rings of each feature; empty where `table` names shapes that another layer brought.
    table
        Name under which shapes are shared; layers of the same table share their pop-up.
    rows
        Rows of the table that this layer draws; None: all.
    style
        Index into `styles` for each feature.
    names
        Heading of the pop-up of each feature.
    pick
        Order in which a click is offered to layers, lower first; None: not clickable.
    search
        Whether names can be searched for.
    note
        Remark under the layer's name in the legend.
    extra
        Further data that the page's script knows by name.
    tables, paths
        Further shapes, and the tree of routes, for the whole page.
    """

    shape: str
    styles: Sequence[Style]
    style: Sequence[int]
    table: str
    shapes: Sequence[list[Ring]] = ()
    rows: Sequence[int] | None = None
    names: Sequence[str] = ()
    fields: Sequence[Field] = ()
    labels: Sequence[Labels] = ()
    pick: int | None = None
    search: bool = False
    note: Text | None = None
    on: bool | None = None
    kind: Text | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, Sequence[list[Ring]]] = field(default_factory=dict)
    paths: Mapping[str, Sequence[int]] | None = None

    def document(self, lang: Lang) -> dict[str, Any]:
        """Return the layer as data."""
        return {
            "shape": self.shape,
            "table": self.table,
            "rows": list(self.rows) if self.rows is not None else None,
            "styles": [s.document(lang) for s in self.styles],
            "style": list(self.style),
            "names": list(self.names),
            "fields": [f.document(lang) for f in self.fields if any(v is not None for v in f.values)],
            "labels": [group.document() for group in self.labels],
            "pick": self.pick,
            "search": self.search,
            "note": self.note.in_(lang) if self.note else None,
            "kind": self.kind.in_(lang) if self.kind else None,
            "extra": dict(self.extra),
        }


def used(styles: Mapping[str, Style], keys: Iterable[str]) -> tuple[list[Style], list[int]]:
    """Return the styles that occur, in declared order, and each feature's index into them."""
    wanted = list(keys)
    present = [k for k in styles if k in set(wanted)]
    at = {k: i for i, k in enumerate(present)}
    return [styles[k] for k in present], [at[k] for k in wanted]
